import { run, type Sql } from './connect.ts';
import { COMMIT_PROBE } from './done-calls.ts';

/** Resolves once MySQL has committed a change; fails where it does not in the time of a statement. */
export async function commitProbe(sql: Sql): Promise<void> {
  await run(sql, COMMIT_PROBE);
}
