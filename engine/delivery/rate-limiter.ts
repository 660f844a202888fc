import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { batched } from '../platform/batch.ts';
import { AHEAD_MS } from '../platform/jobs.ts';
import { keys } from '../platform/keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { withHeadroom } from './fair-queue.ts';
import { rateLimiterScript } from './rate-limiter.lua.ts';

/**
 * The last look before a text goes out. Slots are handed out at the right pace, but what was held up, by a server that
 * stood still or a busy machine, would go out in one burst with all that came due meanwhile. So the sends of a number,
 * and those of the account at its carrier, are kept apart once more, over all processes.
 */
export type RateLimiter = {
  /**
   * Returns when this number may send `count` texts, in the order of asking, the first not before `slotAt`: `at`, when the
   * first may, up to AHEAD_MS before that, and `gapMs` from one to the next. Times are on the clock that nobody sets. Rejects
   * when the process stops.
   */
  pass(numberId: number, wanted: { count: number; slotAt: number }): Promise<{ at: number; gapMs: number }>;
  stop(): void;
};

export function openRateLimiter({
  config,
  redis,
  carrierOf,
}: Pick<Runtime, 'config' | 'redis' | 'carrierOf'>): RateLimiter {
  const numberMps = withHeadroom(config.NUMBER_MPS);
  const accountMps = withHeadroom(config.ACCOUNT_MPS);
  const stopping = new AbortController();
  // Each that waits listens.
  setMaxListeners(0, stopping.signal);

  /** Moments are taken one after the other, so that nobody overtakes; many in one call. */
  const { add: take } = batched<Wanted, number>({
    max: WANTED_AT_ONCE,
    lingerMs: 1,
    parallel: 1,
    everyMs: 20,
    async flush(wanted) {
      const waits = new Map<Wanted, number>();
      for (const carrier of new Set(wanted.map((one) => one.carrier))) {
        const some = wanted.filter((one) => one.carrier === carrier);
        const now = performance.now();
        const asked = some.flatMap(({ of, mps, count, from }) => [of, 1_000 / mps, count, Math.max(0, from - now)]);
        const answer: unknown = await redis.eval(rateLimiterScript, 1, keys.fairQueue(carrier), ...asked);
        for (const [at, waitMs] of (Array.isArray(answer) ? answer : []).entries()) {
          const one = some[at];
          if (one !== undefined) waits.set(one, Number(waitMs));
        }
      }
      return wanted.map((one) => waits.get(one) ?? 0);
    },
  });

  /**
   * Each waits for its own moment, so that no time is lost. Who could not use theirs, because this process stood still, takes
   * another: or all of them would go at once.
   */
  async function inLine(wanted: Wanted): Promise<number> {
    if (wanted.mps <= 0) return wanted.from;
    for (;;) {
      const waitMs = await take(wanted);
      const due = performance.now() + waitMs;
      const restMs = waitMs - AHEAD_MS;
      if (restMs > 0) await sleep(restMs, undefined, { signal: stopping.signal });
      if (waitMs <= 0 || performance.now() <= due + LATE_MS) return due;
    }
  }

  return {
    async pass(numberId, { count, slotAt }) {
      const carrier = await carrierOf(numberId);
      const ofNumber = await inLine({ carrier, of: numberId, mps: numberMps, count, from: slotAt });
      // Then only: who waits for their number keeps nobody else waiting.
      const at = await inLine({ carrier, of: 'account', mps: accountMps, count, from: ofNumber });
      const limits = [numberMps, accountMps].filter((mps) => mps > 0);
      return { at, gapMs: limits.length === 0 ? 0 : 1_000 / Math.min(...limits) };
    },
    stop: () => stopping.abort(new Error('the process stops')),
  };
}

/** Sends of a number, or of the account, at a carrier; the first is wanted from then on. */
type Wanted = { carrier: CarrierName; of: number | 'account'; mps: number; count: number; from: number };
const WANTED_AT_ONCE = 200;

/** As late as a timer is on a busy machine. */
const LATE_MS = 20;
