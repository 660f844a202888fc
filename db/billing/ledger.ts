import { placeholders, row, rows, run, type Sql } from '../connect.ts';

/** What an account was charged and paid since then, in pennies by kind of entry; newest first, so what is older is not read. */
export async function sumLedger(
  sql: Sql,
  { personId, since }: { personId: number; since: Date },
  page = ENTRIES_AT_ONCE,
): Promise<Record<string, number>> {
  const sums = new Map<string, { place: number; sum: number }>();
  for (let before = MAX_ID; before > 0; ) {
    // Entries come in the order of time, but for what clocks of processes differ by.
    const found = await rows<{
      kind: string;
      place: number;
      sum: number;
      since: number;
      entries: number;
      first: number;
      oldest: Date;
    }>(
      sql,
      `SELECT l.kind, MIN(l.kind + 0) AS place, SUM(IF(l.created_at >= ?, l.amount, 0)) AS sum, SUM(l.created_at >= ?) AS since, COUNT(*) AS entries,
         MIN(l.id) AS first, MIN(l.created_at) AS oldest FROM (
         SELECT l.id, l.kind, l.amount, l.created_at FROM accounts a JOIN ledger l ON l.account_id = a.id
         WHERE a.person_id = ? AND l.id < ? ORDER BY l.id DESC LIMIT ?) l
       GROUP BY l.kind`,
      [since, since, personId, before, page],
    );
    for (const { kind, place, sum, since: recent } of found)
      if (recent > 0) sums.set(kind, { place, sum: (sums.get(kind)?.sum ?? 0) + sum });
    const isLast = found.reduce((all, { entries }) => all + entries, 0) < page;
    const isOver = isLast || found.some(({ oldest }) => oldest.getTime() < since.getTime() - CLOCKS_DIFFER_MS);
    before = isOver ? 0 : Math.min(...found.map(({ first }) => first));
  }
  const inOrder = [...sums].sort(([, a], [, b]) => a.place - b.place);
  return Object.fromEntries(inOrder.map(([kind, { sum }]) => [kind, sum]));
}
const ENTRIES_AT_ONCE = 10_000;
const CLOCKS_DIFFER_MS = 24 * 3_600_000;
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** An account as it stands, and as its ledger adds up: `ledger` is the sum, `uptoId` the last row in it. */
export type Checked = {
  accountId: number;
  balance: number;
  reserved: number;
  ledger: number;
  uptoId: number;
  wasOff: boolean;
};

/** The next accounts by id, and what their ledgers add up to; of the rows, only those after the last check are read. */
export async function addUpLedgers(
  sql: Sql,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<Checked[]> {
  const known = await rows<{ accountId: number; uptoId: number; total: number; wasOff: number }>(
    sql,
    `SELECT a.id AS accountId, COALESCE(c.upto_id, 0) AS uptoId, COALESCE(c.total, 0) AS total, c.off_since IS NOT NULL AS wasOff
     FROM accounts a LEFT JOIN ledger_checks c ON c.account_id = a.id WHERE a.id > ? ORDER BY a.id LIMIT ?`,
    [afterId, limit],
  );
  if (known.length === 0) return [];
  // One statement sees one moment. An account's entries are written under the lock of its row, so they become visible
  // in the order of their ids, and what is up to the last one is complete.
  const found = await rows<Standing>(
    sql,
    `SELECT a.id AS accountId, a.balance, a.reserved, l.more, l.uptoId FROM accounts a LEFT JOIN (
       SELECT account_id, SUM(amount) AS more, MAX(id) AS uptoId FROM ledger
       WHERE ${known.map(() => '(account_id = ? AND id > ?)').join(' OR ')} GROUP BY account_id
     ) l ON l.account_id = a.id WHERE a.id IN (?)`,
    [...known.flatMap(({ accountId, uptoId }) => [accountId, uptoId]), known.map(({ accountId }) => accountId)],
  );
  const now = new Map(found.map((one) => [one.accountId, one]));
  return known.flatMap(({ accountId, uptoId, total, wasOff }) => {
    const seen = now.get(accountId);
    if (seen === undefined) return [];
    const ledger = total + (seen.more ?? 0);
    const { balance, reserved } = seen;
    return [{ accountId, balance, reserved, ledger, uptoId: seen.uptoId ?? uptoId, wasOff: wasOff === 1 }];
  });
}
type Standing = Pick<Checked, 'accountId' | 'balance' | 'reserved'> & { more: number | null; uptoId: number | null };

/** Notes how far these accounts were added up, and since when they are off. */
export async function noteChecks(sql: Sql, checks: readonly Checked[], now: Date): Promise<void> {
  if (checks.length === 0) return;
  await run(
    sql,
    `INSERT INTO ledger_checks (account_id, upto_id, total, off_since) VALUES ${placeholders(checks.length, 4)}
     ON DUPLICATE KEY UPDATE upto_id = VALUES(upto_id), total = VALUES(total),
       off_since = IF(VALUES(off_since) IS NULL, NULL, COALESCE(off_since, VALUES(off_since)))`,
    checks.flatMap(({ accountId, uptoId, ledger, balance }) => [
      accountId,
      uptoId,
      ledger,
      balance === ledger ? null : now,
    ]),
  );
}

/** Accounts that were off when they were last looked at. */
export async function countAccountsOff(sql: Sql): Promise<number> {
  const found = await row<{ count: number }>(
    sql,
    'SELECT COUNT(*) AS count FROM ledger_checks WHERE off_since IS NOT NULL',
  );
  return found?.count ?? 0;
}
