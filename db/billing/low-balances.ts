import { rows, run, type Sql } from '../connect.ts';

/** An account with less than a fifth of what its last payment made of it, whose owner has not been told. */
export type LowBalance = { accountId: number; personId: number; type: 'T' | 'P'; balance: number };

export async function findLowBalances(sql: Sql, limit: number): Promise<LowBalance[]> {
  return rows(
    sql,
    `SELECT id AS accountId, person_id AS personId, type, balance FROM accounts
     WHERE is_low = 1 AND type <> 'F' ORDER BY id LIMIT ?`,
    [limit],
  );
}

/** Returns true to one caller, which tells the owner; the next time is after a payment. */
export async function takeLowBalance(sql: Sql, accountId: number): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE accounts SET times_low = times_low + 1, low_at = NULL WHERE id = ? AND is_low = 1',
    [accountId],
  );
  return affected === 1;
}
