import {
  beat,
  doubt,
  doubtUnlessAlive,
  endUnanswered,
  type Heartbeat,
  keepUnanswered,
  readHeartbeat,
} from '../../db/heartbeat.ts';
import { keys } from './keys.ts';
import { LOST_MS, lookAgain, lookForSigns, RestoredDatabase } from './restored-database.ts';
import type { Runtime } from './runtime.ts';
import { endProcess } from './watchdog.ts';

/**
 * Says in MySQL every 10 s that this process runs, and ends it on a database that was restored from a backup of which nobody
 * has said so. For `runtime.use`.
 */
export function openHeartbeat(runtime: Needs): Pulse {
  return keepHeartbeat(runtime);
}
type Needs = Pick<Runtime, 'db' | 'redis' | 'carriers' | 'log'>;
export type Pulse = {
  /** After the first try to look, whether MySQL, the schema and Redis were there for it or not. Rejects with `RestoredDatabase`. */
  ready: Promise<void>;
  /** When a look has found nothing wrong, which is tried every second, or when it is closed: nothing may be sent before. */
  looked: Promise<void>;
  close(): void;
};

/** The same, as often as it says. */
export function keepHeartbeat(
  runtime: Needs,
  { everyMs = 10_000, firstEveryMs = 1_000, askEveryMs = 60_000, answerMs = 10_000, onRestored = endProcess } = {},
): Pulse {
  const { db, redis, log } = runtime;
  let last: Date | null = null;
  let askedAt = NEVER;

  /** Returns why this process must not work, or null. */
  async function look(): Promise<string | null> {
    const found = await readHeartbeat(db);
    if (found === undefined) return null;
    if (found.doubted) return 'a process has found so';
    const why = restoredUnderUs(found) ?? (isAtRest(found) ? null : await askAgain(found));
    if (why !== null) {
      await doubt(db);
      return why;
    }
    if (isAtRest(found)) {
      const sign = await firstLook(found);
      // Where another process has found none meanwhile, it may be what that one has sent.
      if (sign !== null) return (await doubtUnlessAlive(db, { seen: found.aliveAt })) ? sign : look();
    }
    await beat(db, { seen: found.aliveAt });
    const next = (await readHeartbeat(db))?.aliveAt ?? null;
    if (next !== null) await redis.set(keys.alive, next.getTime()).catch(() => undefined);
    last = next;
    return null;
  }

  function restoredUnderUs({ aliveAt }: Heartbeat): string | null {
    if (last === null || (aliveAt !== null && aliveAt.getTime() >= last.getTime() - LOST_MS)) return null;
    return `it was at ${last.toISOString()} before, and is at ${aliveAt?.toISOString() ?? 'no time'} now`;
  }

  async function firstLook(found: Heartbeat): Promise<string | null> {
    const { sign, unanswered } = await lookForSigns(runtime, found, { answerMs });
    if (sign === null && unanswered !== null) {
      // Every process asks on, also those that start when others have said that they run.
      await keepUnanswered(db, unanswered);
      askedAt = performance.now();
    }
    return sign;
  }

  async function askAgain({ unanswered: asked }: Heartbeat): Promise<string | null> {
    if (asked === null || performance.now() - askedAt < askEveryMs) return null;
    const { sign, unanswered } = await lookAgain(runtime, asked, { answerMs, isSaid: askedAt !== NEVER });
    askedAt = performance.now();
    if (sign === null && unanswered === null) {
      await endUnanswered(db);
      log.info('the carrier has said what was sent while no process ran: nothing is lost');
    }
    return sign;
  }

  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let end = () => {};
  const looked = new Promise<void>((resolve) => {
    end = resolve;
  });
  let isLooked = false;
  let isSaid = false;

  /** Returns why this process must not work. */
  async function step(): Promise<string | null> {
    const why = await look().then(
      (found) => {
        isLooked = true;
        return found;
      },
      // Of what is unavailable others say so.
      (err) => {
        log[isSaid ? 'debug' : 'warn']({ err }, 'cannot look yet whether MySQL was restored; tries again');
        isSaid = true;
        return null;
      },
    );
    if (closed) return null;
    if (why !== null) stop();
    else {
      if (isLooked) end();
      timer = setTimeout(stepOn, isLooked ? everyMs : firstEveryMs).unref();
    }
    return why;
  }

  async function stepOn(): Promise<void> {
    const why = await step();
    if (why === null) return;
    log.fatal(new RestoredDatabase(why).message);
    onRestored();
  }

  function stop(): void {
    closed = true;
    clearTimeout(timer);
  }

  const ready = step().then((why) => {
    if (why !== null) throw new RestoredDatabase(why);
  });
  return {
    ready,
    looked,
    close() {
      stop();
      end();
    },
  };
}

const NEVER = Number.NEGATIVE_INFINITY;

/** Nobody works on it, as far as it knows: only then something may have happened that it does not know of. */
function isAtRest({ aliveAt, now }: Heartbeat): boolean {
  return aliveAt === null || now.getTime() - aliveAt.getTime() >= LOST_MS;
}
