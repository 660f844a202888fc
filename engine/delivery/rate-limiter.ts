import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { keys } from '../platform/keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import { rateLimiterScript } from './fair-queue.lua.ts';
import { withHeadroom } from './fair-queue.ts';

/**
 * The last look before a text goes out. Slots are handed out at the right pace, but what was held up, by a server that
 * stood still or a busy machine, would go out in one burst with all that came due meanwhile. So the sends of a number,
 * and those of the account, are kept apart once more, over all processes.
 */
export type RateLimiter = {
  /**
   * Returns when this number may send `count` texts, in the order of asking: the first now, and each a gap after the one
   * before, in milliseconds. Rejects when the process stops.
   */
  pass(numberId: number, count: number): Promise<number>;
  stop(): void;
};

export function openRateLimiter({ config, redis }: Pick<Runtime, 'config' | 'redis'>): RateLimiter {
  const lines = new Map<string | number, Promise<number>>();
  const numberMps = withHeadroom(config.NUMBER_MPS);
  const accountMps = withHeadroom(config.ACCOUNT_MPS);
  const stopping = new AbortController();
  // Each that waits listens.
  setMaxListeners(0, stopping.signal);

  async function take(of: string | number, mps: number, count: number): Promise<number> {
    return Number(await redis.eval(rateLimiterScript, 1, keys.fairQueue, of, 1_000 / mps, count));
  }

  /**
   * Moments are taken one after the other, so that nobody overtakes; each waits for its own, so that no time is lost. Who
   * could not use theirs, because this process stood still, takes another: or all of them would go at once.
   */
  async function inLine(of: string | number, mps: number, count: number): Promise<void> {
    if (mps <= 0) return;
    const before = lines.get(of) ?? Promise.resolve(0);
    const mine = before.catch(() => 0).then(() => take(of, mps, count));
    lines.set(of, mine);
    try {
      const waitMs = await mine;
      if (waitMs <= 0) return;
      const due = performance.now() + waitMs;
      await sleep(waitMs, undefined, { signal: stopping.signal });
      if (performance.now() <= due + LATE_MS) return;
    } finally {
      if (lines.get(of) === mine) lines.delete(of);
    }
    await inLine(of, mps, count);
  }

  return {
    async pass(numberId, count) {
      await inLine(numberId, numberMps, count);
      // Then only: who waits for their number keeps nobody else waiting.
      await inLine('account', accountMps, count);
      const limits = [numberMps, accountMps].filter((mps) => mps > 0);
      return limits.length === 0 ? 0 : 1_000 / Math.min(...limits);
    },
    stop: () => stopping.abort(new Error('the process stops')),
  };
}

/** As late as a timer is on a busy machine. */
const LATE_MS = 20;
