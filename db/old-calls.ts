import { run, type Sql } from './connect.ts';

/** Drops what tells of calls a day ago: their outcome is long known. By MySQL's clock, which wrote it. */
export async function purgeCalls(sql: Sql): Promise<void> {
  await run(sql, 'DELETE FROM done_calls WHERE created_at < NOW(3) - INTERVAL 1 DAY ORDER BY created_at LIMIT 20000');
}
