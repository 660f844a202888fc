import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { batched } from '../platform/batch.ts';
import { AHEAD_MS } from '../platform/jobs.ts';
import { keys } from '../platform/keys.ts';
import type { KnownNumbers } from '../platform/known-numbers.ts';
import type { RedisClient } from '../platform/redis.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';
import type { TextSize } from '../rules/text-size.ts';
import { type Pace, paceOf, takenMs } from './pace.ts';
import { rateLimiterScript } from './rate-limiter.lua.ts';
import { openRedisClocks, type RedisClock } from './redis-clock.ts';
import { shardOf } from './turn-shards.ts';

/**
 * The last look before a text goes out. Slots are handed out at the right pace, but what was held up, by a server that
 * stood still or a busy machine, would go out in one burst with all that came due meanwhile. So the sends of a number,
 * those of its campaign, and those of the account at its carrier, are kept apart once more, over all processes.
 */
export type RateLimiter = {
  /**
   * Returns when this number may send `count` texts of that size, in the order of asking, the first not before `slotAt`.
   * Returns up to AHEAD_MS before that. Rejects when the process stops. `instead` of a moment that could not be used: it is
   * given back where nobody has taken one since. A moment that went by while this process stood still is returned all the same: see
   * `isStale`.
   */
  pass(numberId: number, wanted: Wish): Promise<Moment>;
  /**
   * Waits for the moment itself. Where it has passed meanwhile, the next texts of the number keep their distance to now, or,
   * where they have their moments already, this one takes another. Returns null when it may go, or at once a moment that is too
   * far ahead to wait for with what is claimed: for `instead`.
   */
  keep(moment: Moment): Promise<Moment | null>;
  stop(): void;
};

/** `onFar` is told of a moment that is seconds ahead. */
type Wish = {
  count: number;
  size: TextSize;
  slotAt: number;
  instead?: Moment | null;
  onFar?: (at: number) => void;
};

/** The first of some texts goes at `at`, on the clock that nobody sets, and each `gapMs` after the one before. */
export type Moment = { at: number; gapMs: number; of: readonly Wanted[] };

/** It went by while this process stood still: others may have sent meanwhile what it was for. */
export function isStale({ at, gapMs }: Pick<Moment, 'at' | 'gapMs'>): boolean {
  return gapMs > 0 && performance.now() > at + STOOD_STILL_MS;
}

