import { expect } from 'chai';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import {
  areQueued,
  type ClassedRequest,
  dropRequests,
  holdNumber,
  type Request,
  type Reservation,
  reserve,
} from '../../../engine/delivery/fair-queue.ts';
import { paceOf } from '../../../engine/delivery/pace.ts';
import { openRedisClock, type RedisClock } from '../../../engine/delivery/redis-clock.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { openRedisDatabase } from '../../support/redis.ts';
import { type Limits, requestWith } from '../../support/requests.ts';

/** The requests, on the real Redis. Time passes by moving what Redis keeps into the past, so nothing here waits. */
describe('the fair queue', () => {
  let redis: Redis;
  let clock: RedisClock;
  let passedMs = 0;

  before(async () => {
    redis = await openRedisDatabase();
    clock = openRedisClock();
    // The quickest of some answers: what is learned from a slow one would move all slots after the first.
    for (let at = 0; at < 10; at++) await ask({ accountMps: 1 }, [requestWith({ count: 1 })]);
  });
  beforeEach(async () => {
    await redis.flushdb();
    passedMs = 0;
  });
  after(() => redis.disconnect());

  async function ask(
    { horizonMs = HORIZON_MS, campaigns = {}, ...pace }: Limits,
    requests: readonly Partial<ClassedRequest>[],
    room = 0,
  ): Promise<Slotted & { waiting: number }> {
    const { reservations, waiting } = await reserve(
      { redis, config, clocks: () => clock },
      {
        carrier: 'plivo',
        requests: requests.map(requestWith),
        pace: paceOf(limitsOf(pace), new Map(Object.entries(campaigns)), 1),
        horizonMs,
        room,
      },
    );
    return { waiting, reservations, slots: reservations.flatMap((reservation) => slotsOf(reservation, passedMs)) };
  }

  /** As if so much time went by: everything that is kept with a time moves back by it. */
  async function pass(pace: Limits, ms: number): Promise<void> {
    passedMs += ms;
    const numbers = await redis.hgetall(`${queue}:next`);
    for (const [number, at] of Object.entries(numbers)) await redis.hset(`${queue}:next`, number, Number(at) - ms);
    for (const full of [`${queue}:full:u`, `${queue}:full:m`])
      for (const number of await redis.zrange(full, 0, -1)) await redis.zincrby(full, -ms, number);
    if (pace.accountMps) await passShared(`${queue}:account`, `${queue}:hint`, { mps: pace.accountMps, ms });
    for (const [name, mps] of Object.entries(pace.campaigns ?? {}))
      await passShared(`${queue}:campaign:${name}`, `${queue}:campaign-hint:${name}`, { mps, ms });
  }

  async function passShared(key: string, hintKey: string, { mps, ms }: { mps: number; ms: number }): Promise<void> {
    const width = 1_000 / mps;
    // By whole slots, as the script counts them.
    const back = (at: string) => (Math.round(Number(at) / width) - Math.round(ms / width)) * width;
    const taken = await redis.zrange(key, 0, -1);
    await redis.del(key);
    for (const slot of taken) await redis.zadd(key, back(slot).toFixed(3), back(slot).toFixed(3));
    const hint = await redis.get(hintKey);
    if (hint !== null) await redis.set(hintKey, back(hint).toFixed(3));
  }

  /** Pumps every 200 ms until nobody waits; all slots, those of `first` included. */
  async function pumpDry(pace: Limits, first: readonly Slot[] = []): Promise<Slot[]> {
    const slots = [...first];
    for (;;) {
      await pass(pace, DISPATCH_MS);
      const taken = await ask(pace, []);
      slots.push(...taken.slots);
      if (taken.waiting === 0) return slots;
    }
  }

  describe('hold the limits', () => {
    for (const [what, pace] of [
      ['of a number alone', { numberMps: 20 }],
      ['of the account alone', { accountMps: 20 }],
      ['of both, the account’s the tighter', { numberMps: 20, accountMps: 25 }],
      ['of both, the numbers’ the tighter', { numberMps: 4, accountMps: 50 }],
      ['of a slow number', { numberMps: 0.5, horizonMs: 5_000 }],
      ['of odd rates', { numberMps: 7, accountMps: 13 }],
    ] as const) {
      it(`${what}: no window ever holds more`, async () => {
        const requests = [
          requestWith({ numberId: 1, count: 30 }),
          requestWith({ numberId: 2, groupId: 2, messageId: 2, count: 30 }),
        ];
        const many = 'horizonMs' in pace ? requests.map((one) => ({ ...one, count: 5 })) : requests;
        const slots = await pumpDry(pace, (await ask(pace, many)).slots);
        expect(slots).to.have.length(many.reduce((sum, { count }) => sum + count, 0));
        for (const numberId of [1, 2])
          expectPaced(
            slots.filter((slot) => slot.numberId === numberId),
            pace.numberMps,
          );
        expectPaced(slots, 'accountMps' in pace ? pace.accountMps : 0);
      });
    }

    for (const [what, pace] of [
      ['of a campaign alone', { campaigns: { C1: 20 } }],
      ['of a campaign, the tighter beside its numbers', { numberMps: 15, campaigns: { C1: 20 } }],
      ['of a campaign beside the account', { accountMps: 50, campaigns: { C1: 20 } }],
      ['of all three', { numberMps: 7, accountMps: 25, campaigns: { C1: 10 } }],
    ] as const) {
      it(`${what}: its numbers share it, others do not wait for it, and no slot is wasted`, async () => {
        const limits: Limits = pace;
        const of = (numberId: number, campaign: string | null) =>
          requestWith({ numberId, groupId: numberId, messageId: numberId, count: 30, campaign });
        const slots = await pumpDry(limits, (await ask(limits, [of(1, 'C1'), of(2, 'C1'), of(3, null)])).slots);
        expect(slots).to.have.length(90);
        const inCampaign = slots.filter(({ numberId }) => numberId !== 3);
        const mps = pace.campaigns.C1;
        // Beside slots of the account, the last look before a text goes out keeps them apart.
        if (!limits.accountMps) expectPaced(inCampaign, mps);
        expectPaced(slots, limits.accountMps);
        const times = inCampaign.map(({ atMs }) => atMs).sort((a, b) => a - b);
        const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
        expect(took).to.be.within((58 * 1_000) / mps - CLOCK_MS, (72 * 1_000) / mps + DISPATCH_MS);
        const other = slots.filter(({ numberId }) => numberId === 3).map(({ atMs }) => atMs);
        expect(Math.max(...other)).to.be.below(Math.max(...times));
      });
    }

    it('a text of many segments takes as many slots of its campaign, an MMS takes one', async () => {
      const limits = { campaigns: { C1: 20 } };
      const long = requestWith({ count: 2, size: 5, campaign: 'C1' });
      const mms = requestWith({ numberId: 2, groupId: 2, messageId: 2, count: 2, size: 'mms', campaign: 'C1' });
      const slots = inOrder(await pumpDry(limits, (await ask(limits, [long, mms])).slots));
      const firstAt = slots[0]?.atMs ?? 0;
      const [, secondLong] = ofMessage(slots, 1);
      expect(slots).to.have.length(4);
      expect((secondLong?.atMs ?? 0) - firstAt).to.be.at.least(250 - CLOCK_MS);
      expect(Math.max(...slots.map(({ atMs }) => atMs)) - firstAt).to.be.within(500 - CLOCK_MS, 600 + DISPATCH_MS);
    });

    it('of a campaign that a number has left, its texts wait no more', async () => {
      const limits = { numberMps: 10, campaigns: { C1: 1 } };
      const first = await ask(limits, [requestWith({ count: 10, campaign: 'C1' })]);
      const moved = await ask(limits, [requestWith({ messageId: 2, count: 10, campaign: null })]);
      const times = (await pumpDry(limits, [...first.slots, ...moved.slots])).map(({ atMs }) => atMs);
      expect(times).to.have.length(20);
      expect(Math.max(...times) - Math.min(...times)).to.be.below(HORIZON_MS + 2_500);
    });

    it('and waste no slot while somebody waits', async () => {
      const pace = { accountMps: 20 };
      const slots = await pumpDry(pace, (await ask(pace, [requestWith({ count: 100 })])).slots);
      const times = slots.map(({ atMs }) => atMs).sort((a, b) => a - b);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).to.be.within(98 * 50, 100 * 50);
    });

    it('without a limit no slot has a time, and the room in the queue is all that counts', async () => {
      const first = await ask({}, [requestWith({ count: 70 })], 50);
      expect(first.reservations).to.deep.equal([{ messageId: 1, numberId: 1, count: 50, size: 1, slots: null }]);
      expect(first.waiting).to.equal(1);
      expect((await ask({}, [], 0)).reservations).to.deep.equal([]);
      const rest = await ask({}, [], 50);
      expect(rest.reservations).to.deep.equal([{ messageId: 1, numberId: 1, count: 20, size: 1, slots: null }]);
      expect(rest.waiting).to.equal(0);
    });

    it('without a limit groups share the room by requests', async () => {
      const big = requestWith({ count: 1_000 });
      const small = requestWith({ groupId: 2, messageId: 2, count: 4 });
      await ask({}, [big], 100);
      const { reservations } = await ask({}, [small], 40);
      expect(reservations.find(({ messageId }) => messageId === 2)?.count).to.equal(4);
    });
  });

  describe('reserve only so far ahead', () => {
    for (const [what, urgent, share] of [
      ['messages at most a fifth of the horizon', false, 0.2],
      ['urgent texts all of it', true, 1],
    ] as const) {
      it(`${what}, by number and by account`, async () => {
        for (const pace of [{ numberMps: 20 }, { accountMps: 20 }]) {
          await redis.flushdb();
          const askedAt = Date.now();
          const { slots, waiting } = await ask(pace, [requestWith({ urgent, count: 1_000 })]);
          const furthest = Math.max(...slots.map(({ atMs }) => atMs));
          expect(furthest - Date.now()).to.be.at.most(HORIZON_MS * share + 20);
          expect(furthest - askedAt).to.be.at.least(HORIZON_MS * share - 150);
          expect(waiting).to.equal(1);
        }
      });
    }

    it('so a PIN finds a slot right behind what messages have reserved', async () => {
      const pace = { numberMps: 20 };
      const before = await ask(pace, [requestWith({ count: 1_000 })]);
      const { slots } = await ask(pace, [requestWith({ urgent: true, groupId: 0, messageId: 2, count: 1 })]);
      const lastReserved = Math.max(...before.slots.map(({ atMs }) => atMs));
      expect(slots.find(({ messageId }) => messageId === 2)?.atMs).to.be.within(lastReserved + 49, lastReserved + 60);
    });
  });

  describe('go in order', () => {
    it('of one group and number the message that was accepted first goes first, also when it asked later', async () => {
      const pace = { numberMps: 20 };
      const slots = (
        await ask(pace, [requestWith({ messageId: 5, count: 30 }), requestWith({ messageId: 3, count: 20 })])
      ).slots;
      slots.push(...(await ask(pace, [requestWith({ messageId: 4, count: 10 })])).slots);
      const all = await pumpDry(pace, slots);
      const order = inOrder(all).map(({ messageId }) => messageId);
      expect(order).to.deep.equal([...Array(20).fill(3), ...order.slice(20)]);
      // What 5 had already reserved stays; of what was left, 4 came first.
      expect(order.slice(20).filter((id) => id === 4)).to.have.length(10);
      expect(order.lastIndexOf(4)).to.be.lessThan(order.lastIndexOf(5));
    });

    it('urgent texts go before messages that wait', async () => {
      const pace = { numberMps: 20 };
      await ask(pace, [requestWith({ count: 1_000 })]);
      const { slots } = await ask(pace, [
        requestWith({ groupId: 2, messageId: 2, count: 5 }),
        requestWith({ urgent: true, groupId: 3, messageId: 3, count: 5 }),
      ]);
      expect(slots.map(({ messageId }) => messageId)).to.deep.equal([3, 3, 3, 3, 3]);
    });
  });

  describe('are shared between groups', () => {
    for (const [what, pace, numberOfChat] of [
      ['one number', { numberMps: 20 }, 1],
      ['the account', { accountMps: 20 }, 2],
      ['a number of 1 a second and an account of 5', { numberMps: 1, accountMps: 5 }, 2],
    ] as const) {
      it(`a chat of four is not behind a broadcast of a thousand on ${what}`, async () => {
        const start = Date.now();
        const broadcast = [requestWith({ count: 1_000 })];
        // A broadcast reaches its members through several numbers, so that the account is what is short.
        if (pace.numberMps === 1)
          for (let at = 3; at < 13; at++) broadcast.push(requestWith({ numberId: at, count: 100 }));
        const slots = (await ask(pace, broadcast)).slots;
        const chat = { numberId: numberOfChat, groupId: 2, messageId: 2, count: 4 };
        slots.push(...(await ask(pace, [requestWith(chat)])).slots);
        while (ofMessage(slots, 2).length < 4) {
          await pass(pace, DISPATCH_MS);
          slots.push(...(await ask(pace, [])).slots);
        }
        const first = (inOrder(ofMessage(slots, 2))[0]?.atMs ?? 0) - start;
        const last = (inOrder(ofMessage(slots, 2)).at(-1)?.atMs ?? 0) - start;
        // What the calls took has passed besides.
        const tookMs = Date.now() - start;
        expect(first, 'first').to.be.at.most(HORIZON_MS * 0.2 + 3 * DISPATCH_MS + 100 + tookMs);
        // Four texts through a number of one a second take three seconds more, no matter who else is there.
        expect(last, 'last').to.be.at.most(first + (pace.numberMps === 1 ? 3_000 + 4 * DISPATCH_MS : 600) + tookMs);
      });
    }

    it('a chat is not behind a broadcast on its number while others fill the account, whenever it comes', async () => {
      const pace = { numberMps: 50, accountMps: 100 };
      const broadcasts = [1, 2, 3, 4].map((at) =>
        requestWith({ numberId: at, groupId: at, messageId: at, count: 10_000 }),
      );
      // At some rhythms of the pumps, the broadcast would have its turn each time just before the chat's.
      for (const pumpMs of [60, 90, 175, 188, 194]) {
        for (const before of [6, 9, 10]) {
          await redis.flushdb();
          await ask(pace, broadcasts);
          for (let pumps = 0; pumps < before; pumps++) {
            await pass(pace, pumpMs);
            await ask(pace, []);
          }
          const { slots } = await ask(pace, [requestWith({ numberId: 1, groupId: 5, messageId: 5, count: 4 })]);
          let waitedMs = 0;
          for (; ofMessage(slots, 5).length < 4 && waitedMs < 5_000; waitedMs += pumpMs) {
            await pass(pace, pumpMs);
            slots.push(...(await ask(pace, [])).slots);
          }
          expect(waitedMs, `every ${pumpMs} ms, after ${before}`).to.be.at.most(1_200);
        }
      }
    });

    it('ten broadcasts get the same share each', async () => {
      const pace = { accountMps: 20 };
      const requests = Array.from({ length: 10 }, (_, at) =>
        requestWith({ numberId: at, groupId: at, messageId: at + 1, count: 50 }),
      );
      const slots = (await ask(pace, requests)).slots;
      while (slots.length < 200) {
        await pass(pace, DISPATCH_MS);
        slots.push(...(await ask(pace, [])).slots);
      }
      const shares = requests.map(({ messageId }) => ofMessage(slots, messageId).length);
      expect(Math.max(...shares) - Math.min(...shares)).to.be.at.most(4);
    });
  });

  describe('cost by who is served, not by who waits', () => {
    for (const [what, pace] of [
      ['its own limit', { numberMps: 1 }],
      ['a wider one of the account', { numberMps: 1, accountMps: 50 }],
      ['the carrier, for an hour', { accountMps: 20 }],
    ] as const) {
      it(`a group on an idle number is served at once while many groups wait on one that is full by ${what}`, async () => {
        if (!('numberMps' in pace))
          await holdNumber({ redis, config }, { carrier: 'plivo', numberId: 1, untilMs: Date.now() + 3_600_000 });
        await crowd(pace, MANY);
        for (let pumps = 0; pumps < 3; pumps++) {
          await pass(pace, DISPATCH_MS);
          expect(await commandsOf(() => ask(pace, []))).to.be.lessThan(300);
        }
        for (const urgent of [true, false]) {
          const messageId = urgent ? 90_000 : 90_001;
          const chat = requestWith({ urgent, numberId: 2, groupId: 90_000, messageId, count: 1 });
          let slots: Slot[] = [];
          expect(await commandsOf(async () => ({ slots } = await ask(pace, [chat])))).to.be.lessThan(300);
          expect(ofMessage(slots, messageId)).to.have.length(1);
        }
      });
    }

    it('each of many groups on one number gets its turn, in the order in which they came', async () => {
      const pace = { numberMps: 1 };
      const slots = await crowd(pace, 30);
      slots.push(...(await pumpDry(pace)));
      expect(inOrder(slots).map(({ messageId }) => messageId)).to.deep.equal(
        Array.from({ length: 30 }, (_, at) => at + 1),
      );
      const times = inOrder(slots).map(({ atMs }) => atMs);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0), 'no slot is wasted').to.be.within(28_900, 29_300);
    });

    it('texts for all numbers together go out as fast as each number may send', async () => {
      const pace = { numberMps: 1, accountMps: 200 };
      const many = Array.from({ length: 300 }, (_, at) => ({
        numberId: (at % 100) + 1,
        groupId: at + 1,
        messageId: at + 1,
      }));
      const slots = (
        await ask(
          pace,
          many.map((one) => requestWith({ ...one, count: 2 })),
        )
      ).slots;
      slots.push(...(await pumpDry(pace)));
      expect(slots).to.have.length(600);
      const times = inOrder(slots).map(({ atMs }) => atMs);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).to.be.at.most(6_000);
    });

    it('a message that is dropped leaves nothing, parked or not', async () => {
      const pace = { numberMps: 1 };
      await crowd(pace, 3);
      await dropRequests({ redis, config }, { carrier: 'plivo', groupId: 3, messageIds: [3] });
      expect(ofMessage(await pumpDry(pace), 3)).to.deep.equal([]);
      expect(await redis.keys(`${queue}*`)).to.deep.equal([`${queue}:next`]);
    });

    /** So many groups wait on number 1, each for one slot. */
    async function crowd(pace: Limits, count: number): Promise<Slot[]> {
      const groups = Array.from({ length: count }, (_, at) =>
        requestWith({ groupId: at + 1, messageId: at + 1, count: 1 }),
      );
      const slots: Slot[] = [];
      for (let from = 0; from < count; from += 500)
        slots.push(...(await ask(pace, groups.slice(from, from + 500))).slots);
      return slots;
    }

    /** How many commands Redis ran for it, in scripts too. */
    async function commandsOf(act: () => Promise<unknown>): Promise<number> {
      const before = await commandsRun();
      await act();
      return (await commandsRun()) - before;
    }
    async function commandsRun(): Promise<number> {
      const calls = (await redis.info('commandstats')).matchAll(/calls=(\d+)/g);
      return [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
    }
  });

  describe('survive repeats and losses', () => {
    it('asking again replaces what was asked before', async () => {
      const pace = { numberMps: 20 };
      const first = await ask(pace, [requestWith({ count: 100 })]);
      const again = await ask(pace, [requestWith({ count: 100 - first.slots.length })]);
      const all = await pumpDry(pace, [...first.slots, ...again.slots]);
      expect(all).to.have.length(100);
    });

    it('asking for nothing puts nobody in line', async () => {
      expect(await ask({ numberMps: 20 }, [requestWith({ count: 0 })])).to.deep.include({ slots: [], waiting: 0 });
      expect(await redis.keys(`${queue}*`)).to.deep.equal([]);
    });

    it('who stands in line can be asked, and is not in it after Redis came back empty', async () => {
      const pace = { numberMps: 20 };
      const waits = requestWith({ count: 100 });
      const isServed = requestWith({ numberId: 2, count: 1 });
      await ask(pace, [isServed, waits]);
      expect(await areQueued({ redis, config }, { carrier: 'plivo', requests: [waits, isServed] })).to.deep.equal([
        true,
        false,
      ]);
      expect(await areQueued({ redis, config }, { carrier: 'plivo', requests: [] })).to.deep.equal([]);
      await redis.flushdb();
      expect(await areQueued({ redis, config }, { carrier: 'plivo', requests: [waits] })).to.deep.equal([false]);
      expect(await ask(pace, [])).to.deep.include({ slots: [], waiting: 0 });
      const again = await ask(pace, [requestWith({ count: 60 })]);
      expect(await pumpDry(pace, again.slots)).to.have.length(60);
    });

    it('nothing is left in Redis of lines that were served', async () => {
      const pace = { accountMps: 20 };
      await pumpDry(
        pace,
        (await ask(pace, [requestWith({ count: 50 }), requestWith({ groupId: 2, messageId: 2, count: 9 })])).slots,
      );
      const left = await redis.keys(`${queue}*`);
      expect(left.sort()).to.deep.equal([`${queue}:account`, `${queue}:hint`]);
      await pass(pace, 60_000);
      await ask(pace, []);
      expect(await redis.zcard(`${queue}:account`)).to.equal(0);
    });

    it('a number that was silent for an hour gets no slots for it afterwards', async () => {
      for (const pace of [{ numberMps: 20 }, { accountMps: 20 }]) {
        await redis.flushdb();
        await ask(pace, [requestWith({ count: 10 })]);
        await pass(pace, 3_600_000);
        passedMs = 0;
        const askedAt = Date.now();
        const { slots } = await ask(pace, [requestWith({ messageId: 2, count: 10 })]);
        expect(Math.min(...slots.map(({ atMs }) => atMs))).to.be.at.least(askedAt - 60);
        expectPaced(slots, 20);
      }
    });
  });

  describe('go on at once', () => {
    const paces = [
      { accountMps: 10 },
      { accountMps: 5 },
      { accountMps: 4.99 },
      { numberMps: 10 },
      { numberMps: 0.5 },
      { numberMps: 20, accountMps: 7 },
    ] as const;
    for (const before of paces) {
      for (const after of paces.filter((pace) => pace !== before)) {
        it(`when ${said(before)} becomes ${said(after)}, within the new limits`, async () => {
          await ask(before, [requestWith({ count: 1 })]);
          await pass(before, 10_000);
          passedMs = 0;
          const { slots } = await ask(after, [requestWith({ messageId: 2, count: 3 })]);
          expect(slots.length).to.be.greaterThan(0);
          expect(slots[0]?.atMs).to.be.lessThan(Date.now() + 1_000);
          expectPaced(slots, 'accountMps' in after ? after.accountMps : after.numberMps);
        });
      }
    }

    for (const [name, limits, size] of [
      ['1', { numberMps: 10 }, 1],
      ['account', { accountMps: 10 }, 1],
      ['campaign:C1', { campaigns: { C1: 10 } }, 1],
      ['account-mms', { accountMps: 10, accountMmsMps: 10 }, 'mms'],
    ] as const)
      it(`gives no slot before the senders may use it: they are ahead with ${name}`, async () => {
        const [seconds = '0', micros = '0'] = await redis.time();
        const untilMs = Number(seconds) * 1_000 + Number(micros) / 1_000 + 1_500;
        const sent = (at: number) => redis.set(`${queue}:sent:${name}`, at.toFixed(3));
        await sent(untilMs);
        const first = await ask(limits, [requestWith({ count: 1, size, campaign: 'C1' })]);
        expect(first.slots[0]?.atMs).to.be.within(untilMs - CLOCK_MS, untilMs + 100 + CLOCK_MS);
        await redis.flushdb();
        // As after a clock was set back.
        await sent(untilMs + 3_600_000);
        const trusted = await ask(limits, [requestWith({ count: 1, size, campaign: 'C1' })]);
        expect(trusted.slots[0]?.atMs).to.be.below(untilMs);
      });

    it('gives slots of the account that the senders, who are ahead, have left free', async () => {
      const [seconds = '0', micros = '0'] = await redis.time();
      const nowMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
      await redis.set(`${queue}:sent:account`, (nowMs + 600).toFixed(3));
      await redis.set(`${queue}:holes:account`, `${(nowMs + 50).toFixed(3)}-${(nowMs + 590).toFixed(3)}`);
      const { slots } = await ask({ accountMps: 10 }, [requestWith({ count: 1 })]);
      expect(slots[0]?.atMs).to.be.within(nowMs + 50 - CLOCK_MS, nowMs + 250 + CLOCK_MS);
    });

    it('when a limit of the account changes while its slots are taken: both keep their distance', async () => {
      const first = await ask({ accountMps: 10 }, [requestWith({ count: 5 })]);
      const then = await ask({ accountMps: 4 }, [requestWith({ messageId: 2, count: 3 })]);
      expect(then.slots.length).to.be.greaterThan(0);
      const times = inOrder([...first.slots, ...then.slots]).map(({ atMs }) => atMs);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...gaps)).to.be.at.least(98);
    });

    for (const pace of [{ accountMps: 5 }, { numberMps: 1 }]) {
      it(`under ${said(pace)} after the clock of Redis was an hour ahead`, async () => {
        await ask(pace, [requestWith({ count: 3 })]);
        await pass(pace, -3_600_000);
        passedMs = 0;
        const { slots } = await ask(pace, [requestWith({ messageId: 2, count: 3 })]);
        expect(slots[0]?.atMs).to.be.lessThan(Date.now() + 1_000);
      });
    }
  });

  describe('a number that the carrier throttles', () => {
    for (const [what, pace] of [
      ['its own limit', { numberMps: 20 }],
      ['the limit of the account', { accountMps: 20 }],
      ['both limits', { numberMps: 20, accountMps: 40 }],
    ] as const) {
      it(`is silent for as long as it was told, under ${what}`, async () => {
        const untilMs = Date.now() + 1_500;
        await holdNumber({ redis, config }, { carrier: 'plivo', numberId: 1, untilMs });
        const { slots } = await ask(pace, [requestWith({ count: 3 }), requestWith({ numberId: 2, count: 3 })]);
        const ofNumber = (id: number) =>
          inOrder(slots.filter(({ numberId }) => numberId === id)).map(({ atMs }) => atMs);
        expect(ofNumber(1)[0]).to.be.at.least(untilMs - 10);
        expect(ofNumber(2)[0]).to.be.lessThan(untilMs - 200);
      });
    }

    it('keeps the distance to the slots that it had reserved, however short the hold', async () => {
      const pace = { numberMps: 20 };
      const before = (await ask(pace, [requestWith({ count: 30 })])).slots;
      await holdNumber({ redis, config }, { carrier: 'plivo', numberId: 1, untilMs: Date.now() + 100 });
      const after = (await ask(pace, [requestWith({ messageId: 2, count: 5 })])).slots;
      expect(after.length).to.be.greaterThan(0);
      expectPaced([...before, ...after], 20);
    });
  });

  describe('count what a text is, by the class of its number', () => {
    it('a text of three segments takes a number and the account for as long as three texts', async () => {
      const slots = inOrder((await ask({ numberMps: 10 }, [{ count: 6, size: 3 }])).slots).map(({ atMs }) => atMs);
      for (const [at, time] of slots.entries()) expect(time - (slots[0] ?? 0)).to.be.closeTo(at * 300, 2);
      await redis.flushdb();
      const two = [1, 2].map((id) => ({ numberId: id, groupId: id, messageId: id, count: 3, size: 4 }));
      const all = inOrder((await ask({ accountMps: 10 }, two)).slots).map(({ atMs }) => atMs);
      expect(all.length).to.be.at.least(5);
      for (const [at, time] of all.entries()) expect(time - (all[0] ?? 0)).to.be.closeTo(at * 400, 2);
    });

    it('what waits is as large when its turn comes', async () => {
      const pace = { numberMps: 4 };
      const first = await ask(pace, [{ count: 12, size: 2 }]);
      expect(first.waiting).to.equal(1);
      expect(await redis.hget(`${queue}:want`, '1:1')).to.match(/^\d+:2$/);
      const slots = inOrder(await pumpDry(pace, first.slots)).map(({ atMs }) => atMs);
      expect(slots).to.have.length(12);
      for (const [at, time] of slots.entries()) if (at > 0) expect(time - (slots[at - 1] ?? 0)).to.be.at.least(485);
      expect(first.reservations.map(({ size }) => size)).to.deep.equal([2]);
    });

    it('toll-free numbers and short codes have paces of their own, and an operator may change the class', async () => {
      const of = (numberId: number, some: Partial<ClassedRequest>) => ({
        ...{ numberId, groupId: numberId, messageId: numberId, count: 5 },
        ...some,
      });
      const { slots } = await ask({ numberMps: 2 }, [
        of(1, { class: 'long' }),
        of(2, { class: 'tollfree' }),
        of(3, { class: 'short' }),
      ]);
      const gapOf = (all: readonly Slot[], id: number) => {
        const [one = 0, next = 0] = inOrder(all.filter(({ numberId }) => numberId === id)).map(({ atMs }) => atMs);
        return next - one;
      };
      expect([1, 2, 3].map((id) => Math.round(gapOf(slots, id) / 10) * 10)).to.deep.equal([500, 40, 10]);
      const after = await ask({ numberMps: 2 }, [{ ...of(2, { class: 'long' }), messageId: 20 }]);
      expect(gapOf(after.slots, 2)).to.be.closeTo(500, 2);
      expect(await redis.hkeys(`${queue}:kind`)).to.deep.equal(['3']);
    });

    it('an MMS takes none of the account’s segments, and who waits for the next one keeps nobody from the number', async () => {
      const pace = { numberMps: 20, accountMps: 100, accountMmsMps: 0.5 };
      const pictures = await ask(pace, [{ count: 4, size: 'mms' }]);
      expect(pictures.slots.length).to.be.within(1, 2);
      const others = await ask(pace, [{ groupId: 2, messageId: 2, count: 20 }]);
      const all = await pumpDry(pace, [...pictures.slots, ...others.slots]);
      const times = (id: number) => inOrder(ofMessage(all, id)).map(({ atMs }) => atMs);
      expect([times(1).length, times(2).length]).to.deep.equal([4, 20]);
      for (const [at, time] of times(1).entries())
        if (at > 0) expect(time - (times(1)[at - 1] ?? 0)).to.be.at.least(1_985);
      expect((times(2).at(-1) ?? 0) - (times(2)[0] ?? 0)).to.be.below(6_000);
    });
  });

  it('takes few commands of Redis for each slot, however many numbers have some', async () => {
    const pace = { numberMps: 1, horizonMs: 5_000 };
    const requests = Array.from({ length: 300 }, (_, at) => ({
      ...{ urgent: false, numberId: at + 1, groupId: at + 1, messageId: at + 1 },
      count: 30,
    }));
    await ask(pace, requests);
    await pass(pace, 1_000);
    const before = await commands();
    const { slots } = await ask(pace, []);
    const spent = (await commands()) - before;
    expect(slots.length).to.equal(300);
    expect(spent / slots.length).to.be.below(5);
  });

  async function commands(): Promise<number> {
    const said = await redis.info('commandstats');
    return [...said.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  }

  it('whatever is asked for in whatever order, everybody gets exactly that and no limit is passed', async () => {
    const anyTurn = fc.record({
      urgent: fc.boolean(),
      numberId: fc.integer({ min: 1, max: 3 }),
      groupId: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 1, max: 12 }),
    });
    const anyStep = fc.oneof(
      { weight: 3, arbitrary: fc.record({ ask: fc.array(anyTurn, { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ passMs: fc.constantFrom(0, 200, 1_000) }) },
    );
    const anyPace = fc.constantFrom<Limits>({ numberMps: 20 }, { accountMps: 20 }, { numberMps: 10, accountMps: 25 });
    await fc.assert(
      fc.asyncProperty(anyPace, fc.array(anyStep, { maxLength: 12 }), async (pace, steps) => {
        await redis.flushdb();
        passedMs = 0;
        const asked: Request[] = [];
        const slots: Slot[] = [];
        for (const step of steps) {
          if ('passMs' in step) await pass(pace, step.passMs);
          const requests =
            'ask' in step ? step.ask.map((one, at) => requestWith({ ...one, messageId: asked.length + at + 1 })) : [];
          asked.push(...requests);
          slots.push(...(await ask(pace, requests)).slots);
        }
        slots.push(...(await pumpDry(pace)));
        for (const { messageId, numberId, count } of asked) {
          const got = ofMessage(slots, messageId).filter((slot) => slot.numberId === numberId);
          expect(got).to.have.length(count);
        }
        expect(slots).to.have.length(asked.reduce((sum, { count }) => sum + count, 0));
        for (const numberId of [1, 2, 3])
          expectPaced(
            slots.filter((slot) => slot.numberId === numberId),
            pace.numberMps,
          );
        expectPaced(slots, pace.accountMps);
      }),
      { numRuns: 40 },
    );
  });
});

