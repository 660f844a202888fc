import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { acquire, ask, type Connection, release } from './connection.ts';
import { DatabaseUnavailable, errnoOf, isDuplicate, isRefusedForNow } from './errors.ts';
import { asideOf } from './pool.ts';
import type { CallName } from './request.ts';

/**
 * Each call of the API leaves a row in the transaction that it commits. Where the answer to the COMMIT does not come, the
 * row tells on another connection whether it happened. Throws `DoneBefore`.
 */
export async function noteCalls(connection: Connection, names: readonly CallName[]): Promise<void> {
  if (names.length === 0) return;
  try {
    await ask(connection, 'INSERT INTO done_calls (token, answer) VALUES ?', [
      names.map(({ token, answer }) => [token, answer]),
    ]);
  } catch (error) {
    throw isDuplicate(error) ? new DoneBefore('this call was done before') : error;
  }
}

/** A call with the same name of the client's own has been committed; this one changed nothing. */
export class DoneBefore extends Error {
  override name = 'DoneBefore';
}

/**
 * Whether the transaction that wrote this row was committed; null where it cannot be found out within `KNOWN_WITHIN_MS`. A member of
 * a group (group replication) that does not find it is believed only if it can commit: one that leaves takes back what waits in its
 * COMMIT, which the others may have, and can be asked for a moment before it is read-only.
 * While it stands in its COMMIT the row is locked: then its connection is cut, which ends every wait but the disk's. Not so where
 * a COMMIT waits for a replica (semi-synchronous replication): cut, it would count as committed without being there, and a
 * fail-over would lose what was answered.
 */
export async function wasCommitted(
  db: Knex,
  { token, threadId }: { token: Buffer; threadId: number | null },
): Promise<boolean | null> {
  const until = performance.now() + KNOWN_WITHIN_MS;
  while (performance.now() < until) {
    const found = await look(db, { token, threadId });
    if (found !== null) return found;
    await sleep(LOOK_AGAIN_MS);
  }
  return null;
}

/** Longer than a failover takes. */
export const KNOWN_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 100;

async function look(
  db: Knex,
  { token, threadId }: { token: Buffer; threadId: number | null },
): Promise<boolean | null> {
  let connection: Connection | undefined;
  // Where commits stand still, all connections of the pool are taken by those who wait for the same as this one.
  const pool = asideOf(db);
  try {
    connection = await acquire(pool);
    const found = await ask(connection, 'SELECT 1 FROM done_calls WHERE token = ? FOR UPDATE NOWAIT', [token]);
    if (Array.isArray(found) && found.length > 0) return true;
    if (await isOfGroup(connection)) await ask(connection, COMMIT_PROBE);
    return false;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return null;
    if (connection === undefined || !isLocked(error)) throw error;
    // The row is locked on this server: so its connection is one of this server too, and no other has its number.
    if (threadId !== null) await cut(connection, threadId).catch(() => undefined);
    return null;
  } finally {
    if (connection !== undefined) release(pool, connection);
  }
}

async function cut(connection: Connection, threadId: number): Promise<void> {
  if (!(await commitsWaitForReplica(connection))) await ask(connection, 'KILL CONNECTION ?', [threadId]);
}

/** `Rpl_semi_sync_master_status`, or `…_source_status` with the newer words of MySQL. Nobody needs a privilege to ask. */
async function commitsWaitForReplica(connection: Connection): Promise<boolean> {
  const found = (await ask(connection, "SHOW GLOBAL STATUS LIKE 'Rpl\\_semi\\_sync\\_%\\_status'")) as Variable[];
  return found.some(
    ({ Variable_name: name, Value: value }) => !/_(slave|replica)_status$/i.test(name) && value === 'ON',
  );
}
/** Nobody needs a privilege to ask. A server without the plugin has no such variable. */
async function isOfGroup(connection: Connection): Promise<boolean> {
  const asked = "SHOW GLOBAL VARIABLES LIKE 'group\\_replication\\_group\\_name'";
  const found = (await ask(connection, asked)) as Variable[];
  return found.some(({ Value: value }) => value !== '');
}

type Variable = { Variable_name: string; Value: string };

/** Changes a row, so that there is something to commit. */
export const COMMIT_PROBE = 'INSERT INTO commit_probes (id, at) VALUES (1, NOW(3)) ON DUPLICATE KEY UPDATE at = NOW(3)';

/** MariaDB says that a wait was over, MySQL that there was none. */
function isLocked(error: unknown): boolean {
  return isRefusedForNow(error) || errnoOf(error) === LOCK_NOT_AVAILABLE;
}
const LOCK_NOT_AVAILABLE = 3572;
