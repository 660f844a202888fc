import { row, run, type Sql } from './connect.ts';

/** The name of the system that this database is of. The first who asks gives it the one that they bring. */
export async function takeSystemName(sql: Sql, name: string): Promise<string> {
  await run(sql, 'INSERT IGNORE INTO system_names (id, name) VALUES (1, ?)', [name]);
  const found = await row<{ name: string }>(sql, 'SELECT name FROM system_names WHERE id = 1');
  return found?.name ?? name;
}
