import { row, run, type Sql } from './connect.ts';

/** What a call with this name was answered; undefined where there was none in the last day. An older one is dropped. */
export async function findCall(sql: Sql, token: Buffer): Promise<string | undefined> {
  const found = await row<{ answer: string | null; isOld: number }>(
    sql,
    'SELECT answer, created_at < NOW(3) - INTERVAL 1 DAY AS isOld FROM done_calls WHERE token = ?',
    [token],
  );
  if (found?.isOld !== 1) return found?.answer ?? undefined;
  await run(sql, 'DELETE FROM done_calls WHERE token = ? AND created_at < NOW(3) - INTERVAL 1 DAY', [token]);
  return undefined;
}

/** Drops what tells of calls a day ago: their outcome is long known. By MySQL's clock, which wrote it. */
export async function purgeCalls(sql: Sql): Promise<void> {
  await run(sql, 'DELETE FROM done_calls WHERE created_at < NOW(3) - INTERVAL 1 DAY ORDER BY created_at LIMIT 20000');
}
