import { singleFlight } from './single-flight.ts';

/**
 * What is nearly always the same: read once, and again from time to time, because another process may change it. While it cannot be
 * read, the last answer holds. `get` waits for the first answer alone; `refresh` for a new one. Those who ask at the same
 * moment share one.
 */
export type Kept<T> = { get(): Promise<T>; refresh(): Promise<T> };

export function openKept<T>(read: () => Promise<T>): Kept<T> {
  let known: { value: T; readAt: number } | null = null;
  const refresh = singleFlight(async () => {
    const value = await read();
    known = { value, readAt: performance.now() };
    return value;
  });
  return {
    refresh,
    async get() {
      if (known === null) return refresh();
      if (performance.now() - known.readAt > KEPT_MS) void refresh().catch(() => undefined);
      return known.value;
    },
  };
}

const KEPT_MS = 10_000;
