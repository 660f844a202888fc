import type { CarrierName } from '../../engine/rules/carriers.ts';
import { classOf, type NumberClass } from '../../engine/rules/number-class.ts';
import type { NumberPair } from '../../engine/rules/numbers.ts';
import { type Db, onOneConnection, placeholders, row, rows, run, type Sql } from '../connect.ts';
import { LAPSED } from './groups.ts';

/** A phone number of ours. */
export type OurNumber = {
  id: number;
  phone: string;
  kind: 'pool' | 'service' | 'ordered' | 'released';
  carrier: CarrierName;
};

/** `campaign`: where its carrier has it registered, if it has to be. */
type NewNumber = Omit<OurNumber, 'id'> & { campaign: string | null };

/** Adds the numbers of the settings that the table does not have yet, and moves those that are at another carrier now. */
export async function addNumbers(
  sql: Sql,
  { numbers, now }: { numbers: readonly NewNumber[]; now: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO numbers (phone, kind, carrier, class, campaign, created_at) VALUES ${placeholders(numbers.length, 6)}
     ON DUPLICATE KEY UPDATE carrier = VALUES(carrier)`,
    numbers.flatMap(({ phone, kind, carrier, campaign }) => [phone, kind, carrier, classOf(phone), campaign, now]),
  );
}

/** The number (of the settings) from which PINs and account texts come. */
export async function findNumber(sql: Sql, phone: string): Promise<OurNumber | undefined> {
  return row(sql, 'SELECT id, phone, kind, carrier FROM numbers WHERE phone = ?', [phone]);
}

/** Those too that were given back: what went through them is reported on for a while. */
export async function allNumbers(sql: Sql): Promise<(OurNumber & { class: NumberClass; campaign: string | null })[]> {
  return rows(sql, 'SELECT id, phone, kind, carrier, class, campaign FROM numbers');
}

/** Those of the phones that are numbers of ours. */
export async function ourNumbersAmong(sql: Sql, phones: readonly string[]): Promise<Set<string>> {
  const found = await rows<OurNumber>(sql, "SELECT id, phone FROM numbers WHERE phone IN (?) AND kind <> 'released'", [
    phones,
  ]);
  return new Set(found.map((number) => number.phone));
}

/** A number of the pool that new memberships may get, and that does not rest. */
export async function findServing(sql: Sql, phone: string): Promise<OurNumber | undefined> {
  return row(
    sql,
    "SELECT id, phone, kind, carrier FROM numbers WHERE phone = ? AND kind = 'pool' AND retired_at IS NULL AND COALESCE(rests_until <= NOW(3), 1)",
    [phone],
  );
}

/** How many numbers the pool has. */
export async function poolSize(sql: Sql): Promise<number> {
  const found = await row<{ size: number }>(
    sql,
    "SELECT COUNT(*) AS size FROM numbers WHERE kind = 'pool' AND retired_at IS NULL",
  );
  return found?.size ?? 0;
}

/** Keeps a number that was just ordered; it is handed out once it is ready. */
export async function insertOrdered(
  sql: Sql,
  { phone, carrier, campaign, now }: Omit<NewNumber, 'kind'> & { now: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO numbers (phone, kind, carrier, class, campaign, ordered_at, created_at) VALUES (?, 'ordered', ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE kind = 'ordered', retired_at = NULL, carrier = VALUES(carrier), class = VALUES(class),
       campaign = VALUES(campaign), ordered_at = VALUES(ordered_at)`,
    [phone, carrier, classOf(phone), campaign, now, now],
  );
}

/** A number that was given back once is one of the pool again. */
export async function reinstate(
  sql: Sql,
  { phone, carrier, campaign }: Pick<NewNumber, 'phone' | 'carrier' | 'campaign'>,
): Promise<void> {
  await run(
    sql,
    "UPDATE numbers SET kind = 'pool', retired_at = NULL, carrier = ?, campaign = ? WHERE phone = ? AND kind = 'released'",
    [carrier, campaign, phone],
  );
}

/** The numbers that were ordered and are not ready. */
export async function findOrdered(sql: Sql): Promise<OurNumber[]> {
  return rows(sql, "SELECT id, phone, kind, carrier FROM numbers WHERE kind = 'ordered' AND retired_at IS NULL");
}

/** From now on the number is handed out. */
export async function addToPool(sql: Sql, phone: string): Promise<void> {
  await run(sql, "UPDATE numbers SET kind = 'pool' WHERE phone = ? AND kind = 'ordered'", [phone]);
}

/** How many numbers were ordered since then. */
export async function countOrderedSince(sql: Sql, since: Date): Promise<number> {
  const found = await row<{ count: number }>(sql, 'SELECT COUNT(*) AS count FROM numbers WHERE ordered_at > ?', [
    since,
  ]);
  return found?.count ?? 0;
}

/**
 * Does `work` while no other process does the like; waits a second for it. False where somebody else is at it still.
 */
export async function aloneInBuying(db: Db, work: () => Promise<void>): Promise<boolean> {
  return onOneConnection(db, async (tx) => {
    const lock = await row<{ held: number | null }>(tx, "SELECT GET_LOCK(CONCAT(DATABASE(), '.buy'), 1) AS held");
    if (lock?.held !== 1) return false;
    try {
      await work();
      return true;
    } finally {
      await row(tx, "SELECT RELEASE_LOCK(CONCAT(DATABASE(), '.buy'))");
    }
  });
}

/**
 * The pairs of these people and our numbers that are taken, or were freed after `restSince`. One that the carrier blocks
 * counts as freed by no group lately: a number from which they get no text serves them only where nothing else is free.
 * `left`: the member went before `restSince`, and does not own the group. `lapsed`: the group was staged for
 * longer than `stagedFor` seconds, and nobody turned it on.
 */
export async function pairsOf(
  sql: Sql,
  { personIds, restSince, stagedFor }: { personIds: readonly number[]; restSince: Date; stagedFor: number },
): Promise<NumberPair[]> {
  return rows(
    sql,
    `SELECT m.person_id AS personId, m.number_id AS numberId, m.group_id AS groupId,
       CASE WHEN m.live IS NULL THEN 'resting' WHEN ${LAPSED} THEN 'lapsed'
         WHEN m.left_at <= ? AND g.owner_id <> m.person_id THEN 'left' ELSE 'taken' END AS state
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id
     WHERE m.person_id IN (?) AND (m.live = 1 OR m.ended_at > ?)
     UNION ALL SELECT person_id, number_id, 0, 'resting' FROM pair_blocks WHERE person_id IN (?)
     UNION ALL SELECT b.person_id, n.id, 0, 'resting' FROM campaign_blocks b
       JOIN numbers n ON n.class <> 'tollfree' AND COALESCE(n.campaign, '') = b.campaign WHERE b.person_id IN (?)`,
    [stagedFor, restSince, personIds, restSince, personIds, personIds],
  );
}
