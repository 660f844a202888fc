import { expect } from 'chai';
import fc from 'fast-check';
import { type Db, openDb, rows, run } from '../../../db/connect.ts';
import { activateGroup, insertGroup, raiseVersion, takeMessageIds } from '../../../db/groups/group-changes.ts';
import { endMembership, insertMemberships, markBack, markLeft } from '../../../db/groups/memberships.ts';
import { addNumbers, findNumber } from '../../../db/groups/numbers.ts';
import { insertListed } from '../../../db/messages/listed.ts';
import { countMessagesOf } from '../../../db/messages/message-counts.ts';
import { readMessages, readQuotable } from '../../../db/messages/message-reading.ts';
import { insertMessages } from '../../../db/messages/messages.ts';
import { ensurePeople } from '../../../db/people/people.ts';
import { takeMigrated } from '../../support/database.ts';

const now = new Date();
const OUR_NUMBER = '+14085550000';

describe('what a member may read', () => {
  let db: Db;
  let giveBack: () => Promise<void>;
  let numberId = 0;
  let groups = 0;

  before(async () => {
    const own = await takeMigrated();
    giveBack = own.giveBack;
    // One, so that what a session has read can be asked.
    db = openDb(own.url, { size: 1 });
    await addNumbers(db, { numbers: [{ phone: OUR_NUMBER, kind: 'pool', carrier: 'plivo', campaign: null }], now });
    numberId = (await findNumber(db, OUR_NUMBER))?.id ?? 0;
  });
  after(async () => {
    await db.destroy();
    await giveBack();
  });

  it('is what they said and what was for them while they were there, read or counted, whenever that is', async () => {
    const who = fc.nat({ max: 3 });
    const anyStep = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          say: fc.record({ by: who, to: fc.option(who) }),
          times: fc.integer({ min: 1, max: 4 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ sayTo: fc.array(who, { maxLength: 3 }), by: who }) },
      { weight: 3, arbitrary: fc.record({ turn: who }) },
      { weight: 1, arbitrary: fc.record({ takeAway: who }) },
      { weight: 1, arbitrary: fc.record({ count: who }) },
      { weight: 1, arbitrary: fc.constant({ forget: true }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }), async (steps, edge) => {
        const group = await openGroup(4);
        for (const step of steps) {
          if ('say' in step) for (let times = 0; times < step.times; times++) await group.say(step.say.by, step.say.to);
          else if ('sayTo' in step) await group.sayTo(step.by, step.sayTo);
          else if ('turn' in step) await group.turn(step.turn);
          else if ('takeAway' in step) await group.takeAwayAndAdd(step.takeAway);
          else if ('count' in step) await countMessagesOf(db, group.personOf(step.count), { page: 3, keepFrom: 1 });
          else await forgetMessageIds(db);
        }
        for (const at of [0, 1, 2, 3]) {
          const all = group.readableBy(at);
          expect(await countMessagesOf(db, group.personOf(at))).to.deep.equal([
            { number: OUR_NUMBER, count: all.length },
          ]);
          const want = { membershipId: group.membershipOf(at), groupId: group.id, limit: 5 };
          const ids = async (from: number | null, to: number | null) =>
            (await readMessages(db, { ...want, from, to })).map(({ id }) => id);
          expect(await ids(null, null)).to.deep.equal(all.slice(-5));
          expect(await ids(edge, null)).to.deep.equal(all.filter((id) => id >= edge).slice(0, 5));
          expect(await ids(null, edge)).to.deep.equal(all.filter((id) => id <= edge).slice(0, 5));
          const quotable = await readQuotable(db, want);
          expect(quotable.map(({ text }) => text)).to.deep.equal(
            all
              .slice(-5)
              .reverse()
              .map((id) => `Hello ${id}`),
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is read and counted whole where they came and went a thousand times', async () => {
    const group = await openGroup(2);
    for (let times = 0; times < 700; times++) {
      await group.turn(1);
      await group.say(0, null);
      if (times % 2 === 1) await group.say(1, null);
    }
    const all = group.readableBy(1);
    expect(await countMessagesOf(db, group.personOf(1))).to.deep.equal([{ number: OUR_NUMBER, count: all.length }]);
    const want = { membershipId: group.membershipOf(1), groupId: group.id, limit: 1_000 };
    for (const from of [1, null])
      expect((await readMessages(db, { ...want, from, to: null })).map(({ id }) => id)).to.deep.equal(all);
  });

  it('is counted anew only as far as messages came since', async () => {
    const group = await openGroup(2);
    for (let times = 0; times < 600; times++) await group.say(0, null);
    await countMessagesOf(db, group.personOf(1));
    // Only what was counted before can know of these by now.
    await run(db, 'DELETE FROM messages WHERE group_id = ? AND message_id <= 500', [group.id]);
    await group.say(0, null);
    expect(await countMessagesOf(db, group.personOf(1))).to.deep.equal([{ number: OUR_NUMBER, count: 601 }]);
  });

  it('is read by a late comer without a look at what was said before', async () => {
    const group = await openGroup(2);
    await group.turn(1);
    for (let times = 0; times < 3_000; times++) await group.say(0, null);
    await group.turn(1);
    await group.say(0, null);
    const want = { membershipId: group.membershipOf(1), groupId: group.id, limit: 1_000 };
    const looked = await rowsRead(async () => {
      expect(await readMessages(db, { ...want, from: 1, to: null })).to.have.length(1);
    });
    expect(looked).to.be.lessThan(100);
  });

  /** A group of `size`, and what each of them may read by the rules alone. */
  async function openGroup(size: number) {
    const phones = Array.from({ length: size }, (_, at) => `+1408556${String(groups * 10 + at).padStart(4, '0')}`);
    groups++;
    const people = await ensurePeople(db, phones, now);
    const personIds = phones.map((phone) => people.get(phone)?.id ?? 0);
    const settings = {
      name: `Group ${groups}`,
      replyToOwner: false,
      ownerId: personIds[0] ?? 0,
      numberId,
      source: null,
      now,
    };
    const id = await insertGroup(db, settings);
    let version = 1;
    let messages = 0;
    const seats = personIds.map((personId) => ({ personId, membershipId: 0, present: true, readable: [] as number[] }));
    const add = async (at: number) => {
      const seat = seatOf(at);
      const members = [{ groupId: id, personId: seat.personId, numberId, name: null }];
      const [membershipId = 0] = await insertMemberships(db, { members, fromVersion: version, now });
      Object.assign(seat, { membershipId, present: true, readable: [] });
    };
    const seatOf = (at: number) => {
      const seat = seats[at];
      if (seat === undefined) throw new Error(`nobody sits at ${at}`);
      return seat;
    };
    const change = async () => {
      await raiseVersion(db, [id]);
      version++;
    };
    const keep = async (by: number, to: number | null): Promise<number> => {
      messages++;
      await takeMessageIds(db, new Map([[id, 1]]));
      const of = { groupId: id, messageId: messages, version, tag: 1, payerId: null, held: null };
      const said = { senderId: seatOf(by).membershipId, toId: to === null ? null : seatOf(to).membershipId };
      const text = `Hello ${messages}`;
      const [rowId = 0] = await insertMessages(db, [
        { ...of, ...said, text, media: [], cc: false, requestId: null, origin: null, now },
      ]);
      return rowId;
    };
    for (const at of seats.keys()) await add(at);
    await activateGroup(db, { groupId: id, now });
    return {
      id,
      personOf: (at: number) => seatOf(at).personId,
      membershipOf: (at: number) => seatOf(at).membershipId,
      readableBy: (at: number) => seatOf(at).readable,
      /** Also by an owner who has left, whose schedules go on, and to one whom the sender does not see leave. */
      async say(by: number, to: number | null) {
        await keep(by, to);
        for (const [at, seat] of seats.entries())
          if (at === by || (seat.present && (to === null || at === to))) seat.readable.push(messages);
      },
      /** To a list, of which those are meant who are there. */
      async sayTo(by: number, all: readonly number[]) {
        const listed = [...new Set(all)].filter((at) => at !== by && seatOf(at).present);
        if (listed.length === 0) return;
        const rowId = await keep(by, by);
        const memberIds = listed.map((at) => seatOf(at).membershipId);
        await insertListed(db, { rowId, messageId: messages, memberIds });
        for (const at of [by, ...listed]) seatOf(at).readable.push(messages);
      },
      async turn(at: number) {
        const seat = seatOf(at);
        await change();
        if (seat.present) await markLeft(db, { membershipId: seat.membershipId, version, now });
        else await markBack(db, { membershipId: seat.membershipId, version, now });
        seat.present = !seat.present;
      },
      async takeAwayAndAdd(at: number) {
        await change();
        await endMembership(db, { membershipId: seatOf(at).membershipId, version, now });
        await change();
        await add(at);
      },
    };
  }

  /** How many rows and entries of indexes MySQL looks at meanwhile. */
  async function rowsRead(act: () => Promise<void>): Promise<number> {
    const before = await reads();
    await act();
    return (await reads()) - before;
  }
  async function reads(): Promise<number> {
    const found = await rows<{ Value: string }>(
      db,
      "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev')",
    );
    return found.reduce((sum, { Value }) => sum + Number(Value), 0);
  }
});

/** As those that began and ended before message ids were kept with them. */
async function forgetMessageIds(db: Db): Promise<void> {
  await run(db, 'UPDATE membership_spans SET from_message = NULL, until_message = NULL');
}
