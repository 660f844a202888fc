import { type Budget, budgetWindows, type Taken } from '../../engine/rules/budgets.ts';
import { row, rows, run, type Sql } from '../connect.ts';
import { HELD, WAITING } from '../deliveries/pending-messages.ts';

const IS_PROVEN = '(p.logged_in_at IS NOT NULL OR EXISTS (SELECT 1 FROM inbound_texts i WHERE i.phone = p.phone))';

/** The phones of these people, and whether each has texted one of our numbers or logged in. */
export async function findProofs(
  sql: Sql,
  personIds: readonly number[],
): Promise<{ personId: number; phone: string; isProven: number }[]> {
  if (personIds.length === 0) return [];
  return rows(sql, `SELECT p.id AS personId, p.phone, ${IS_PROVEN} AS isProven FROM people p WHERE p.id IN (?)`, [
    personIds,
  ]);
}

/**
 * Waits until nobody else is between counting and writing; then nothing is counted twice. Until the transaction ends. The row
 * is made where it is missing: a lock on nothing would keep nobody out.
 */
export async function lockBudgets(sql: Sql): Promise<void> {
  await run(sql, 'INSERT INTO budget_locks (id) VALUES (1) ON DUPLICATE KEY UPDATE id = 1');
}

/** The column that tells the subject of a budget; `hour` counts all. */
const columns = {
  phone: 'person_id',
  phoneMonth: 'person_id',
  address: 'address',
  network: 'network',
  member: 'member_id',
  prefix: 'prefix',
  hour: null,
} as const satisfies Record<Budget, string | null>;

export type CountedBudget = Taken & { budget: Budget; subject: string };

/** What was taken from these budgets within their time. */
export async function countFirstTexts(
  sql: Sql,
  budgets: readonly { budget: Budget; subjects: readonly string[] }[],
  now: Date,
): Promise<CountedBudget[]> {
  if (budgets.length === 0) return [];
  const found = await rows<{ budget: Budget; subject: string; count: number; oldest: Date }>(
    sql,
    budgets.map(({ budget }) => countSql(budget)).join(' UNION ALL '),
    budgets.flatMap(({ budget, subjects }) => {
      const since = new Date(now.getTime() - budgetWindows[budget]);
      return columns[budget] === null ? [since] : [subjects, since];
    }),
  );
  return found.map(({ oldest, ...counted }) => ({ ...counted, oldest: oldest.getTime() }));
}

function countSql(budget: Budget): string {
  const column = columns[budget];
  const [subject, which, group] =
    column === null
      ? ["'all'", '', 'HAVING COUNT(*) > 0']
      : [`CAST(${column} AS CHAR)`, `${column} IN (?) AND `, `GROUP BY ${column}`];
  return `(SELECT '${budget}' AS budget, ${subject} AS subject, COUNT(*) AS count, MIN(counted_at) AS oldest
    FROM first_texts WHERE ${which}counted_at > ? ${group})`;
}

export type NewFirstText = {
  messageId: number;
  personId: number;
  prefix: string;
  memberId: number | null;
  address: string | null;
  network: string | null;
  /** It counts, whether or not the phone is proven. */
  unasked: boolean;
  /** Null: it goes out, and counts; else it waits, and is looked at again then. */
  retryAt: Date | null;
};

export async function insertFirstTexts(sql: Sql, texts: readonly NewFirstText[], now: Date): Promise<void> {
  if (texts.length === 0) return;
  await run(
    sql,
    `INSERT INTO first_texts (message_id, person_id, prefix, member_id, address, network, unasked, caused_at, counted_at, retry_at) VALUES ?`,
    [
      texts.map((one) => [
        one.messageId,
        one.personId,
        one.prefix,
        one.memberId,
        one.address,
        one.network,
        one.unasked ? 1 : 0,
        now,
        one.retryAt === null ? now : null,
        one.retryAt,
      ]),
    ],
  );
}

export type HeldText = Omit<NewFirstText, 'retryAt' | 'unasked'> & { isFree: number; isTrial: number };

/** The first texts whose turn to be looked at has come, locked until the transaction ends. */
export async function lockHeld(sql: Sql, { now, limit }: { now: Date; limit: number }): Promise<HeldText[]> {
  const ids = await rows<{ id: number }>(
    sql,
    'SELECT id FROM first_texts WHERE retry_at <= ? ORDER BY retry_at, id LIMIT ? FOR UPDATE SKIP LOCKED',
    [now, limit],
  );
  if (ids.length === 0) return [];
  return rows(
    sql,
    `SELECT f.message_id AS messageId, f.person_id AS personId, f.prefix, f.member_id AS memberId, f.address, f.network,
       (f.unasked = 0 AND ${IS_PROVEN}) AS isFree,
       (a.type IS NULL OR a.type = 'T') AS isTrial
     FROM first_texts f JOIN people p ON p.id = f.person_id LEFT JOIN accounts a ON a.person_id = f.member_id
     WHERE f.id IN (?) ORDER BY f.id`,
    [ids.map(({ id }) => id)],
  );
}

/** These go out: they count from now on, and wait for nothing but a slot. */
export async function releaseHeld(sql: Sql, messageIds: readonly number[], now: Date): Promise<void> {
  if (messageIds.length === 0) return;
  await run(sql, 'UPDATE first_texts SET counted_at = ?, retry_at = NULL WHERE message_id IN (?)', [now, messageIds]);
  await letGo(sql, messageIds);
}

/** Those of these messages that waited for a budget wait for a slot. */
export async function letGo(sql: Sql, messageIds: readonly number[]): Promise<void> {
  if (messageIds.length === 0) return;
  await run(sql, `UPDATE messages SET pending = ${WAITING} WHERE id IN (?) AND pending = ${HELD}`, [messageIds]);
}

export async function holdOn(sql: Sql, { messageId, retryAt }: { messageId: number; retryAt: Date }): Promise<void> {
  await run(sql, 'UPDATE first_texts SET retry_at = ? WHERE message_id = ?', [retryAt, messageId]);
}

/** Drops what no budget counts any more. */
export async function purgeFirstTexts(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM first_texts WHERE counted_at < ? LIMIT 500', [before]);
}

/** First texts that were counted since then, over everybody; not looked further than `limit`. */
export async function countAllSince(sql: Sql, { since, limit }: { since: Date; limit: number }): Promise<number> {
  const found = await row<{ count: number }>(
    sql,
    'SELECT COUNT(*) AS count FROM (SELECT 1 FROM first_texts WHERE counted_at > ? LIMIT ?) counted',
    [since, limit],
  );
  return found?.count ?? 0;
}
