import { row, type Sql } from '../connect.ts';
import { firstIdSince } from '../first-since.ts';

/** Pennies that owners paid for texts since then, less refunds; `isAll` is false where there was more than is looked at. */
export async function readSpendSince(sql: Sql, since: Date): Promise<{ pennies: number; isAll: boolean }> {
  const found = await row<{ pennies: number | null; entries: number }>(
    sql,
    `SELECT -SUM(IF(contra = 'revenue' AND created_at >= ?, amount, 0)) AS pennies, COUNT(*) AS entries
     FROM (SELECT contra, amount, created_at FROM ledger WHERE id >= ? LIMIT ${LOOKED_AT}) newest`,
    [since, await firstIdSince(sql, 'ledger', new Date(since.getTime() - CLOCKS_MS))],
  );
  return { pennies: Number(found?.pennies ?? 0), isAll: (found?.entries ?? 0) < LOOKED_AT };
}

const LOOKED_AT = 200_000;
/** Clocks of processes differ, so ids are only nearly in the order of times. */
const CLOCKS_MS = 60_000;