export function openRateLimiter({
  config,
  redis,
  carrierOf,
  classOf,
  campaignOf,
  campaignPaces,
}: Pick<Runtime, 'config' | 'redis' | keyof KnownNumbers>): RateLimiter {
  const stopping = new AbortController();
  // Each that waits listens.
  setMaxListeners(0, stopping.signal);
  const clocks = openRedisClocks();

  /** Moments are taken one after the other, so that nobody overtakes; many in one call. */
  const openPlace = (key: string, clock: RedisClock) =>
    batched<Wanted, Taken>({
      max: WANTED_AT_ONCE,
      lingerMs: 1,
      parallel: 1,
      everyMs: TAKE_EVERY_MS,
      leastMs: 20,
      wantedAt: ({ from }) => from - TAKE_BY_MS,
      flush: (wanted) => takeSome({ redis, clock, key }, wanted),
    }).add;
  const places = new Map<string, ReturnType<typeof openPlace>>();

  /** What several shards of the turns have in common is in the first. A Redis that is away keeps nobody of the others waiting. */
  function take(wanted: Wanted): Promise<Taken> {
    const shard = typeof wanted.of === 'number' ? shardOf(config, wanted.of) : 0;
    const key = keys.fairQueue(wanted.carrier, shard);
    const place = places.get(key) ?? openPlace(key, clocks(shard));
    places.set(key, place);
    return place(wanted);
  }

  /**
   * Each waits for its own moment, so that no time is lost. Who could not use theirs, because this process was busy, takes another:
   * or all of them would go at once. Where it stood still, who asked is to look first whether it is wanted still.
   */
  async function inLine(wanted: Wanted, onFar?: Wish['onFar']): Promise<{ due: number; of: Wanted }> {
    for (let asked = wanted; ; ) {
      const { waitMs, at, held } = await take(asked);
      // What may go at once is as late as Redis' answer; what waits keeps its moment however late that comes.
      const due = waitMs > 0 ? at : performance.now();
      asked = { ...wanted, held };
      const restMs = due - AHEAD_MS - performance.now();
      if (restMs > FAR_MS) onFar?.(due);
      if (restMs > 0) await sleep(restMs, undefined, { signal: stopping.signal });
      const lateMs = performance.now() - due;
      if (waitMs <= 0 || lateMs <= LATE_MS || lateMs > STOOD_STILL_MS) return { due, of: asked };
    }
  }

  /** Who waits for their number keeps nobody else waiting: what is shared by more is asked later. */
  async function passAll(wanted: readonly Wanted[], onFar?: Wish['onFar']): Promise<Moment> {
    const of: Wanted[] = [];
    let at = wanted[0]?.from ?? performance.now();
    for (const one of wanted) {
      if (one.gapMs === 0) continue;
      const taken = await inLine({ ...one, from: at }, onFar);
      of.push(taken.of);
      at = taken.due;
      // What is shared is not asked for a moment that has gone by: it would look as if it could go.
      if (isStale({ at, gapMs: one.gapMs })) break;
    }
    return { at, gapMs: Math.max(0, ...of.map(({ gapMs }) => gapMs)), of };
  }

  /** Without waiting; what is far ahead asks for nothing that is shared. */
  async function takeAgain({ of, gapMs }: Moment): Promise<Moment> {
    const again: Wanted[] = [];
    const now = performance.now();
    let at = now;
    for (const one of of) {
      const { waitMs, at: due, held } = await take({ ...one, from: at });
      again.push({ ...one, held });
      at = Math.max(at, waitMs > 0 ? due : performance.now());
      if (at > now + AHEAD_MS) break;
    }
    return { at, gapMs, of: again };
  }

  let known: { of: ReadonlyMap<string, number>; pace: Pace } | null = null;
  async function paceNow(): Promise<Pace> {
    const campaigns = await campaignPaces();
    if (known?.of !== campaigns) known = { of: campaigns, pace: paceOf(config, campaigns) };
    return known.pace;
  }

  return {
    async pass(numberId, { count, size, slotAt, instead = null, onFar }) {
      const { numbers, campaigns, account } = await paceNow();
      const campaign = (await campaignOf(numberId)) ?? '';
      const campaignMs = campaigns.get(campaign) ?? 0;
      const first = {
        carrier: await carrierOf(numberId),
        count,
        from: instead === null ? slotAt : Math.max(slotAt, performance.now()),
      };
      const limits = [
        { of: numberId, limit: numbers[await classOf(numberId)] },
        { of: `campaign:${campaign}`, limit: { segmentMs: campaignMs, mmsMs: campaignMs } },
        { of: size === 'mms' ? 'account-mms' : 'account', limit: account },
      ] as const;
      const wanted = limits.map(({ of, limit }): Wanted => {
        const gapMs = takenMs(limit, size);
        // Given back only where it took as much.
        const unused = instead?.of.find((one) => one.of === of && one.gapMs === gapMs);
        return { ...first, of, gapMs, held: unused?.held ?? '' };
      });
      return passAll(wanted, onFar);
    },
    async keep(moment) {
      for (let next = moment; ; ) {
        const restMs = next.at - performance.now();
        if (restMs > AHEAD_MS) return next;
        if (restMs > 0) await sleep(restMs);
        if (next.gapMs === 0 || performance.now() <= next.at + LATE_MS) return null;
        next = await takeAgain(next);
      }
    },
    stop: () => stopping.abort(new Error('the process stops')),
  };
}

async function takeSome({ redis, clock, key }: Place, some: readonly Wanted[]): Promise<Taken[]> {
  const askedAt = performance.now();
  const asked = some.flatMap(({ of, gapMs, count, from, held }) => [
    ...[of, gapMs, count],
    ...[Math.max(0, from - askedAt), held],
  ]);
  const answer: unknown = await redis.eval(rateLimiterScript, 1, key, ...asked);
  if (!Array.isArray(answer)) throw new Error('Redis did not say when texts may go');
  const answeredAt = performance.now();
  const taken = some.map((of, at) => {
    const held = String(answer[at * 2 + 1]);
    const redisMs = Number(held) - of.gapMs * of.count;
    return { of, waitMs: Number(answer[at * 2]), redisMs, held };
  });
  for (const { redisMs, waitMs } of taken) clock.learn({ redisMs: redisMs - waitMs, askedAt, answeredAt });
  return taken.map(({ redisMs, ...one }) => ({ ...one, at: clock.toProcess(redisMs) }));
}
type Place = { redis: RedisClient; clock: RedisClock; key: string };

/**
 * Sends of a number, a campaign, or the account, at a carrier, each of which takes `gapMs` of it; the first is wanted from then on.
 * `held`: of the moment that they had.
 */
type Wanted = {
  carrier: CarrierName;
  of: number | 'account' | 'account-mms' | `campaign:${string}`;
  gapMs: number;
  count: number;
  from: number;
  held: string;
};
/** `at`: the moment, on the clock that nobody sets; `waitMs`: until then, when Redis gave it. */
type Taken = { of: Wanted; waitMs: number; at: number; held: string };
const WANTED_AT_ONCE = 200;
/** Who comes long before their moment are asked for together. */
const TAKE_EVERY_MS = 60;
const TAKE_BY_MS = AHEAD_MS - 60;

/** As late as a timer is on a busy machine. */
const LATE_MS = 20;
const STOOD_STILL_MS = 1_000;
const FAR_MS = 2_000;
