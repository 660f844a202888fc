import { row, type Sql } from './connect.ts';

/**
 * What time it is by MySQL's clock, the one that all processes share. What comes due by time asks this: the clock of one
 * process may be an hour wrong.
 */
export async function readClock(sql: Sql): Promise<Date> {
  const found = await row<{ now: Date }>(sql, 'SELECT NOW(3) AS now');
  if (found === undefined) throw new Error('MySQL has no time');
  return found.now;
}
