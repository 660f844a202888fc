import { expect } from 'chai';
import { openDb, rows, run } from '../../../db/connect.ts';
import { readContents } from '../../../db/deliveries/batch-contents.ts';
import { type BatchKey, insertBatches } from '../../../db/deliveries/batches.ts';
import { allNumbers } from '../../../db/groups/numbers.ts';
import { openDelivering } from '../../../engine/delivery/deliver.ts';
import type { Request } from '../../../engine/delivery/fair-queue.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { addToJobs, newJobs } from '../../../engine/delivery/job-plan.ts';
import { takeBack } from '../../../engine/delivery/queued-sends.ts';
import { enqueueWaiting, requeue, reserveSlots, serve } from '../../../engine/delivery/reservations.ts';
import type { SendJob } from '../../../engine/platform/jobs.ts';
import { type CarrierName, carrierNames } from '../../../engine/rules/carriers.ts';
import { openGate } from '../../support/gate.ts';
import { startGroup } from '../../support/group.ts';
import { messageOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { statementsDuring, statementsOf } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('deliveries with slots near each other', () => {
  /** The jobs that they make; a slot is counted in milliseconds from the first one, and null where there is no limit. */
  function jobsOf(slots: readonly (number | null)[], { attempt = 0 } = {}): SendJob[] {
    const plan = newJobs();
    const first = 1_700_000_000_000;
    for (const [personId, after] of slots.entries()) {
      const atMs = after === null ? null : first + after;
      const at = new Date(atMs ?? first);
      const delivery = { messageId: 1, numberId: 1, groupId: 1, personId, part: 0, attempt, cost: 1, urgent: false };
      addToJobs(plan, { ...delivery, size: 1, slot: { queuedAt: at, atMs } });
    }
    return plan.jobs;
  }

  const many = (count: number, stepMs: number | null) =>
    Array.from({ length: count }, (_, at) => (stepMs === null ? null : at * stepMs));

  for (const [what, slots, offsets] of [
    ['without a limit go together', many(3, null), [[0, 0, 0]]],
    ['go by the 25', many(30, null), [Array(25).fill(0), Array(5).fill(0)]],
    ['as near as a moment are sent at once', [0, 4, 8, 49], [[0, 0, 0, 0]]],
    ['ride in one job, which keeps to each of them', [0, 100, 200], [[0, 100, 200]]],
    ['are never sent more than a moment early', [0, 40, 80, 120, 160], [[0, 0, 80, 80, 160]]],
    [
      'that span a second are two jobs',
      [0, 500, 999, 1_000, 1_500],
      [
        [0, 500, 999],
        [0, 500],
      ],
    ],
    ['of a number of one a second are a job each', [0, 1_000, 2_000], [[0], [0], [0]]],
  ] as const) {
    it(what, () => {
      const jobs = jobsOf(slots);
      expect(jobs.map(({ batches }) => batches.flatMap(({ to, afterMs }) => to.map(() => afterMs)))).to.deep.equal(
        offsets,
      );
      expect(jobs.flatMap(({ batches }) => batches.flatMap(({ to }) => to))).to.deep.equal([...slots.keys()]);
    });
  }

  it('of the parts of a long text ride in one job, a batch a part, however many people', () => {
    const plan = newJobs();
    const slot = { queuedAt: new Date(), atMs: null };
    const all = { messageId: 1, numberId: 1, groupId: 1, attempt: 0, cost: 1, urgent: false, size: 1, slot };
    for (let personId = 1; personId <= 13; personId++)
      for (const part of [0, 1]) addToJobs(plan, { ...all, personId, part });
    const people = Array.from({ length: 13 }, (_, at) => at + 1);
    expect(plan.jobs.map(({ batches }) => batches.map(({ part, to }) => ({ part, to })))).to.deep.equal([
      [
        { part: 0, to: people },
        { part: 1, to: people },
      ],
    ]);
  });

  it('of tries that failed before ride alone', () => {
    expect(jobsOf(many(3, null), { attempt: 1 })).to.have.length(3);
  });

  describe('in one job', () => {
    let world: World;
    before(async () => {
      world = await openWorld({ workers: false, env: { NUMBER_MPS: '100' } });
    });
    after(() => world?.close());

    it('are each sent in their own slot, and again in line where it has passed', async () => {
      const names = ['Alice', 'Bob', 'Carol', 'Dave'];
      const group = await startGroup(world, names, { quiet: false });
      await world.text(group.phones.Alice ?? '', group.number, 'Hello');
      const messageId = await messageOf(world, 'Alice: Hello');
      await fanOut(world.runtime, [messageId]);
      const people = await rows<{ personId: number; cost: number }>(
        world.runtime.db,
        'SELECT person_id AS personId, cost FROM deliveries WHERE message_id = ? ORDER BY person_id',
        [messageId],
      );
      // As if their slots had been too far apart to go out as one.
      for (const { personId, cost } of people) {
        const { numberId } = group;
        const dueAt = new Date(Date.now() + 60_000);
        const people = { groupId: 0, firstPerson: personId, lastPerson: personId };
        const batch = { messageId, batch: personId, numberId, ...people, cost, slotAt: dueAt, dueAt };
        await insertBatches(world.runtime.db, [batch]);
        const own = 'UPDATE deliveries SET batch = person_id WHERE message_id = ? AND person_id = ?';
        await run(world.runtime.db, own, [messageId, personId]);
      }
      const [bob, carol, dave] = people.map(({ personId }) => ({ id: personId, part: 0, to: [personId] }));
      if (!bob || !carol || !dave) throw new Error('somebody is missing');
      const job = { messageId, numberId: group.numberId, attempt: 1, urgent: false };
      const { deliver } = openDelivering(world.runtime);
      // A sender gets a job before its slot.
      const atMs = Date.now() + 200;
      const batches = [
        { ...bob, afterMs: 0 },
        { ...carol, afterMs: 200 },
      ];
      await deliver({ ...job, atMs, batches });
      const sentTo = (name: string) => world.simulator.accepted.find(({ to }) => to === group.phones[name]);
      expect(sentTo('Bob')).not.to.equal(undefined);
      expect(sentTo('Carol')?.at).to.be.at.least(atMs + 200);
      expect(sentTo('Bob')?.at).to.be.at.least(atMs);
      const late = { ...job, atMs: atMs - 1_000, batches: [{ ...dave, afterMs: 100 }] };
      await deliver(late);
      expect(world.simulator.accepted, 'its slot was before the start').to.have.length(2);
      const [waits] = await rows<{ state: string; again: number }>(
        world.runtime.db,
        'SELECT state, queued_at > ? AS again FROM deliveries WHERE message_id = ? AND person_id = ?',
        [new Date(late.atMs + 100), messageId, dave.id],
      );
      expect(waits).to.deep.equal({ state: 'queued', again: 1 });
    });
  });
});

describe('what waits for slots again', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world?.close());

  it('stands in line in the order of its messages, in whatever order it was lost', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { quiet: false });
    const ids: number[] = [];
    for (let at = 1; at <= 6; at++) {
      await world.text(group.phones.Alice ?? '', group.number, `Hello ${at}`);
      ids.push(await messageOf(world, `Alice: Hello ${at}`));
    }
    await fanOut(world.runtime, ids);
    const lost = await readContents(world.runtime.db, await batchesOf(ids));
    expect(lost).to.have.length(6);
    const placed: number[] = [];
    const addSends = async (sends: readonly SendJob[]) => void placed.push(...sends.map(({ messageId }) => messageId));
    const queues = { ...world.runtime.queues, addSends };
    await requeue(runtimeWith(world.runtime, { queues }), { batches: lost.toReversed() });
    expect(placed).to.deep.equal(ids);
  });

  async function batchesOf(ids: readonly number[]) {
    return rows<BatchKey & { claimed: number }>(
      world.runtime.db,
      'SELECT message_id AS messageId, id AS batch, 0 AS claimed FROM batches WHERE message_id IN (?)',
      [ids],
    );
  }

  it('is given its slots in as many statements, however many messages it is of', async () => {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { quiet: false });
    const ids: number[] = [];
    for (let at = 1; at <= 6; at++) {
      await world.text(group.phones.Alice ?? '', group.number, `Hi ${at}`);
      ids.push(await messageOf(world, `Alice: Hi ${at}`));
    }
    await fanOut(world.runtime, ids);
    await takeBack(world.runtime, { batches: await readContents(world.runtime.db, await batchesOf(ids)) });
    const sends: SendJob[] = [];
    const queues = { ...world.runtime.queues, addSends: async (some: readonly SendJob[]) => void sends.push(...some) };
    const grant = (some: readonly number[], count: number) =>
      statementsOf(() => {
        const reservations = some.map((messageId) => ({
          ...{ messageId, numberId: group.numberId, count, size: 1, slots: null },
        }));
        return serve(runtimeWith(world.runtime, { queues }), { reservations, waiting: 0, failed: [] });
      });
    const [first = 0, ...others] = ids;
    const one = await grant([first], 2);
    const five = await grant(others.toReversed(), 1);
    expect(five.length).to.equal(one.length);
    const placed = sends.map(({ messageId, batches }) => [messageId, batches.flatMap(({ to }) => to).length]);
    expect(placed).to.deep.equal([[first, 2], ...others.map((id) => [id, 1])]);
    const left = await rows<{ count: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS count FROM deliveries WHERE message_id IN (?) AND queued_at IS NULL AND batch IS NULL',
      [ids],
    );
    expect(left, 'those who were granted none').to.deep.equal([{ count: 5 }]);
  });

  it('is given slots once, though some came in two grants of one message and number', async () => {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { quiet: false });
    await world.text(group.phones.Alice ?? '', group.number, 'Twice granted');
    const messageId = await messageOf(world, 'Alice: Twice granted');
    await fanOut(world.runtime, [messageId]);
    await takeBack(world.runtime, { batches: await readContents(world.runtime.db, await batchesOf([messageId])) });
    const sends: SendJob[] = [];
    const queues = { ...world.runtime.queues, addSends: async (some: readonly SendJob[]) => void sends.push(...some) };
    const grant = { messageId, numberId: group.numberId, count: 1, size: 1 as const, slots: null };
    await serve(runtimeWith(world.runtime, { queues }), { reservations: [grant, grant], waiting: 0, failed: [] });
    const placed = sends.flatMap(({ batches }) => batches.flatMap(({ to }) => to));
    expect(placed).to.have.length(2);
    expect(new Set(placed).size).to.equal(2);
  });

  for (const passes of [false, true])
    it(`has its slots also where a COMMIT stands still, whether it happens (${passes}) or not`, async () => {
      const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { quiet: false });
      await world.text(group.phones.Alice ?? '', group.number, `Still ${passes}`);
      const messageId = await messageOf(world, `Alice: Still ${passes}`);
      await fanOut(world.runtime, [messageId]);
      await takeBack(world.runtime, { batches: await readContents(world.runtime.db, await batchesOf([messageId])) });
      const gate = await openGate(world.runtime.config.MYSQL_URL);
      const db = openDb(gate.url, { size: 2 });
      const queues = { ...world.runtime.queues, addSends: async () => undefined };
      gate.swallow(/COMMIT/i, { passes });
      const reservation = { messageId, numberId: group.numberId, count: 2, size: 1, slots: null };
      await serve(runtimeWith(world.runtime, { db, queues }), { reservations: [reservation], waiting: 0, failed: [] });
      expect(gate.toSwallow()).to.equal(0);
      const left = await rows(
        world.runtime.db,
        "SELECT COUNT(*) AS placed, SUM(b.id IS NULL) AS alone FROM deliveries d LEFT JOIN batches b ON b.message_id = d.message_id AND b.id = d.batch AND b.claim = '' WHERE d.message_id = ? AND d.queued_at IS NOT NULL",
        [messageId],
      );
      expect(left.map((one) => Object.values(one as object).map(Number))).to.deep.equal([[2, 0]]);
      await db.destroy();
      await gate.close();
    });

  it('is counted a few messages at once, because each may have many rows; more where that is fast', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => 1_000_000 + at);
    const asked = await statementsDuring(() => enqueueWaiting(world.runtime, ids));
    const counts = asked.filter(({ text }) => text.includes('COUNT(*) AS count FROM deliveries'));
    const parts = counts.map(({ values }) => values[0] as number[]);
    expect(parts.flat()).to.deep.equal(ids);
    expect(parts[0]?.length).to.be.at.most(4);
  });
});

