import { inRequests } from '../../db/request.ts';

/**
 * Gathers items that come one by one and hands them on together: as soon as `max` are there, or `lingerMs` after the
 * first (0: with those that came in the same instant), and, unless `max` are there, `everyMs` after the flush before it
 * began: who is alone waits for nobody, and many come in few flushes. An item that is wanted before that, by `wantedAt` (on
 * performance.now()), begins the flush then, but not within `leastMs` of the one before. `add` resolves when its item's flush is done, and
 * fails with it. At most `parallel` flushes run at once; what comes meanwhile makes the next, larger, batch.
 */
export function batched<Item, Result>({
  max,
  lingerMs,
  parallel = 2,
  everyMs = 0,
  leastMs = everyMs,
  wantedAt = () => Number.POSITIVE_INFINITY,
  flush,
}: Options<Item, Result>): Batcher<Item, Result> {
  let waiting: Entry<Item, Result>[] = [];
  let timer: (Timer & { at: number }) | null = null;
  let running = 0;
  let lastStart = Number.NEGATIVE_INFINITY;
  let onIdle: (() => void)[] = [];

  function add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length >= max) start();
      else if (running < parallel) startBy(item);
    });
  }

  /** Sets the timer for an item that waits, or sets it earlier. */
  function startBy(item: Item): void {
    const now = performance.now();
    const at = Math.max(now + lingerMs, Math.min(lastStart + everyMs, Math.max(lastStart + leastMs, wantedAt(item))));
    if (timer !== null && timer.at <= at) return;
    timer?.stop();
    timer = { at, ...startTimer(start, at - now) };
  }

  function start(): void {
    timer?.stop();
    timer = null;
    while (running < parallel && waiting.length > 0) {
      const batch = waiting.slice(0, max);
      waiting = waiting.slice(max);
      running++;
      const flight = { since: performance.now() };
      lastStart = flight.since;
      inFlight.add(flight);
      // Not for the call of the API that happened to begin it.
      inRequests([], () => flush(batch.map(({ item }) => item)))
        .then(
          (results) => {
            for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
          },
          (error) => {
            for (const { reject } of batch) reject(error);
          },
        )
        .finally(() => {
          inFlight.delete(flight);
          running--;
          if (waiting.length >= max) start();
          else if (waiting.length > 0) for (const { item } of waiting) startBy(item);
          else if (running === 0) {
            for (const idle of onIdle) idle();
            onIdle = [];
          }
        });
    }
  }

  async function close(): Promise<void> {
    if (running === 0 && waiting.length === 0) return;
    await new Promise<void>((resolve) => onIdle.push(resolve));
  }

  return { add, close };
}

/** For how long the flush that has taken longest is under way, of all batchers of this process; 0 where none is. */
export function longestFlushMs(): number {
  const [oldest] = inFlight;
  return oldest === undefined ? 0 : performance.now() - oldest.since;
}

/** In the order in which they began. */
const inFlight = new Set<{ since: number }>();

/** `close` waits until everything that was added has been flushed. */
export type Batcher<Item, Result> = { add(item: Item): Promise<Result>; close(): Promise<void> };
type Entry<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
type Options<Item, Result> = {
  max: number;
  lingerMs: number;
  parallel?: number;
  everyMs?: number;
  leastMs?: number;
  wantedAt?: (item: Item) => number;
  /** One result an item, in their order. */
  flush: (items: Item[]) => Promise<Result[]>;
};

type Timer = { stop(): void };

/** Node's shortest timeout is a millisecond, which somebody who is alone would wait for nobody. */
function startTimer(run: () => void, ms: number): Timer {
  if (ms === 0) {
    const soon = setImmediate(run);
    return { stop: () => clearImmediate(soon) };
  }
  const timeout = setTimeout(run, ms);
  return { stop: () => clearTimeout(timeout) };
}
