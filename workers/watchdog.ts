import type { Runtime } from '../engine/platform/runtime.ts';

/**
 * Bull has been seen to take no more jobs after its connection to Redis was lost and found again, with nothing to show
 * for it. A worker that has begun none for a minute, while jobs were waiting all the time, says so once and ends; the
 * platform starts it again.
 */
export type Watchdog = {
  /** The same work, watched. */
  watched<A extends unknown[]>(work: (...job: A) => Promise<void>): (...job: A) => Promise<void>;
  stop(): void;
};

export function openWatchdog(
  runtime: Pick<Runtime, 'queues' | 'log'>,
  { takes, onStuck, stuckMs = 60_000, everyMs = 10_000 }: WatchOptions,
): Watchdog {
  let running = 0;
  let begun = 0;
  let seen = 0;
  let stuckSince: number | null = null;

  async function look(): Promise<void> {
    // While Redis is away nobody knows of waiting jobs.
    const depths = await runtime.queues.depths().catch(() => []);
    const waits = depths.some(({ queue, state, jobs }) => takes(queue) && state === 'waiting' && jobs > 0);
    const moved = running > 0 || begun > seen;
    seen = begun;
    if (moved || !waits) {
      stuckSince = null;
      return;
    }
    stuckSince ??= Date.now();
    if (Date.now() - stuckSince < stuckMs) return;
    clearInterval(timer);
    runtime.log.error('jobs are waiting and this worker takes none; it ends, to be started again');
    onStuck();
  }
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();

  return {
    watched:
      (work) =>
      async (...job) => {
        begun += 1;
        running += 1;
        try {
          await work(...job);
        } finally {
          running -= 1;
        }
      },
    stop: () => clearInterval(timer),
  };
}

type WatchOptions = {
  /** Whether this process works on a queue. */
  takes(queue: string): boolean;
  onStuck(): void;
  stuckMs?: number;
  everyMs?: number;
};
