import { placeholders, row, rows, run, type Sql } from '../connect.ts';

/** What an account was charged and paid since then, in pennies by kind of entry. */
export async function sumLedger(
  sql: Sql,
  { personId, since }: { personId: number; since: Date },
): Promise<Record<string, number>> {
  const found = await rows<{ kind: string; sum: number }>(
    sql,
    `SELECT l.kind, SUM(l.amount) AS sum FROM accounts a JOIN ledger l ON l.account_id = a.id
     WHERE a.person_id = ? AND l.created_at >= ? GROUP BY l.kind ORDER BY l.kind`,
    [personId, since],
  );
  return Object.fromEntries(found.map(({ kind, sum }) => [kind, sum]));
}

/** An account as it stands, and as its ledger adds up: `ledger` is the sum, `uptoId` the last row in it. */
export type Checked = { accountId: number; balance: number; ledger: number; uptoId: number; wasOff: boolean };

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
  const found = await rows<{ accountId: number; balance: number; more: number | null; uptoId: number | null }>(
    sql,
    `SELECT a.id AS accountId, a.balance, l.more, l.uptoId FROM accounts a LEFT JOIN (
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
    return [{ accountId, balance: seen.balance, ledger, uptoId: seen.uptoId ?? uptoId, wasOff: wasOff === 1 }];
  });
}

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
