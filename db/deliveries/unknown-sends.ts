import { row, type Sql } from '../connect.ts';

/** Sends of which nobody knows yet whether the carrier has them: how many, and since when the oldest waits; of the next `limit` that are due. */
export async function countUnknown(sql: Sql, limit: number): Promise<{ unknown: number; oldest: Date | null }> {
  const found = await row<{ unknown: number; oldest: Date | null }>(
    sql,
    `SELECT COUNT(*) AS \`unknown\`, MIN(created_at) AS oldest
     FROM (SELECT state, created_at FROM deliveries WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ?) next WHERE state = 'unknown'`,
    [limit],
  );
  return found ?? { unknown: 0, oldest: null };
}
