import { commitProbe } from '../../db/commit-probe.ts';
import { type Db, openDb } from '../../db/connect.ts';
import { longestFlushMs } from './batch.ts';
import { connectRedis } from './redis.ts';
import type { Runtime } from './runtime.ts';
import { withTimeLimit } from './time-limit.ts';

/**
 * Ends a process that stands still, so that the platform starts it again; says so once. It stands still when for a minute
 * none of its jobs has ended although some waited, or although texts that it could have moved got old; or when a batcher
 * has not come to the end of a flush for as long, with MySQL committing. What has begun proves nothing: it may never end.
 */
export type Watchdog = {
  /** The same work, watched. */
  watched<A extends unknown[]>(work: (...job: A) => Promise<void>): (...job: A) => Promise<void>;
  stop(): void;
};

export function openWatchdog(
  runtime: Pick<Runtime, 'config' | 'queues' | 'log'>,
  { jobs, onStuck, stuckMs = 60_000, everyMs = 10_000 }: WatchOptions,
): Watchdog {
  // Its own connections: those of the work may be what stands still.
  const db = openDb(runtime.config.MYSQL_URL, { size: 1 });
  const { config } = runtime;
  // Asked for keys of Bull alone, which have their prefix.
  const redis = connectRedis(config.REDIS_URL, 'ask', { ...config, REDIS_PREFIX: '' });
  redis.on('error', () => undefined);
  let running = 0;
  let ended = 0;
  let seen = 0;
  let stuckSince: number | null = null;

  /** Null where nobody knows: with Redis away there is nothing to take. */
  async function doJobsWait(): Promise<boolean | null> {
    const depths = await inTime(runtime.queues.depths(redis));
    if (depths === null || jobs === undefined) return null;
    return depths.some(({ queue, state, jobs: count }) => jobs.takes(queue) && state === 'waiting' && count > 0);
  }

  async function areJobsStuck(): Promise<boolean> {
    if (jobs === undefined) return false;
    const moved = ended > seen;
    seen = ended;
    const waits = await doJobsWait();
    const isStill = !moved && waits !== null && (running > 0 || waits);
    if (!isStill) stuckSince = null;
    else stuckSince ??= performance.now();
    if (stuckSince === null || performance.now() - stuckSince < stuckMs) return false;
    // What runs may be held: by the limits, by a carrier that is paused. Then nothing that could be sent gets old.
    if (running === 0) return true;
    const behind = await inTime(jobs.behind(db));
    return behind?.some(({ ageMs }) => Number(ageMs) > stuckMs) ?? false;
  }

  /** While MySQL commits nothing, a flush may wait for it as long as that takes; it may answer what it reads all the while. */
  async function isBatcherStuck(): Promise<boolean> {
    if (longestFlushMs() < stuckMs) return false;
    return (await inTime(commitProbe(db).then(() => true))) === true;
  }

  async function look(): Promise<void> {
    const why = (await areJobsStuck()) ? 'jobs' : (await isBatcherStuck()) ? 'batcher' : null;
    if (why === null || stopped) return;
    stop();
    runtime.log.error({ why }, 'this process stands still; it ends, to be started again');
    onStuck();
  }
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await look().finally(() => {
      looking = false;
    });
  }, everyMs);
  timer.unref();

  let stopped = false;
  function stop(): void {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    redis.disconnect();
    void db.destroy();
  }

  return {
    watched:
      (work) =>
      async (...job) => {
        running += 1;
        try {
          await work(...job);
        } finally {
          running -= 1;
          ended += 1;
        }
      },
    stop,
  };
}

/** Ends this process as a SIGTERM would, but the platform sees that something was wrong. */
export function endProcess(): void {
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}

type WatchOptions = {
  /** What a worker is to move; a process that takes no jobs has none. */
  jobs?: {
    /** Whether this process works on a queue. */
    takes(queue: string): boolean;
    /** Texts that it could move, and for how long it could have. */
    behind(db: Db): Promise<readonly { ageMs: number }[]>;
  };
  onStuck(): void;
  stuckMs?: number;
  everyMs?: number;
};

const ANSWER_MS = 2_500;

function inTime<T>(answer: Promise<T>): Promise<T | null> {
  return withTimeLimit<T | null, null>(
    ANSWER_MS,
    answer.catch(() => null),
    () => null,
  );
}