const queue = keys.fairQueue('plivo');
const config = { TURN_SHARDS: 1 };
const HORIZON_MS = 10_000;
const DISPATCH_MS = 200;
const MANY = 20_500;
const limitsOf = ({ numberMps = 0, accountMps = 0, accountMmsMps = 0.5 }: Limits) => ({
  ...{ NUMBER_MPS: numberMps, ACCOUNT_MPS: accountMps, TOLLFREE_MPS: 25, SHORT_MPS: 100 },
  ...{ NUMBER_MMS_MPS: 1, TOLLFREE_MMS_MPS: 2, ACCOUNT_MMS_MPS: accountMmsMps },
});

type Slot = { messageId: number; numberId: number; atMs: number };
type Slotted = { reservations: Reservation[]; slots: Slot[] };

function slotsOf({ messageId, numberId, slots }: Reservation, passedMs: number): Slot[] {
  return (slots ?? []).map((atMs) => ({ messageId, numberId, atMs: atMs + passedMs }));
}

function inOrder(slots: readonly Slot[]): Slot[] {
  return slots.toSorted((a, b) => a.atMs - b.atMs);
}

function ofMessage(slots: readonly Slot[], messageId: number): Slot[] {
  return slots.filter((slot) => slot.messageId === messageId);
}

/** No two slots closer than the limit says, give or take the clocks' milliseconds; so no window holds more than it may. */
function expectPaced(slots: readonly Slot[], mps: number | undefined): void {
  if (!mps) return;
  const times = slots.map(({ atMs }) => atMs).sort((a, b) => a - b);
  for (const [at, time] of times.entries()) {
    for (const windowMs of [1_000 / mps, 1_000, 3_000]) {
      const inWindow = times.slice(at).findIndex((other) => other >= time + windowMs - CLOCK_MS);
      const held = inWindow === -1 ? times.length - at : inWindow;
      expect(held, `texts in ${windowMs} ms from ${time}`).to.be.at.most(Math.ceil((mps * windowMs) / 1_000));
    }
  }
}
/** Slots are translated between two clocks at each call, to the millisecond, and calls take a while. */
const CLOCK_MS = 15;

function said(pace: { numberMps?: number; accountMps?: number }): string {
  return Object.entries(pace)
    .map(([limit, mps]) => `${limit} ${mps}`)
    .join(' and ');
}
