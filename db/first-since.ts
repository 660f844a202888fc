import { row, type Sql } from './connect.ts';

/** Tables whose ids go by time, with the column of that time, which no index has. */
const TIMES = { messages: 'accepted_at', ledger: 'created_at', consents: 'at' } as const;

/**
 * The id from which on rows of a table are of that time or later, found by halves; one past the last where there is none.
 * Where clocks of processes differ, so do ids and times.
 */
export async function firstIdSince(sql: Sql, table: keyof typeof TIMES, since: Date): Promise<number> {
  const ends = await row<{ low: number | null; high: number | null }>(
    sql,
    `SELECT MIN(id) AS low, MAX(id) + 1 AS high FROM ${table}`,
  );
  let low = ends?.low ?? 1;
  let high = ends?.high ?? 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = await row<{ id: number; time: Date }>(
      sql,
      `SELECT id, ${TIMES[table]} AS time FROM ${table} WHERE id >= ? ORDER BY id LIMIT 1`,
      [middle],
    );
    if (next !== undefined && next.time < since) low = next.id + 1;
    else high = middle;
  }
  return low;
}
