import { expect } from 'chai';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import {
  areQueued,
  type ClassedRequest,
  dropRequests,
  freeForMs,
  type Reserved,
  reserve,
} from '../../../engine/delivery/fair-queue.ts';
import { paceOf } from '../../../engine/delivery/pace.ts';
import { openRateLimiter } from '../../../engine/delivery/rate-limiter.ts';
import { openRedisClocks, type RedisClocks } from '../../../engine/delivery/redis-clock.ts';
import { readConfig } from '../../../engine/platform/config.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { openRedisDatabase } from '../../support/redis.ts';
import { type Limits, requestWith } from '../../support/requests.ts';

const SHARDS = [0, 1, 2, 3];
const config = { TURN_SHARDS: SHARDS.length };
const HORIZON_MS = 10_000;
const PUMP_MS = 200;
/** Of what a limiter never asks. */
const PLACES = {
  ...{ MYSQL_URL: 'mysql://nobody@127.0.0.1/none', REDIS_URL: 'redis://127.0.0.1', PUBLIC_URL: 'https://us.example' },
  ...{ PLIVO_AUTH_ID: 'MA', PLIVO_AUTH_TOKEN: 'token', SERVICE_NUMBER: '+12015551000' },
};

/** Four parts, on the real Redis. Time passes by moving what Redis keeps into the past, so nothing here waits. */
describe('turns in several parts', () => {
  let redis: Redis;
  let clocks: RedisClocks;
  let passedMs = 0;

  before(async () => {
    redis = await openRedisDatabase();
    clocks = openRedisClocks();
  });
  beforeEach(async () => {
    await redis.flushdb();
    passedMs = 0;
  });
  after(() => redis.disconnect());

  async function ask(limits: Limits, requests: readonly Partial<ClassedRequest>[], on: Redis = redis): Promise<Asked> {
    const { horizonMs = HORIZON_MS, campaigns = {} } = limits;
    const reserved = await reserve(
      { redis: on, config, clocks },
      {
        ...{ carrier: 'plivo', requests: requests.map(requestWith), pace: paceOfLimits(limits, campaigns) },
        ...{ horizonMs, room: 1_000 },
      },
    );
    const slots = reserved.reservations.flatMap(({ messageId, numberId, slots }) =>
      (slots ?? []).map((atMs) => ({ messageId, numberId, atMs: atMs + passedMs })),
    );
    return { ...reserved, slots };
  }

  /** As if so much time went by: everything that is kept with a time moves back by it. */
  async function pass(ms: number): Promise<void> {
    passedMs += ms;
    for (const shard of SHARDS) {
      const queue = keys.fairQueue('plivo', shard);
      for (const [number, at] of Object.entries(await redis.hgetall(`${queue}:next`)))
        await redis.hset(`${queue}:next`, number, Number(at) - ms);
      for (const [name, said] of Object.entries(await redis.hgetall(`${queue}:lease`)))
        await redis.hset(`${queue}:lease`, name, leaseBefore(said, ms));
      for (const full of [`${queue}:full:u`, `${queue}:full:m`])
        for (const number of await redis.zrange(full, 0, -1)) await redis.zincrby(full, -ms, number);
    }
    for (const key of await redis.keys(`${keys.fairQueue('plivo')}:leased:*`))
      await redis.set(key, Number(await redis.get(key)) - ms, 'PX', 60_000);
  }

  /** What the pumps of so much time hand out. */
  async function pump(limits: Limits, ms: number): Promise<Slot[]> {
    const slots: Slot[] = [];
    for (const until = passedMs + ms; passedMs < until; ) {
      await pass(PUMP_MS);
      slots.push(...(await ask(limits, [])).slots);
    }
    return slots;
  }

  /** Time that went by, and was made to. */
  const sinceMs = () => performance.now() + passedMs;

  const busy = (shard: number, numbers: number) =>
    Array.from({ length: numbers }, (_, at) => {
      const numberId = SHARDS.length * (at + 1) + shard;
      return { numberId, groupId: numberId, messageId: numberId, count: 5_000 };
    });

  for (const [what, requests] of [
    ['one part alone', busy(1, 6)],
    ['two parts', [...busy(1, 6), ...busy(2, 2)]],
    ['all parts', SHARDS.flatMap((shard) => busy(shard, 3))],
  ] as const)
    it(`hands out all that the account may send, and no more, where ${what} could use it`, async () => {
      const limits = { accountMps: 100 };
      const first = await ask(limits, requests);
      await pump(limits, 3_000);
      const began = sinceMs();
      const slots = await pump(limits, 10_000);
      const allowed = (100 * (sinceMs() - began)) / 1_000;
      expect(first.slots.length).to.be.within(190, 250);
      expect(slots.length / allowed).to.be.within(0.95, 1.01);
      const of = (shard: number) => slots.filter(({ numberId }) => numberId % 4 === shard).length;
      const shares = [...new Set(requests.map(({ numberId }) => numberId % 4))].map((shard) => of(shard));
      for (const share of shares)
        expect(share).to.be.within((0.9 * allowed) / shares.length, (1.1 * allowed) / shares.length);
    });

  it('gives whose part was at rest their texts at once, beside one that could use everything', async () => {
    const limits = { accountMps: 100 };
    await ask(limits, busy(0, 6));
    await pump(limits, 2_000);
    const asked = passedMs + Date.now();
    for (const urgent of [false, true]) {
      const one = { numberId: 5, groupId: 5, messageId: urgent ? 501 : 500, urgent };
      const slots = [...(await ask(limits, [one])).slots, ...(await pump(limits, 1_000))];
      const mine = slots.find(({ messageId }) => messageId === one.messageId);
      expect(mine?.atMs).to.be.within(asked, asked + (urgent ? 5_000 : 4_000));
    }
    const began = sinceMs();
    const all = await pump(limits, 5_000);
    expect(all.length / (sinceMs() - began)).to.be.within(0.095, 0.102);
  });

  it('keeps the pace of a campaign whose numbers are in all parts, and nobody else waits for it', async () => {
    const limits = { campaigns: { C1: 20 } };
    const inCampaign = [1, 2, 3, 4].map((id) => ({ ...one(id), campaign: 'C1', count: 500 }));
    const other = { ...one(8), count: 500 };
    await ask(limits, [...inCampaign, other]);
    await pump(limits, 3_000);
    const began = sinceMs();
    const slots = await pump(limits, 10_000);
    const allowed = (20 * (sinceMs() - began)) / 1_000;
    const of = (ids: readonly number[]) => slots.filter(({ numberId }) => ids.includes(numberId)).length;
    expect(of([1, 2, 3, 4]) / allowed).to.be.within(0.94, 1.02);
    for (const id of [1, 2, 3, 4]) expect(of([id])).to.be.above(35);
  });

  it('keeps the account’s pace of MMS, and of long texts whole', async () => {
    const limits = { accountMps: 20, accountMmsMps: 2 };
    const pictures = [1, 2, 3].map((id) => ({ ...one(id), count: 50, size: 'mms' as const }));
    const long = [5, 6, 7].map((id) => ({ ...one(id), count: 500, size: 7 }));
    await ask(limits, [...pictures, ...long]);
    await pump(limits, 3_000);
    const began = sinceMs();
    const slots = await pump(limits, 20_000);
    const seconds = (sinceMs() - began) / 1_000;
    expect(slots.filter(({ numberId }) => numberId < 4).length / seconds).to.be.within(1.5, 2.1);
    expect((slots.filter(({ numberId }) => numberId > 4).length * 7) / seconds).to.be.within(18, 20.7);
  });

  it('gives a text that is longer than all up to the horizon its moment', async () => {
    const limits = { accountMps: 1, numberMps: 0 };
    const { slots } = await ask(limits, [{ ...one(1), size: 12 }]);
    expect(slots).to.have.length(1);
    expect(await freeForMs({ redis, config }, { ...free(limits), numberId: 1 })).to.be.within(-12_000, -11_000);
  });

  it('stands in line in its part, and leaves it', async () => {
    const limits = { numberMps: 1 };
    const all = [1, 2, 6].map((numberId) => ({ ...requestWith({ numberId, groupId: 9, messageId: 9 }), count: 30 }));
    await ask(limits, all);
    expect(await redis.hlen(`${keys.fairQueue('plivo', 2)}:want`)).to.equal(2);
    expect(
      await areQueued({ redis, config }, { carrier: 'plivo', requests: [...all, requestWith({ numberId: 3 })] }),
    ).to.deep.equal([true, true, true, false]);
    await dropRequests({ redis, config }, { carrier: 'plivo', groupId: 9, messageIds: [9] });
    expect(await areQueued({ redis, config }, { carrier: 'plivo', requests: all })).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('what other parts have granted is not lost where one cannot be asked', async () => {
    const away = keys.fairQueue('plivo', 1);
    const broken = new Proxy(redis, {
      get: (target, name) => {
        if (name !== 'reserve') return Reflect.get(target, name, target);
        return async (key: string, ...more: (string | number)[]) => {
          if (key === away) throw new Error('that node is away');
          return (target as unknown as Scripted).reserve(key, ...more);
        };
      },
    });
    const { slots, failed } = await ask({ accountMps: 100 }, [one(1), one(2), one(3)], broken);
    expect(slots.map(({ numberId }) => numberId).sort()).to.deep.equal([2, 3]);
    expect(failed.map(String)).to.deep.equal(['Error: that node is away']);
  });

  it('whatever is asked for in whatever order, everybody gets exactly that, no faster than the account may', async () => {
    const anyTurn = fc.record({
      urgent: fc.boolean(),
      numberId: fc.integer({ min: 1, max: 6 }),
      groupId: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 1, max: 12 }),
      size: fc.constantFrom<1 | 3 | 'mms'>(1, 3, 'mms'),
    });
    const anyStep = fc.oneof(
      { weight: 3, arbitrary: fc.array(anyTurn, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(0, 200, 1_000) },
    );
    const limits = { numberMps: 10, accountMps: 25, accountMmsMps: 5 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 8 }), async (steps) => {
        await redis.flushdb();
        passedMs = 0;
        const asked: ClassedRequest[] = [];
        const slots: Slot[] = [];
        const began = sinceMs();
        let left = 0;
        for (const step of steps) {
          if (typeof step === 'number') await pass(step);
          const some =
            typeof step === 'number'
              ? []
              : step.map((each, at) => requestWith({ ...each, messageId: asked.length + at + 1 }));
          asked.push(...some);
          const got = await ask(limits, some);
          slots.push(...got.slots);
          left = got.waiting;
        }
        for (
          let more = await ask(limits, []);
          more.waiting > 0 || more.slots.length > 0;
          more = await ask(limits, [])
        ) {
          slots.push(...more.slots);
          await pass(PUMP_MS);
        }
        expect(left).to.be.at.least(0);
        for (const { messageId, count } of asked)
          expect(slots.filter((slot) => slot.messageId === messageId)).to.have.length(count);
        const segments = slots.flatMap(({ messageId, atMs }) => {
          const { size = 1 } = asked[messageId - 1] ?? {};
          return size === 'mms' ? [] : Array.from({ length: size }, () => atMs);
        });
        for (const [at, time] of segments.toSorted((a, b) => a - b).entries())
          expect(at, `segments up to ${time - began} ms`).to.be.at.most(25 * ((time - began) / 1_000 + 2.5) + 40);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the account’s limit itself over all parts, at the last look', async () => {
    const limiter = openRateLimiter({
      ...{ config: readConfig({ NUMBER_MPS: '0', ACCOUNT_MPS: '5', TURN_SHARDS: '4', ...PLACES }), redis },
      ...{ carrierOf: async () => 'plivo', classOf: async () => 'long', campaignOf: async () => null },
      campaignPaces: async () => new Map(),
    });
    const moments = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((numberId) =>
        limiter.pass(numberId, { count: 1, size: 1, slotAt: performance.now() }),
      ),
    );
    const times = moments.map(({ at }) => at).toSorted((a, b) => a - b);
    // The first may go at once: it is as late as its answer.
    for (const [at, time] of times.entries()) if (at > 0) expect(time - (times[at - 1] ?? 0)).to.be.at.least(120);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).to.be.within(1_300, 1_500);
    limiter.stop();
  });
});

