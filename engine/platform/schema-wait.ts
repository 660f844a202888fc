import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../../db/connect.ts';
import { isCurrent } from '../../db/migrate.ts';
import { addOurNumbers } from './our-numbers.ts';
import type { Runtime } from './runtime.ts';

/**
 * Returns when the schema is there, which a worker can do nothing without, or when it is to stop; says once that it waits. Does not wait for a MySQL
 * that is unavailable: every use says that.
 */
export async function waitForSchema(
  { db, config, log }: Pick<Runtime, 'db' | 'config' | 'log'>,
  { signal, everyMs = 1_000 }: { signal: AbortSignal; everyMs?: number },
): Promise<void> {
  if (await isThere(db)) return;
  log.warn('waits for the schema: run the release line of the Procfile');
  do {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  } while (!(await isThere(db)));
  // The start found no table to add them to.
  await addOurNumbers(db, config, log);
}

function isThere(db: Runtime['db']): Promise<boolean> {
  return isCurrent(db).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable) return true;
    throw error;
  });
}
