import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { rateLimiterScript } from '../../../engine/delivery/rate-limiter.lua.ts';
import { isStale, openRateLimiter } from '../../../engine/delivery/rate-limiter.ts';
import { readConfig } from '../../../engine/platform/config.ts';
import { AHEAD_MS } from '../../../engine/platform/jobs.ts';
import { keys } from '../../../engine/platform/keys.ts';
import type { TextSize } from '../../../engine/rules/text-size.ts';
import { openRedisDatabase } from '../../support/redis.ts';

/** On the real Redis. Time passes by moving what Redis keeps into the past. */
describe('the last look before a text goes out', () => {
  let redis: Redis;
  before(async () => {
    redis = await openRedisDatabase();
  });
  beforeEach(() => redis.flushdb());
  after(() => redis.disconnect());

  const limiterOf = (env: Record<string, string>, others: Partial<Parameters<typeof openRateLimiter>[0]> = {}) =>
    openRateLimiter({
      ...{ config: configOf(env), redis, carrierOf, classOf },
      ...{ campaignOf: async () => null, campaignPaces: async () => new Map() },
      ...others,
    });

  type Wants = readonly [of: number | string, gapMs: number, count?: number, inMs?: number, held?: string];
  const askOf = async (...wanted: Wants[]) => {
    const values = wanted.flatMap(([of, gapMs, count = 1, inMs = 0, held = '']) => [of, gapMs, count, inMs, held]);
    const answer = await redis.eval(rateLimiterScript, 1, keys.fairQueue('plivo'), ...values);
    return Array.isArray(answer) ? answer.map(String) : [];
  };
  const askAll = async (...wanted: Wants[]) =>
    (await askOf(...wanted)).flatMap((value, at) => (at % 2 === 0 ? [Number(value)] : []));
  const ask = async (...wanted: Wants) => (await askAll(wanted))[0] ?? Number.NaN;

  async function pass(ms: number): Promise<void> {
    for (const key of await redis.keys(`${keys.fairQueue('plivo')}:holes:*`)) await redis.del(key);
    for (const key of await redis.keys(`${keys.fairQueue('plivo')}:sent:*`)) {
      const ttl = await redis.pttl(key);
      await redis.set(key, Number(await redis.get(key)) - ms, 'PX', Math.max(1, ttl));
    }
  }

  it('keeps texts apart, however many come at once and however late', async () => {
    const waits: number[] = [];
    for (let at = 0; at < 10; at++) waits.push(await ask(1, 10_000));
    expect(waits[0]).to.equal(0);
    // Each asks a moment after the one before, and is told that much less.
    for (const [at, wait] of waits.entries()) expect(wait, `text ${at}`).to.be.within(at * 10_000 - 9_000, at * 10_000);
    await pass(95_000);
    expect(await ask(1, 10_000)).to.be.within(1, 5_000);
    await pass(60_000);
    expect(await ask(1, 10_000)).to.equal(0);
  });

  it('gives several requests at once, and the next one after all of them', async () => {
    expect(await ask(1, 10_000, 3)).to.equal(0);
    expect(await ask(1, 10_000)).to.be.within(21_000, 30_000);
  });

  it('gives many what they want in one call, each in its turn', async () => {
    const waits = await askAll([1, 10_000], [2, 10_000], [1, 10_000], [1, 10_000, 2], [1, 10_000]);
    expect(waits).to.deep.equal([0, 0, 10_000, 20_000, 40_000]);
    expect(await ask(2, 10_000)).to.be.within(1, 10_000);
  });

  it('gives no moment before the one that is wanted, and the next one after that', async () => {
    expect(await askAll([1, 10_000, 1, 200], [1, 10_000])).to.deep.equal([200, 10_200]);
  });

  it('leaves nothing of the account unused before what comes ahead of its moment', async () => {
    // Somebody came half a second before a moment: what is free until then is for who comes now.
    expect(await askAll(['account', 10, 1, 500])).to.deep.equal([500]);
    const soon = await askAll(['account', 10], ['account', 10, 2], ['account', 10, 1, 100]);
    expect(soon).to.deep.equal([0, 10, 100]);
    // And once only.
    const all = await askAll(...Array.from({ length: 60 }, (): Wants => ['account', 10]));
    const times = [...soon, 20, 500, ...all].sort((a, b) => a - b);
    expect(times.slice(1).every((at, place) => at - (times[place] ?? 0) >= 9)).to.equal(true);
    expect(all.filter((at) => at < 500).length).to.be.within(44, 46);
    expect(Math.max(...all)).to.be.within(640, 660);
  });

  it('takes no more than a limit allows, whoever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 600 })), {
          minLength: 1,
          maxLength: 60,
        }),
        async (wants) => {
          await redis.flushdb();
          const wanted = wants.map(([count, inMs]): Wants => ['account', 7, count, inMs]);
          const answer = await askOf(...wanted);
          const taken = wants.map(([count, inMs], at) => {
            const until = Number(answer[at * 2 + 1]);
            return { from: until - 7 * count, until, inMs, waitMs: Number(answer[at * 2]) };
          });
          expect(taken.every(({ waitMs, inMs }) => waitMs >= inMs)).to.equal(true);
          const sorted = taken.sort((a, b) => a.from - b.from);
          for (const [at, { from }] of sorted.entries())
            expect(from).to.be.at.least((sorted[at - 1]?.until ?? 0) - 0.01);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets a text come before its moment, so that it can be claimed, and says when that is', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '1', ACCOUNT_MPS: '0' });
    const askedAt = performance.now();
    const slotAt = askedAt + 600;
    const { at } = await limiter.pass(1, { count: 1, size: 1, slotAt });
    const tookMs = performance.now() - askedAt;
    expect(at).to.be.within(slotAt - 1, slotAt + 500 + tookMs);
    const next = await limiter.pass(1, { count: 1, size: 1, slotAt });
    // By as much as the first answer took, the clock of Redis may have seemed to be behind.
    expect(next.at).to.be.at.least(at + 1_000 - tookMs);
    expect(performance.now()).to.be.at.least(next.at - AHEAD_MS - 2);
  });

  it('gives a moment that was not used back, so that the next one keeps its distance to what took its place', async () => {
    const [, held = ''] = await askOf([1, 10_000]);
    await pass(3_000);
    const moved = `${(Number(held) - 3_000).toFixed(3)}`;
    await redis.set(`${keys.fairQueue('plivo')}:sent:1`, moved, 'PX', 60_000);
    expect(await ask(1, 10_000, 1, 0, moved), 'late by three seconds').to.equal(0);
    expect(await ask(1, 10_000)).to.be.within(9_000, 10_000);
    expect(await ask(1, 10_000, 1, 0, moved), 'another has taken more meanwhile').to.be.within(19_000, 20_000);
  });

  /** Redis, with what becomes of each answer on its way. */
  function answering(change: (answer: unknown[]) => Promise<unknown[]>): Redis {
    const changed: Redis = Object.create(redis);
    const evaluate = redis.eval.bind(redis);
    return Object.assign(changed, {
      eval: async (...args: Parameters<typeof evaluate>) => {
        const answer = await evaluate(...args);
        return Array.isArray(answer) ? change(answer) : answer;
      },
    });
  }

  it('keeps a text to its moment where Redis’ answer comes late, so that the next one keeps its distance', async () => {
    let lateMs = 0;
    const slow = answering((answer) => sleep(lateMs, answer));
    const limiter = limiterOf({ NUMBER_MPS: '1', ACCOUNT_MPS: '0' }, { redis: slow });
    await limiter.pass(1, now(1));
    lateMs = 1_500;
    const slotAt = performance.now() + 2_000;
    const late = await limiter.pass(3, { count: 1, size: 1, slotAt });
    expect(late.at).to.be.within(slotAt - 1, slotAt + 1_000);
  });

  it('is early for no text after Redis’ clock was set back', async () => {
    let backMs = 0;
    const set = answering(async (answer) => answer.map((one, at) => (at % 2 === 0 ? one : `${Number(one) - backMs}`)));
    const limiter = limiterOf({ NUMBER_MPS: '1', ACCOUNT_MPS: '0' }, { redis: set });
    await limiter.pass(1, now(1));
    backMs = 5_000;
    const askedAt = performance.now();
    const slotAt = askedAt + 500;
    const { at } = await limiter.pass(3, { count: 1, size: 1, slotAt });
    expect(at).to.be.within(slotAt - 1, slotAt + 400 + performance.now() - askedAt);
  });

  it('waits for a moment, and where that has passed moves the next ones', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '2', ACCOUNT_MPS: '0' });
    const moment = await limiter.pass(1, { count: 1, size: 1, slotAt: performance.now() + 200 });
    expect(await limiter.keep(moment)).to.equal(null);
    expect(performance.now()).to.be.at.least(moment.at - 2);
    const late = await limiter.pass(1, { count: 1, size: 1, slotAt: moment.at });
    const held = { ...late, at: late.at - 300 };
    expect(await limiter.keep(held)).to.equal(null);
    const sentAt = performance.now();
    const next = await limiter.pass(1, { count: 1, size: 1, slotAt: sentAt });
    expect(next.at).to.be.at.least(sentAt + 400);
  });

  it('asks nothing that is shared for a moment that went by while the process stood still, and says that it did', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '5', ACCOUNT_MPS: '50' });
    const slotAt = performance.now();
    await limiter.pass(1, { count: 5, size: 1, slotAt });
    const shared = await redis.get(`${keys.fairQueue('plivo')}:sent:account`);
    const passing = limiter.pass(1, { count: 1, size: 1, slotAt });
    await sleep(100);
    const thaws = performance.now() + 2_500;
    while (performance.now() < thaws);
    const stale = await passing;
    expect(isStale(stale)).to.equal(true);
    // What was taken by then may have run out.
    expect(await redis.get(`${keys.fairQueue('plivo')}:sent:account`)).to.be.oneOf([shared, null]);
    const again = await limiter.pass(1, { count: 1, size: 1, slotAt, instead: stale });
    expect(isStale(again)).to.equal(false);
  });

  it('gives at once another moment where the next texts have theirs, which is kept for who asks with it again', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '1', ACCOUNT_MPS: '0' });
    const first = await limiter.pass(1, now(1));
    await ask(1, first.gapMs);
    const askedAt = performance.now();
    const next = await limiter.keep({ ...first, at: first.at - 300 });
    expect(performance.now() - askedAt, 'without waiting for it').to.be.below(2 * first.gapMs - AHEAD_MS);
    const closerThanAnother = first.gapMs / 2;
    expect(next?.at).to.be.closeTo(first.at + 2 * first.gapMs, closerThanAnother);
    const again = await limiter.pass(1, { ...now(1), instead: next });
    expect(again.at).to.be.closeTo(next?.at ?? 0, closerThanAnother);
  });

  it('keeps segments apart, not texts, and MMS as far as their own rates say, by the class of the number', async () => {
    const env = {
      NUMBER_MPS: '20',
      ACCOUNT_MPS: '100',
      NUMBER_MMS_MPS: '4',
      TOLLFREE_MMS_MPS: '5',
      ACCOUNT_MMS_MPS: '8',
    };
    for (const [kind, size, gapMs] of [
      ['long', 3, 150],
      ['tollfree', 3, 120],
      ['short', 3, 30],
      ['long', 'mms', 250],
      ['tollfree', 'mms', 200],
    ] as const) {
      await redis.flushdb();
      const limiter = limiterOf(env, { classOf: async () => kind });
      const askedAt = performance.now();
      const first = await limiter.pass(1, now(1, size));
      const tookMs = performance.now() - askedAt;
      expect(Math.round(first.gapMs), `${kind} ${size}`).to.be.closeTo(gapMs, 2);
      let last = first;
      for (let more = 0; more < 4; more++) last = await limiter.pass(1, now(1, size));
      // The first may go at once: it is as late as its answer.
      expect(last.at - first.at, `${kind} ${size}`).to.be.at.least(gapMs * 4 - tookMs);
    }
  });

  it('keeps the texts of all numbers of a campaign apart, where it has a pace, and no others', async () => {
    const limiter = limiterOf(
      { NUMBER_MPS: '1000', ACCOUNT_MPS: '0', NUMBER_MMS_MPS: '1000', ACCOUNT_MMS_MPS: '0' },
      {
        campaignOf: async (numberId) => (numberId < 5 ? 'C1' : 'C2'),
        campaignPaces: async () => new Map([['C1', 10]]),
      },
    );
    const askedAt = performance.now();
    const first = await limiter.pass(1, now(1, 3));
    const second = await limiter.pass(3, now(1, 'mms'));
    const third = await limiter.pass(1, now(1));
    const tookMs = performance.now() - askedAt;
    expect(second.at - first.at).to.be.within(300 - tookMs, 310 + tookMs);
    expect(third.at - second.at).to.be.within(100 - tookMs, 110 + tookMs);
    const other = await limiter.pass(5, now(1));
    expect(other.gapMs).to.be.below(2);
  });

  it('says how far apart texts are that pass together: as far as the tighter limit wants', async () => {
    for (const [env, gapMs] of [
      [{ NUMBER_MPS: '20', ACCOUNT_MPS: '100' }, 50],
      [{ NUMBER_MPS: '0', ACCOUNT_MPS: '100' }, 10],
      [{ NUMBER_MPS: '20', ACCOUNT_MPS: '0' }, 50],
      [{ NUMBER_MPS: '0', ACCOUNT_MPS: '0' }, 0],
    ] as const) {
      await redis.flushdb();
      expect((await limiterOf(env).pass(1, now(3))).gapMs, JSON.stringify(env)).to.be.closeTo(gapMs * 1.009, 1e-9);
    }
  });

  it('counts each number alone', async () => {
    expect([await ask(1, 10_000), await ask(2, 10_000), await ask('account', 10_000)]).to.deep.equal([0, 0, 0]);
  });

  it('counts the account at each carrier alone', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '0', ACCOUNT_MPS: '0.001' });
    await limiter.pass(1, now(100));
    const another = limiter.pass(3, now(1)).then(
      () => 'sent',
      () => 'held',
    );
    await limiter.pass(2, now(1));
    limiter.stop();
    expect(await another).to.equal('held');
  });

  it('is not held for an hour after a clock was set back', async () => {
    expect(await ask(1, 1_000)).to.equal(0);
    await pass(-3_600_000);
    expect(await ask(1, 1_000)).to.equal(0);
  });

  it('lets the texts of a number go in the order in which they asked, and lets go of them when the process stops', async () => {
    const limiter = limiterOf({ NUMBER_MPS: '20', ACCOUNT_MPS: '0' });
    const went: number[] = [];
    const texts = Array.from({ length: 22 }, async (_, at) => {
      await limiter.pass(1, now(1));
      went.push(at);
    });
    await Promise.all(texts.slice(0, 21));
    expect(went.slice(0, 21)).to.deep.equal([...went.keys()].slice(0, 21));
    const slow = limiterOf({ NUMBER_MPS: '0.001', ACCOUNT_MPS: '0' });
    await slow.pass(2, now(1));
    const held = slow.pass(2, now(1)).then(
      () => 'sent',
      () => 'let go',
    );
    slow.stop();
    expect(await held).to.equal('let go');
    await Promise.all(texts);
  });
});

/** So many texts, the first of them now. */
const now = (count: number, size: TextSize = 1) => ({ count, size, slotAt: performance.now() });

/** Odd ones are at one carrier, even ones at the other. */
const classOf = async () => 'long' as const;
const carrierOf = async (numberId: number) => (numberId % 2 === 1 ? ('plivo' as const) : ('telnyx' as const));

function configOf(env: Record<string, string>) {
  return readConfig({
    MYSQL_URL: 'mysql://nobody@127.0.0.1/none',
    REDIS_URL: 'redis://127.0.0.1',
    PUBLIC_URL: 'https://us.example',
    PLIVO_AUTH_ID: 'MA',
    PLIVO_AUTH_TOKEN: 'token',
    SERVICE_NUMBER: '+12015551000',
    ...env,
  });
}
