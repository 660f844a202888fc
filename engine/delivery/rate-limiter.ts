import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
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
   * Returns when this number may send `count` texts, in the order of asking: the first now, and each a gap after the one
   * before, in milliseconds. Rejects when the process stops.
   */
  pass(numberId: number, count: number): Promise<number>;
  stop(): void;
};

export function openRateLimiter({
  config,
  redis,
  carrierOf,
}: Pick<Runtime, 'config' | 'redis' | 'carrierOf'>): RateLimiter {
  const lines = new Map<string, Promise<number>>();
  const numberMps = withHeadroom(config.NUMBER_MPS);
  const accountMps = withHeadroom(config.ACCOUNT_MPS);
  const stopping = new AbortController();
  // Each that waits listens.
  setMaxListeners(0, stopping.signal);

  async function take({ carrier, of }: Line, mps: number, count: number): Promise<number> {
    return Number(await redis.eval(rateLimiterScript, 1, keys.fairQueue(carrier), of, 1_000 / mps, count));
  }

  /**
   * Moments are taken one after the other, so that nobody overtakes; each waits for its own, so that no time is lost. Who
   * could not use theirs, because this process stood still, takes another: or all of them would go at once.
   */
  async function inLine(line: Line, mps: number, count: number): Promise<void> {
    if (mps <= 0) return;
    const name = `${line.carrier}:${line.of}`;
    const before = lines.get(name) ?? Promise.resolve(0);
    const mine = before.catch(() => 0).then(() => take(line, mps, count));
    lines.set(name, mine);
    try {
      const waitMs = await mine;
      if (waitMs <= 0) return;
      const due = performance.now() + waitMs;
      await sleep(waitMs, undefined, { signal: stopping.signal });
      if (performance.now() <= due + LATE_MS) return;
    } finally {
      if (lines.get(name) === mine) lines.delete(name);
    }
    await inLine(line, mps, count);
  }

  return {
    async pass(numberId, count) {
      const carrier = await carrierOf(numberId);
      await inLine({ carrier, of: numberId }, numberMps, count);
      // Then only: who waits for their number keeps nobody else waiting.
      await inLine({ carrier, of: 'account' }, accountMps, count);
      const limits = [numberMps, accountMps].filter((mps) => mps > 0);
      return limits.length === 0 ? 0 : 1_000 / Math.min(...limits);
    },
    stop: () => stopping.abort(new Error('the process stops')),
  };
}

/** The sends of a number, or of the account, at a carrier. */
type Line = { carrier: CarrierName; of: number | 'account' };

/** As late as a timer is on a busy machine. */
const LATE_MS = 20;
