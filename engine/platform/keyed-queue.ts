import { unavailable } from './errors.ts';

/**
 * Work on one key at a time in this process, in the order of asking; other keys do not wait. With `together` those that
 * wait all go at once when the work before them has ended. Work that has waited `waitMs` fails with UNAVAILABLE and
 * is not begun.
 */
export type KeyedQueue<Key> = {
  /** `waited`: other work on the key came before, so what was known of it may have changed. */
  run<T>(key: Key, work: (waited: boolean) => Promise<T>): Promise<T>;
};

export function openKeyedQueue<Key>({ together, waitMs }: Options): KeyedQueue<Key> {
  const lines = new Map<Key, Line>();

  async function run<T>(key: Key, work: (waited: boolean) => Promise<T>): Promise<T> {
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { running: 1, waiting: [] });
    else await turnIn(line, waitMs);
    try {
      return await work(line !== undefined);
    } finally {
      leave(key);
    }
  }

  function leave(key: Key): void {
    const line = lines.get(key);
    if (line === undefined || --line.running > 0) return;
    const next = line.waiting.splice(0, together ? line.waiting.length : 1);
    if (next.length === 0) lines.delete(key);
    line.running = next.length;
    for (const go of next) go();
  }

  return { run };
}

type Options = { together: boolean; waitMs: number };
/** How many run on a key, and what lets each of those that wait begin. */
type Line = { running: number; waiting: (() => void)[] };

function turnIn({ waiting }: Line, waitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    function go(): void {
      clearTimeout(timer);
      resolve();
    }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(go), 1);
      reject(unavailable('time'));
    }, waitMs);
    waiting.push(go);
  });
}
