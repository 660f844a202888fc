import { row, type Sql } from '../connect.ts';

/** Pennies that owners paid for texts since then, less refunds; `isAll` is false where there was more than is looked at. */
export async function readSpendSince(sql: Sql, since: Date): Promise<{ pennies: number; isAll: boolean }> {
  const found = await row<{ pennies: number | null; entries: number }>(
    sql,
    `SELECT -SUM(IF(contra = 'revenue' AND created_at >= ?, amount, 0)) AS pennies, COUNT(*) AS entries
     FROM (SELECT contra, amount, created_at FROM ledger WHERE id >= ? LIMIT ${LOOKED_AT}) newest`,
    [since, await firstEntrySince(sql, since)],
  );
  return { pennies: Number(found?.pennies ?? 0), isAll: (found?.entries ?? 0) < LOOKED_AT };
}

const LOOKED_AT = 200_000;
/** Clocks of processes differ, so ids are only nearly in the order of times. */
const CLOCKS_MS = 60_000;

/** Found by halves: no index has the time. */
async function firstEntrySince(sql: Sql, since: Date): Promise<number> {
  const at = new Date(since.getTime() - CLOCKS_MS);
  const ends = await row<{ low: number | null; high: number | null }>(
    sql,
    'SELECT MIN(id) AS low, MAX(id) + 1 AS high FROM ledger',
  );
  let low = ends?.low ?? 0;
  let high = ends?.high ?? 0;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = await row<{ createdAt: Date }>(
      sql,
      'SELECT created_at AS createdAt FROM ledger WHERE id >= ? ORDER BY id LIMIT 1',
      [middle],
    );
    if (next !== undefined && next.createdAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
