import { rows, type Sql } from '../connect.ts';

/** One entry of the ledger, in pennies. */
export type LedgerEntry = { at: Date; kind: string; amount: number; note: string | null };

/** The oldest first; after entry `afterId`, `limit` at most. */
export async function listEntries(
  sql: Sql,
  { accountId, afterId, limit }: { accountId: number; afterId: number; limit: number },
): Promise<(LedgerEntry & { id: number })[]> {
  return rows(
    sql,
    'SELECT id, created_at AS at, kind, amount, note FROM ledger WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?',
    [accountId, afterId, limit],
  );
}