type Slot = { messageId: number; numberId: number; atMs: number };
type Asked = Reserved & { slots: Slot[] };
type Scripted = { reserve(...args: (string | number)[]): Promise<unknown> };

const one = (id: number) => ({ numberId: id, groupId: id, messageId: id, count: 1 });

function paceOfLimits(
  { numberMps = 0, accountMps = 0, accountMmsMps = 0 }: Limits,
  campaigns: Readonly<Record<string, number>> = {},
) {
  const limits = {
    ...{ NUMBER_MPS: numberMps, ACCOUNT_MPS: accountMps, TOLLFREE_MPS: 25, SHORT_MPS: 100 },
    ...{ NUMBER_MMS_MPS: 0, TOLLFREE_MMS_MPS: 2, ACCOUNT_MMS_MPS: accountMmsMps },
  };
  return paceOf(limits, new Map(Object.entries(campaigns)), 1);
}

const free = (limits: Limits) =>
  ({ carrier: 'plivo', pace: paceOfLimits(limits), horizonMs: HORIZON_MS, isMms: false }) as const;

/** What a part has leased, that much earlier: the moment from which more can be, and blocks of a moment and a count. */
function leaseBefore(said: string, ms: number): string {
  const [moreAt = '0', ...blocks] = said.split(';');
  const earlier = (at: string) => Math.max(0, Number(at) - ms).toFixed(3);
  return [earlier(moreAt), ...blocks.map((block) => block.replace(/^[\d.]+/, earlier))].join(';');
}
