import { beat, doubt, type Heartbeat, readHeartbeat } from '../../db/heartbeat.ts';
import { keys } from './keys.ts';
import { LOST_MS, RestoredDatabase, signOfRestore } from './restored-database.ts';
import type { Runtime } from './runtime.ts';
import { endProcess } from './watchdog.ts';

/**
 * Says in MySQL every 10 s that this process runs, and ends it on a database that was restored from a backup of which nobody
 * has said so. For `runtime.use`; `ready` rejects with `RestoredDatabase` where that is seen at the start. Where MySQL or the
 * schema is not there yet, the first look comes as soon as they are.
 */
export function openHeartbeat(runtime: Needs): Pulse {
  return keepHeartbeat(runtime);
}
type Needs = Pick<Runtime, 'db' | 'redis' | 'carriers' | 'log'>;
export type Pulse = { ready: Promise<void>; close(): void };

/** The same, as often as it says. */
export function keepHeartbeat(runtime: Needs, { everyMs = 10_000, onRestored = endProcess } = {}): Pulse {
  let last: Date | null = null;

  /** Returns why this process must not work, or null. */
  async function look(): Promise<string | null> {
    const found = await readHeartbeat(runtime.db);
    if (found === undefined) return null;
    const why = await whyNot(found);
    if (why !== null) {
      await doubt(runtime.db);
      return why;
    }
    await beat(runtime.db);
    const next = (await readHeartbeat(runtime.db))?.aliveAt ?? null;
    if (next !== null) await runtime.redis.set(keys.alive, next.getTime()).catch(() => undefined);
    last = next;
    return null;
  }

  async function whyNot({ aliveAt, now, doubted }: Heartbeat): Promise<string | null> {
    if (doubted) return 'a process has found so';
    if (aliveAt === null) return null;
    // It was restored under this process.
    if (last !== null && aliveAt.getTime() < last.getTime() - LOST_MS)
      return `it was at ${last.toISOString()} before, and is at ${aliveAt.toISOString()} now`;
    return now.getTime() - aliveAt.getTime() < LOST_MS ? null : signOfRestore(runtime, aliveAt);
  }

  let closed = false;
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    // Of a MySQL that is unavailable others say so.
    const why = await look().catch(() => null);
    looking = false;
    if (why === null || closed) return;
    close();
    runtime.log.fatal(new RestoredDatabase(why).message);
    onRestored();
  }, everyMs);
  timer.unref();

  function close(): void {
    closed = true;
    clearInterval(timer);
  }

  const ready = look().then(
    (why) => {
      if (why === null) return;
      close();
      throw new RestoredDatabase(why);
    },
    (err) => runtime.log.debug({ err }, 'the heartbeat cannot be read yet'),
  );
  return { ready, close };
}
