import { run, type Sql } from './connect.ts';

/** Resolves once MySQL has committed a change; fails where it does not in the time of a statement. */
export async function commitProbe(sql: Sql): Promise<void> {
  await run(sql, 'INSERT INTO commit_probes (id, at) VALUES (1, NOW(3)) ON DUPLICATE KEY UPDATE at = NOW(3)');
}