describe('with two carriers in service, slots', () => {
  let world: World;
  const numberAt = new Map<number, CarrierName>();
  before(async () => {
    const env = { NUMBER_MPS: '0', ACCOUNT_MPS: '20', HORIZON_SECONDS: '10' };
    world = await openWorld({ workers: false, carriers: ['plivo', 'telnyx'], env });
    for (const { id, carrier } of await allNumbers(world.runtime.db)) numberAt.set(id, carrier);
  });
  after(() => world?.close());

  /** As many texts through a number of each. */
  const fromBoth = (count: number): Request[] =>
    carrierNames.map((name, at) => {
      const [numberId = 0] = [...numberAt].find(([, carrier]) => carrier === name) ?? [];
      return { urgent: false, numberId, groupId: 1, messageId: count + at, count, size: 1 };
    });

  it('are as many as the account at each carrier has, for those who ask and for those who wait', async () => {
    const slots: Record<CarrierName, number[]> = { plivo: [], telnyx: [] };
    async function ask(requests: readonly Request[]): Promise<void> {
      for (const { numberId, slots: some } of (await reserveSlots(world.runtime, requests)).reservations)
        slots[numberAt.get(numberId) ?? 'plivo'].push(...(some ?? []));
    }
    // Messages reserve two seconds ahead: 40 slots at each.
    await ask(fromBoth(35));
    expect([slots.plivo.length, slots.telnyx.length]).to.deep.equal([35, 35]);
    await ask(fromBoth(15));
    await until('those who wait have their slots', async () => {
      await ask([]);
      return slots.plivo.length === 50 && slots.telnyx.length === 50;
    });
    for (const name of carrierNames) {
      const times = slots[name].toSorted((a, b) => a - b);
      // 50 slots have 49 gaps. Our clock is set against Redis' from call to call, by what an answer took.
      expect((times.at(-1) ?? 0) - (times[0] ?? 0), name).to.be.within(49 * 50 - 500, 49 * 50 + 500);
    }
  });
});
