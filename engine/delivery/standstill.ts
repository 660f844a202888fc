import { commitProbe } from '../../db/commit-probe.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * Tells time in which MySQL committed nothing (a backup's end, a fail-over) from time in which something should have happened: what
 * waits for a COMMIT is late, not lost, and queueing it anew would only add to what waits.
 */
export type Standstill = {
  /** Sees whether MySQL commits, and says so where it has not for long. Never fails. */
  look(): Promise<void>;
  /** For how many ms it stood still since it had last worked for `ms` in all; null where it did at the last look. */
  within(ms: number): number | null;
};

/** For `runtime.use`. What came to a standstill before this process began is not known. */
export function openStandstill({ db, log }: Runtime): Standstill {
  let stood: Span[] = [];
  let since: number | null = null;
  let isSaid = false;

  return {
    async look() {
      const askedAt = performance.now();
      try {
        await commitProbe(db);
      } catch (err) {
        since ??= askedAt;
        if (!isSaid && performance.now() - since > LONG_MS) {
          isSaid = true;
          log.error(
            { err },
            'MySQL commits nothing: is its disk full, or does a backup or another session hold a lock?',
          );
        }
        return;
      }
      const now = performance.now();
      const from = since ?? (now - askedAt > SLOW_MS ? askedAt : null);
      since = null;
      if (isSaid) log.info('MySQL commits again');
      isSaid = false;
      if (from !== null) stood.push({ from, until: now + SETTLE_MS });
    },
    within(ms) {
      if (since !== null) return null;
      const { stoodMs, firstAt } = lookBack(stood, { now: performance.now(), ms });
      stood = stood.filter(({ until }) => until > firstAt);
      return stoodMs;
    },
  };
}
type Span = { from: number; until: number };

const SLOW_MS = 500;
/** A backup's end or a fail-over takes less. */
const LONG_MS = 10_000;
/** In which what waited is written down: those who wait try again every half second. */
const SETTLE_MS = 1_000;

/** From `now` back to where `ms` are outside of these spans, the last of which came last. */
export function lookBack(
  spans: readonly Span[],
  { now, ms }: { now: number; ms: number },
): { stoodMs: number; firstAt: number } {
  let at = now;
  let left = ms;
  for (const { from, until } of spans.toReversed()) {
    const works = Math.max(0, at - Math.min(until, at));
    if (works >= left) break;
    left -= works;
    at = Math.min(at, from);
  }
  const firstAt = at - left;
  return { stoodMs: now - firstAt - ms, firstAt };
}
