import { unavailable } from './errors.ts';

/**
 * Work of many keys, `atOnce` at a time in this process. The keys that wait take turns, however much waits of each. Work that
 * has waited `waitMs` fails with UNAVAILABLE and is not begun.
 */
export type FairLane = { run<T>(key: string, work: () => Promise<T>): Promise<T> };

export function openFairLane({ atOnce, waitMs }: { atOnce: number; waitMs: number }): FairLane {
  /** The key whose turn is next comes first. */
  const waiting = new Map<string, (() => void)[]>();
  let running = 0;

  function wait(key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const theirs = waiting.get(key) ?? [];
      function go(): void {
        clearTimeout(timer);
        resolve();
      }
      const timer = setTimeout(() => {
        const left = (waiting.get(key) ?? []).filter((one) => one !== go);
        if (left.length === 0) waiting.delete(key);
        else waiting.set(key, left);
        reject(unavailable('time'));
      }, waitMs);
      waiting.set(key, [...theirs, go]);
    });
  }

  /** The place that is free goes to the next key, which then waits behind the others. */
  function passOn(): void {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    const [key, [go, ...later]] = next;
    waiting.delete(key);
    if (later.length > 0) waiting.set(key, later);
    go?.();
  }

  return {
    async run(key, work) {
      if (running < atOnce) running += 1;
      else await wait(key);
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
