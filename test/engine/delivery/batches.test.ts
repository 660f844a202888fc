import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { DatabaseUnavailable, openDb, rows, run, transact } from '../../../db/connect.ts';
import { STATEMENTS } from '../../../db/connection.ts';
import { type Batch, claimBatches } from '../../../db/deliveries/batches.ts';
import { dissolveBatches } from '../../../db/deliveries/dissolved.ts';
import { markWaiting } from '../../../db/deliveries/pending-messages.ts';
import { type Delivering, openDelivering } from '../../../engine/delivery/deliver.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { batchOf } from '../../../engine/delivery/queued-sends.ts';
import { openRateLimiter } from '../../../engine/delivery/rate-limiter.ts';
import { acceptReport } from '../../../engine/delivery/report.ts';
import { enqueueWaiting, requeue } from '../../../engine/delivery/reservations.ts';
import { openSenderLock } from '../../../engine/delivery/sender-lock.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import type { SendJob } from '../../../engine/platform/jobs.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { tryName } from '../../../engine/rules/try-name.ts';
import { openGate } from '../../support/gate.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { booksOf, deliveryIn, deliveryOf, messageOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openSid } from '../../support/session.ts';
import { type Asked, statementsOf } from '../../support/statements.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

/** First tries that go out in one moment. Nobody works the queues: each test does what a worker would. */
describe('a batch', () => {
  const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'];
  let world: World;
  let group: TestGroup;
  let sender: Delivering;
  let said = 0;

  before(async () => {
    world = await openWorld({ workers: false, env: { UNKNOWN_WAIT_SECONDS: '30' } });
    // The first one calls back whatever a Redis that it does not know may have lost.
    await sweep(world.runtime);
  });
  after(() => world?.close());
  beforeEach(async () => {
    group = await startGroup(world, names, { quiet: false });
    sender = openDelivering(world.runtime);
    await emptyQueues();
  });
  afterEach(() => {
    sender.stop();
    world.simulator.clearFaults();
  });

  async function emptyQueues(): Promise<void> {
    for (const queue of world.runtime.queues.all) await queue.obliterate({ force: true });
  }

  /** The sending jobs that are queued; they are taken out of the queue. */
  async function takeJobs(): Promise<SendJob[]> {
    const found: SendJob[] = [];
    for (const queue of world.runtime.queues.all.filter(({ name }) => name.startsWith('sms-')))
      for (const job of await queue.getJobs(['waiting', 'delayed'])) found.push(...job.data.sends);
    await emptyQueues();
    return found;
  }

  /** Alice says something new; answers it, its row and the job of its four deliveries. */
  async function say(): Promise<{ text: string; messageId: number; job: SendJob }> {
    const text = `Word ${++said}`;
    await world.text(group.phones.Alice ?? '', group.number, text);
    const messageId = await messageOf(world, `Alice: ${text}`);
    await emptyQueues();
    await fanOut(world.runtime, [messageId]);
    const [job] = (await takeJobs()).filter((one) => one.messageId === messageId);
    if (job === undefined) throw new Error('nothing was queued');
    expect(batchesIn(job)).to.have.length(1);
    expect(job.batches[0]?.to).to.have.length(4);
    return { text, messageId, job };
  }

  async function sayLong(): Promise<{ jobs: SendJob[] }> {
    await world.text(group.phones.Alice ?? '', group.number, `${'Long words, spoken slowly. '.repeat(60)} ${++said}`);
    const [long] = await rows<{ id: number }>(world.runtime.db, 'SELECT MAX(id) AS id FROM messages');
    await emptyQueues();
    await fanOut(world.runtime, [long?.id ?? 0]);
    return { jobs: (await takeJobs()).filter((one) => one.messageId === long?.id) };
  }

  function batchesIn(job: SendJob): Batch[] {
    return job.batches.map((batch) => batchOf(job, batch));
  }

  function sentTo(text: string): string[] {
    const got = world.simulator.accepted.filter((one) => one.text.endsWith(text));
    return got.map(({ to }) => names.find((name) => group.phones[name] === to) ?? to).sort();
  }
  const others = ['Bob', 'Carol', 'Dave', 'Erin'];

  const of = (name: string, text: string) => ({ phone: group.phones[name] ?? '', text });

  async function batchesOf(messageId: number): Promise<{ claim: string }[]> {
    return rows(world.runtime.db, 'SELECT claim FROM batches WHERE message_id = ?', [messageId]);
  }

  async function passTime(seconds: number): Promise<void> {
    for (const table of ['batches', 'deliveries'])
      await run(world.runtime.db, `UPDATE ${table} SET due_at = due_at - INTERVAL ? SECOND`, [seconds]);
  }

  /** A worker has claimed it, and died or stands still. */
  async function claimOf(job: SendJob): Promise<void> {
    const dueAt = new Date(Date.now() + 20_000);
    await claimBatches(world.runtime.db, { batches: batchesIn(job), claim: 'dead', dueAt });
  }

  it('goes out once, each outcome is written and paid for, and nothing is left of it', async () => {
    const { text, messageId, job } = await say();
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(others);
    for (const name of others) {
      const seen = await deliveryOf(world, of(name, text));
      expect(seen).to.include({ attempt: 1, charged: 1, dueAt: null, queuedAt: null });
      expect(seen?.state).to.be.oneOf(['sent', 'delivered']);
    }
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('waits for an earlier text of its group to the same phones, also where another process sends that', async () => {
    const first = await say();
    const second = await say();
    const other = openDelivering(world.runtime);
    const later = other.deliver(second.job);
    world.simulator.fault({ kind: 'slow', phone: group.phones.Carol ?? '', ms: 300, times: 1 });
    await sender.deliver(first.job);
    expect(sentTo(second.text)).to.deep.equal([]);
    await later;
    other.stop();
    expect(sentTo(first.text)).to.deep.equal(others);
    expect(sentTo(second.text)).to.deep.equal(others);
  });

  it('takes no room within the limits while it waits for one that another process sends', async () => {
    const first = await say();
    const second = await say();
    let taken = 0;
    const { redis, config } = world.runtime;
    const counting: typeof redis = Object.assign(Object.create(redis), {
      eval(...parts: Parameters<typeof redis.eval>) {
        // One that gives back what it had and could not use takes no more.
        if (parts.at(-1) === '') taken += 1;
        return redis.eval(...parts);
      },
    });
    const paced = openDelivering(
      runtimeWith(world.runtime, { redis: counting, config: { ...config, NUMBER_MPS: 40 } }),
    );
    let looks = 0;
    const note = (statement: unknown) => {
      if ((statement as Asked).text.includes('AS behind')) looks += 1;
    };
    world.simulator.fault({ kind: 'slow', phone: group.phones.Carol ?? '', ms: 1_000, times: 1 });
    const earlier = sender.deliver(first.job);
    await until('the first is under way', async () => (await batchesOf(first.messageId))[0]?.claim !== '');
    STATEMENTS.subscribe(note);
    await Promise.all([earlier, paced.deliver(second.job)]);
    STATEMENTS.unsubscribe(note);
    paced.stop();
    expect(looks).to.be.greaterThan(2);
    expect(taken).to.equal(1);
    expect(sentTo(second.text)).to.deep.equal(others);
  });

  it('whose moment passes during its claim, when Redis gives no other, is free for the next who asks, as the first try', async () => {
    const { text, messageId, job } = await say();
    const { redis } = world.runtime;
    let asked = 0;
    const failing = new Proxy(redis, {
      get(target, name) {
        const own = Reflect.get(target, name, target);
        if (name !== 'eval') return typeof own === 'function' ? own.bind(target) : own;
        return (...args: [string, number, ...string[]]) => {
          asked += 1;
          return asked === 1 ? target.eval(...args) : Promise.reject(new Error('Redis is away'));
        };
      },
    });
    const config = { ...world.runtime.config, NUMBER_MPS: 2 };
    const paced = openDelivering(runtimeWith(world.runtime, { redis: failing, config }));
    let end: Promise<unknown> = Promise.resolve();
    await transact(world.runtime.db, async (tx) => {
      await rows(tx, 'SELECT id FROM batches WHERE message_id = ? FOR UPDATE', [messageId]);
      end = paced.deliver(job).catch((error: Error) => error.message);
      await until('it has its moment', async () => asked === 1);
      // It goes by.
      await sleep(400);
    });
    expect(await end).to.equal('Redis is away');
    paced.stop();
    expect((await batchesOf(messageId)).map(({ claim }) => claim)).to.deep.equal(['']);
    expect(sentTo(text)).to.deep.equal([]);
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(others);
  });

  for (const attempt of [1, 2])
    it(`whose moment passes during its claim is claimed anew at another, as try ${attempt}: who leaves meanwhile gets nothing`, async () => {
      const said = await say();
      let { job } = said;
      if (attempt === 2) {
        world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Bob ?? '', times: 1 });
        await sender.deliver(job);
        await deliveryIn(world, of('Bob', said.text), { state: 'unknown' });
        await passTime(31);
        await sweep(world.runtime);
        await requeue(world.runtime, { tries: [await deliveryIn(world, of('Bob', said.text), { state: 'queued' })] });
        const again = (await takeJobs()).find((one) => one.messageId === said.messageId);
        if (again === undefined) throw new Error('nothing was queued');
        job = again;
      }
      const config = { ...world.runtime.config, NUMBER_MPS: 2 };
      const paced = openDelivering(runtimeWith(world.runtime, { config }));
      const limiter = openRateLimiter({ ...world.runtime, config });
      const claims: string[] = [];
      const note = (statement: unknown) => {
        const { text } = statement as Asked;
        if (text.includes('SET c.claim')) claims.push(text);
      };
      STATEMENTS.subscribe(note);
      let delivered: Promise<void> = Promise.resolve();
      await transact(world.runtime.db, async (tx) => {
        await rows(tx, 'SELECT id FROM batches WHERE message_id = ? FOR UPDATE', [said.messageId]);
        delivered = paced.deliver(job);
        await until('it is being claimed', async () => claims.length === 1);
        // The next texts of the number have their moments.
        const taken = () => world.runtime.redis.get(`${keys.fairQueue('plivo')}:sent:${group.numberId}`);
        const before = await taken();
        void limiter.pass(group.numberId, { count: 1, size: 1, slotAt: performance.now() }).catch(() => undefined);
        await until('they have', async () => (await taken()) !== before);
        await sleep(200);
      });
      limiter.stop();
      await until('the claim is given back', async () => claims.length === 2);
      await until('nothing is claimed', async () =>
        (await batchesOf(said.messageId)).every(({ claim }) => claim === ''),
      );
      await world.text(group.phones.Bob ?? '', group.number, 'STOP');
      await delivered;
      STATEMENTS.unsubscribe(note);
      paced.stop();
      expect(sentTo(said.text)).to.deep.equal(['Carol', 'Dave', 'Erin']);
      expect(await batchesOf(said.messageId)).to.deep.equal([]);
    });

  it('takes one moment of its number, however many jobs it has, and is not queued once more while it waits for that', async () => {
    const { db, redis, config } = world.runtime;
    const slow = runtimeWith(world.runtime, { config: { ...config, NUMBER_MPS: 2 } });
    const [here, elsewhere] = [openDelivering(slow), openDelivering(slow)];
    const limiter = openRateLimiter(slow);
    const taken = () => redis.get(`${keys.fairQueue('plivo')}:sent:${job.numberId}`);
    const { text, messageId, job: free } = await say();
    const job = { ...free, atMs: Date.now() };
    await run(db, 'UPDATE batches SET slot_at = ?, due_at = NOW(3) WHERE message_id = ?', [
      new Date(job.atMs),
      messageId,
    ]);
    await limiter.pass(job.numberId, { count: 12, size: 1, slotAt: performance.now() });
    const before = await taken();
    const sending = here.deliver(job);
    const own = await until('it has its moment', async () => {
      const now = await taken();
      return now === before ? undefined : now;
    });
    await until('it is postponed', async () => {
      const found = await rows(
        db,
        'SELECT 1 FROM batches WHERE message_id = ? AND due_at > NOW(3) + INTERVAL 6 SECOND',
        [messageId],
      );
      return found.length > 0 || undefined;
    });
    await sweep(world.runtime);
    expect(await takeJobs()).to.deep.equal([]);
    await here.deliver({ ...job, againAt: Date.now() });
    expect(await taken(), 'of this process').to.equal(own);
    await sending;
    await elsewhere.deliver({ ...job, againAt: Date.now() });
    expect(await taken(), 'of another, too late').to.equal(own);
    expect(sentTo(text)).to.deep.equal(others);
    for (const one of [here, elsewhere]) one.stop();
    limiter.stop();
  });

  it('waits for those that its own process sends without asking MySQL again and again, nor for their outcomes', async () => {
    const texts: string[] = [];
    const ends: Promise<void>[] = [];
    world.simulator.fault({ kind: 'slow', phone: group.phones.Carol ?? '', ms: 300, times: 1 });
    let looks = 0;
    const note = (statement: unknown) => {
      if ((statement as Asked).text.includes('AS behind')) looks += 1;
    };
    STATEMENTS.subscribe(note);
    for (let at = 0; at < 4; at++) {
      const { text, job } = await say();
      texts.push(text);
      ends.push(sender.deliver(job));
    }
    await Promise.all(ends);
    STATEMENTS.unsubscribe(note);
    expect(looks).to.be.at.most(texts.length);
    const accepted = world.simulator.accepted.filter(({ to }) => to === group.phones.Carol).map(({ text }) => text);
    expect(accepted.slice(-texts.length)).to.deep.equal(
      texts.map((text) => accepted.find((one) => one.endsWith(text))),
    );
  });

  it('gives its place to an earlier text that waits for one: both go out, in their order', async () => {
    const first = await say();
    const second = await say();
    const third = await say();
    // All places are taken by what is to come later, as after a restart.
    await Promise.all([sender.deliver(third.job), sender.deliver(second.job)]);
    expect([second, third].flatMap(({ text }) => sentTo(text))).to.deep.equal([]);
    await sender.deliver(first.job);
    const jobs = await takeJobs();
    expect(jobs.map(({ messageId, yields }) => [messageId, yields])).to.have.deep.members([
      [second.messageId, 1],
      [third.messageId, 1],
    ]);
    await Promise.all(jobs.map((job) => sender.deliver(job)));
    const all = [first, second, third];
    for (const { text } of all) expect(sentTo(text)).to.deep.equal(others);
    const toBob = world.simulator.accepted.filter(({ to }) => to === group.phones.Bob).slice(-3);
    expect(toBob.map(({ text }) => text)).to.deep.equal(all.map(({ text }) => `Alice: ${text}`));
  });

  it('is followed by all that piled up behind it in its group, each once and in order, whosever jobs have those', async () => {
    const first = await say();
    const behind = [await say(), await say(), await say(), await say()];
    // In any order, as after yields.
    await Promise.all(behind.toReversed().map(({ job }) => sender.deliver(job)));
    expect(behind.flatMap(({ text }) => sentTo(text))).to.deep.equal([]);
    await sender.deliver(first.job);
    const all = [first, ...behind];
    for (const { text } of all) expect(sentTo(text)).to.deep.equal(others);
    const toBob = world.simulator.accepted.filter(({ to }) => to === group.phones.Bob).slice(-all.length);
    expect(toBob.map(({ text }) => text)).to.deep.equal(all.map(({ text }) => `Alice: ${text}`));
    for (const job of await takeJobs()) await sender.deliver(job);
    for (const { text, messageId } of all) {
      expect(sentTo(text), 'once').to.deep.equal(others);
      expect(await batchesOf(messageId)).to.deep.equal([]);
    }
  });

  it('is followed by several in one claim, in order, though each waits for the one before it', async () => {
    const first = await say();
    const behind: Awaited<ReturnType<typeof say>>[] = [];
    for (let at = 0; at < 12; at++) behind.push(await say());
    await Promise.all(behind.slice(0, 3).map(({ job }) => sender.deliver(job)));
    await emptyQueues();
    const asked = await statementsOf(() => sender.deliver(first.job));
    const all = [first, ...behind];
    for (const { text } of all) expect(sentTo(text), text).to.deep.equal(others);
    const toBob = world.simulator.accepted.filter(({ to }) => to === group.phones.Bob).slice(-all.length);
    expect(toBob.map(({ text }) => text)).to.deep.equal(all.map(({ text }) => `Alice: ${text}`));
    // Of the first and of those behind it, in one claim or in two where they do not ask in the same instant.
    expect(asked.filter((text) => text.includes('AS behind')).length).to.be.at.most(4);
    for (const { messageId } of all) expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('is followed up to the first that did not go: nothing overtakes it', async () => {
    const first = await say();
    const behind: Awaited<ReturnType<typeof say>>[] = [];
    for (let at = 0; at < 6; at++) behind.push(await say());
    await sender.deliver(behind[5]?.job as SendJob);
    // Somebody else has it, and does not come to send it.
    await claimOf(behind[2]?.job as SendJob);
    await sender.deliver(first.job);
    const sent = [first, ...behind].filter(({ text }) => sentTo(text).length > 0);
    expect(sent).to.deep.equal([first, ...behind.slice(0, 2)]);
    const [held] = await batchesOf(behind[3]?.messageId ?? 0);
    expect(held?.claim, 'it is free for its own job').to.equal('');
  });

  it('is followed by a long text, whose parts keep their order, and by what comes after that', async () => {
    const first = await say();
    const long = await sayLong();
    const last = await say();
    await Promise.all([...long.jobs, last.job].map((job) => sender.deliver(job)));
    const toBob = () => world.simulator.textsTo(group.phones.Bob ?? '').map(({ text }) => text);
    const before = toBob().length;
    await sender.deliver(first.job);
    const got = toBob().slice(before);
    expect(got[0]).to.equal(`Alice: ${first.text}`);
    expect(got.at(-1)).to.equal(`Alice: ${last.text}`);
    const parts = got.slice(1, -1).map((text) => /\((\d)\/\d\)/.exec(text)?.[1]);
    expect(parts).to.have.length.greaterThan(1);
    expect(parts).to.deep.equal(parts.map((_, at) => String(at + 1)));
    for (const job of await takeJobs()) await sender.deliver(job);
    expect(toBob().slice(before), 'each once').to.deep.equal(got);
  });

  it('is not followed by a long text of which a job has some parts under way', async () => {
    const first = await say();
    const long = await sayLong();
    await Promise.all(long.jobs.map((job) => sender.deliver(job)));
    await emptyQueues();
    // Another process has claimed the first part, for all that anybody knows.
    const [job] = long.jobs;
    const firstParts = job?.batches.filter(({ part }) => part === 0) ?? [];
    await claimOf({ ...(job as SendJob), batches: firstParts });
    await sender.deliver(first.job);
    expect(sentTo(first.text)).to.deep.equal(others);
    const toBob = world.simulator.textsTo(group.phones.Bob ?? '').map(({ text }) => text);
    expect(toBob.at(-1)).to.equal(`Alice: ${first.text}`);
  });

  it('gives its place at once where many others wait for what may be behind them in the queue', async () => {
    const first = await say();
    const all = [];
    for (let at = 0; at < 40; at++) all.push(await say());
    const ended: number[] = [];
    const delivering = all.map(async ({ job, messageId }) => {
      await sender.deliver(job);
      ended.push(messageId);
    });
    await until('some gave their places', async () => ended.length > 0);
    expect(await takeJobs(), 'not before many wait, nor all').to.have.length.within(1, 39);
    await Promise.all(delivering);
    await sender.deliver(first.job);
    expect(sentTo(first.text)).to.deep.equal(others);
  });

  it('waits for an earlier text that has no slot any more, or a later one', async () => {
    const first = await say();
    const second = await say();
    await transact(world.runtime.db, async (tx) => {
      await dissolveBatches(tx, batchesIn(first.job));
      await markWaiting(tx, [first.messageId]);
    });
    await sender.deliver(second.job);
    const [yields] = await takeJobs();
    expect(yields).to.include({ messageId: second.messageId, yields: 1 });
    expect(sentTo(second.text)).to.deep.equal([]);

    await enqueueWaiting(world.runtime, [first.messageId]);
    const [again] = await takeJobs();
    const later = 'UPDATE batches SET slot_at = NOW(3) + INTERVAL 4 SECOND WHERE message_id = ?';
    await run(world.runtime.db, later, [first.messageId]);
    await sender.deliver(second.job);
    expect(sentTo(second.text)).to.deep.equal([]);

    for (const job of [again, second.job]) if (job !== undefined) await sender.deliver(job);
    expect(sentTo(first.text)).to.deep.equal(others);
    expect(sentTo(second.text)).to.deep.equal(others);
  });

  it('waits for no earlier text that nobody gets any more, and leaves nothing of it behind', async () => {
    const first = await say();
    const second = await say();
    await transact(world.runtime.db, (tx) => dissolveBatches(tx, batchesIn(first.job)));
    await sender.deliver(second.job);
    expect(sentTo(second.text)).to.deep.equal(others);
    await passTime(601);
    await sweep(world.runtime);
    expect(await batchesOf(first.messageId)).to.deep.equal([]);
  });

  it('keeps nothing of an earlier one that has a slot again, though its last recipient gets none', async () => {
    const first = await say();
    await transact(world.runtime.db, async (tx) => {
      await dissolveBatches(tx, batchesIn(first.job));
      await markWaiting(tx, [first.messageId]);
      const last = 'SELECT MAX(person_id) FROM (SELECT person_id FROM deliveries WHERE message_id = ?) all_of_it';
      const skip = `UPDATE deliveries SET state = 'skipped' WHERE message_id = ? AND person_id = (${last})`;
      await run(tx, skip, [first.messageId, first.messageId]);
    });
    await enqueueWaiting(world.runtime, [first.messageId]);
    expect(await batchesOf(first.messageId)).to.deep.equal([{ claim: '' }]);
    const [again] = await takeJobs();
    if (again !== undefined) await sender.deliver(again);
    expect(sentTo(first.text)).to.have.length(others.length - 1);
  });

  it('waits for no text to other phones, for no other group’s, and for none that is tried again', async () => {
    const first = await say();
    const second = await say();
    const onlyTo = (name: string) =>
      run(
        world.runtime.db,
        'UPDATE batches SET first_person = (SELECT id FROM people WHERE phone = ?), last_person = first_person WHERE message_id = ?',
        [group.phones[name] ?? '', first.messageId],
      );
    await onlyTo('Alice');
    await sender.deliver(second.job);
    expect(sentTo(second.text)).to.deep.equal(others);
    await onlyTo('Bob');
    const third = await say();
    await run(world.runtime.db, 'UPDATE batches SET group_id = group_id + 1 WHERE message_id = ?', [first.messageId]);
    await sender.deliver(third.job);
    expect(sentTo(third.text)).to.deep.equal(others);
    world.simulator.fault({ kind: '503', phone: group.phones.Dave ?? '', times: 1 });
    const fourth = await say();
    await sender.deliver(fourth.job);
    const fifth = await say();
    await sender.deliver(fifth.job);
    expect(sentTo(fourth.text)).to.deep.equal(['Bob', 'Carol', 'Erin']);
    expect(sentTo(fifth.text)).to.deep.equal(others);
  });

  it('whose claim MySQL did not answer goes out as soon as it is asked for again, once and as the first try', async () => {
    const { text, messageId, job } = await say();
    const gate = await openGate(world.runtime.config.MYSQL_URL);
    const db = openDb(gate.url, { size: 3 });
    const runtime = runtimeWith(world.runtime, { db });
    const own = openDelivering(runtime);
    gate.swallow(/SET c\.claim/, { passes: true });
    const end = await own.deliver(job).catch((error: unknown) => error);
    expect(end).to.be.instanceOf(DatabaseUnavailable);
    await until('the claim is written', async () => (await batchesOf(messageId)).every(({ claim }) => claim !== ''));
    expect(sentTo(text)).to.deep.equal([]);
    await own.deliver(job);
    await own.deliver(job);
    expect(sentTo(text)).to.deep.equal(others);
    const tries = world.simulator.accepted.filter((one) => one.text.endsWith(text)).map(({ url }) => url.slice(-2));
    expect(tries).to.deep.equal(others.map(() => '-1'));
    own.stop();
    await runtime.use(openSenderLock).close();
    await db.destroy();
    await gate.close();
  });

  it('waits for one whose claim MySQL has not answered yet, also where MySQL was away for longer than the carrier may take', async () => {
    const first = await say();
    const second = await say();
    const ways = await Promise.all([1, 2].map(() => openGate(world.runtime.config.MYSQL_URL)));
    const [own, other] = ways.map((gate) => {
      const db = openDb(gate.url, { size: 3 });
      const runtime = runtimeWith(world.runtime, { db });
      return { gate, db, runtime, sender: openDelivering(runtime) };
    });
    if (own === undefined || other === undefined) throw new Error('there are two');
    own.gate.swallow(/SET c\.claim/, { passes: true });
    other.gate.cut();
    const ends = await Promise.allSettled([own.sender.deliver(first.job), other.sender.deliver(second.job)]);
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    own.gate.cut();
    await passTime(10);
    other.gate.open();
    const later = other.sender.deliver(second.job);
    await sleep(500);
    own.gate.open();
    await own.sender.deliver(first.job);
    await later;
    expect(sentTo(first.text)).to.deep.equal(others);
    expect(sentTo(second.text)).to.deep.equal(others);
    const places = world.simulator.accepted.map((one) => one.text.split(' ').slice(-2).join(' '));
    expect(places.lastIndexOf(first.text)).to.be.below(places.indexOf(second.text));
    for (const { gate, db, runtime, sender } of [own, other]) {
      sender.stop();
      await runtime.use(openSenderLock).close();
      await db.destroy();
      await gate.close();
    }
  });

  it('waits no longer than the carrier may take for one whose sender died', async () => {
    const first = await say();
    await claimOf(first.job);
    const second = await say();
    let looks = 0;
    const lookedAt: unknown[] = [];
    const note = (statement: unknown) => {
      const { text, values } = statement as Asked;
      if (text.includes('AS behind')) looks += 1;
      if (text.includes('FROM pair_blocks')) lookedAt.push(...(values[0] as number[]));
    };
    STATEMENTS.subscribe(note);
    const later = sender.deliver(second.job);
    await until('it has asked for its turn again and again', async () => looks > 2);
    // Its people are looked at where it is to be claimed, not while it waits.
    expect(lookedAt).to.deep.equal([]);
    expect(sentTo(second.text)).to.deep.equal([]);
    await passTime(10);
    await later;
    STATEMENTS.unsubscribe(note);
    expect(lookedAt).to.have.length(others.length);
    expect(sentTo(first.text)).to.deep.equal([]);
    expect(sentTo(second.text)).to.deep.equal(others);
  });

  it('goes out once where its job runs twice at once, and again', async () => {
    const { text, job } = await say();
    const other = openDelivering(world.runtime);
    await Promise.all([sender.deliver(job), other.deliver(job)]);
    await sender.deliver(job);
    other.stop();
    expect(sentTo(text)).to.deep.equal(others);
  });

  it('is not sent piece by piece: a job that names one of it gets nothing', async () => {
    const { text, job } = await say();
    const alone = job.batches.map(({ to }) => ({ id: 1, part: 0, afterMs: 0, to: to.slice(0, 1) }));
    await sender.deliver({ ...job, batches: alone });
    expect(sentTo(text)).to.deep.equal([]);
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(others);
  });

  it('that nobody took is queued once more, as it is; only the job that comes first sends', async () => {
    const { text, messageId, job } = await say();
    await sweep(world.runtime);
    expect((await takeJobs()).filter((one) => one.messageId === messageId)).to.deep.equal([]);
    await passTime(60);
    await sweep(world.runtime);
    const jobs = (await takeJobs()).filter((one) => one.messageId === messageId);
    expect(jobs.flatMap(batchesIn)).to.deep.equal(batchesIn(job));
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(others);
    await Promise.all(jobs.map((one) => sender.deliver(one)));
    expect(sentTo(text), 'nobody twice').to.deep.equal(others);
  });

  it('that lost its job ends where late reports have moved all of it on', async () => {
    const { messageId } = await say();
    await run(
      world.runtime.db,
      "UPDATE deliveries SET state = 'delivered', batch = NULL, due_at = NULL WHERE message_id = ?",
      [messageId],
    );
    await passTime(60);
    await sweep(world.runtime);
    expect((await takeJobs()).filter((one) => one.messageId === messageId)).to.deep.equal([]);
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('that waits for an earlier one to the same phones is not queued anew before that is', async () => {
    const first = await say();
    const second = await say();
    const expire = (messageId: number) =>
      run(world.runtime.db, 'UPDATE batches SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE message_id = ?', [messageId]);
    const queued = async () => (await takeJobs()).map(({ messageId }) => messageId);
    await expire(second.messageId);
    await sweep(world.runtime);
    expect(await queued()).not.to.include(second.messageId);
    const [left] = await rows<{ later: number }>(
      world.runtime.db,
      'SELECT due_at > NOW(3) AS later FROM batches WHERE message_id = ?',
      [second.messageId],
    );
    expect(left, 'looked at again later').to.deep.equal({ later: 1 });
    await expire(first.messageId);
    await sweep(world.runtime);
    expect(await queued()).to.include.members([first.messageId, second.messageId]);
  });

  it('stands in line again with one before it to the same phones, which it would overtake', async () => {
    const first = await say();
    const second = await say();
    await requeue(world.runtime, { batches: batchesIn(first.job) });
    const jobs = await takeJobs();
    expect(jobs.map(({ messageId }) => messageId)).to.have.members([first.messageId, second.messageId]);
    await sender.deliver(second.job);
    expect(sentTo(second.text)).to.deep.equal([]);
    await Promise.all(jobs.map((one) => sender.deliver(one)));
    expect(sentTo(first.text)).to.deep.equal(others);
    expect(sentTo(second.text)).to.deep.equal(others);
  });

  it('whose slot has passed stands in line again, unless somebody has it', async () => {
    const first = await say();
    await requeue(world.runtime, { batches: batchesIn(first.job) });
    expect(await batchesOf(first.messageId)).to.have.length(1);
    const [again] = await takeJobs();
    expect(again?.batches[0]?.id).to.be.a('number').and.not.equal(first.job.batches[0]?.id);

    const second = await say();
    await claimOf(second.job);
    await requeue(world.runtime, { batches: batchesIn(second.job) });
    expect(await takeJobs()).to.deep.equal([]);
    expect(await batchesOf(second.messageId)).to.deep.equal([{ claim: 'dead' }]);
  });

  it('whose sender died is unknown, waits for reports, and only then is sent once more', async () => {
    const { text, messageId, job } = await say();
    await claimOf(job);
    await passTime(10);
    await sweep(world.runtime);
    expect(await batchesOf(messageId), 'the sender may still be at it').to.have.length(1);
    await passTime(20);
    await sweep(world.runtime);
    expect(await batchesOf(messageId)).to.deep.equal([]);
    for (const name of others) expect(await deliveryOf(world, of(name, text))).to.include({ state: 'unknown' });

    const bob = await deliveryIn(world, of('Bob', text), { state: 'unknown' });
    const report = { status: 'delivered', sequence: 2, carrierId: 'bob', errorCode: null } as const;
    await acceptReport(world.runtime, tryName(bob), { ...report, meaning: null, unreachable: false, units: null });
    await passTime(31);
    await sweep(world.runtime);
    const again = ['Carol', 'Dave', 'Erin'];
    const tries = await Promise.all(again.map((name) => deliveryIn(world, of(name, text), { state: 'queued' })));
    await requeue(world.runtime, { tries });
    const jobs = (await takeJobs()).filter((one) => one.messageId === messageId);
    await Promise.all(jobs.map((one) => sender.deliver(one)));
    expect(sentTo(text)).to.deep.equal(again);
    expect(await deliveryOf(world, of('Bob', text))).to.include({ state: 'delivered', attempt: 1, charged: 1 });
  });

  it('skips members who left or said STOP since it was queued', async () => {
    const { text, messageId, job } = await say();
    await world.text(group.phones.Bob ?? '', group.number, '*bye');
    await world.text(group.phones.Carol ?? '', group.number, 'STOP');
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(['Dave', 'Erin']);
    expect(await deliveryOf(world, of('Bob', text))).to.include({ state: 'skipped', reason: 'gone' });
    expect(await deliveryOf(world, of('Carol', text))).to.include({ state: 'skipped', reason: 'blocked' });
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('looks at each phone and membership when it is claimed, whatever its roster says', async () => {
    const { text, messageId, job } = await say();
    // By hand, so that no version of the roster says it.
    const change = (sets: string, name: string) =>
      run(world.runtime.db, `UPDATE memberships b JOIN people p ON p.id = b.person_id SET ${sets} WHERE p.phone = ?`, [
        group.phones[name] ?? '',
      ]);
    await change('p.blocked_at = NOW(3)', 'Bob');
    await change('b.left_at = NOW(3)', 'Carol');
    await change('b.muted_until = NOW(3) + INTERVAL 1 HOUR', 'Dave');
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(['Erin']);
    for (const [name, reason] of [
      ['Bob', 'blocked'],
      ['Carol', 'gone'],
      ['Dave', 'muted'],
    ])
      expect(await deliveryOf(world, of(name ?? '', text))).to.include({ state: 'skipped', reason });
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('passes by who wants no texts by now, or none for some hours, and counts what was missed', async () => {
    const { text, job } = await say();
    await world.text(group.phones.Bob ?? '', group.number, '*off');
    await run(world.runtime.db, 'UPDATE messages SET pending = 2 WHERE id = ?', [job.messageId]);
    await world.text(group.phones.Carol ?? '', group.number, '*mute 2');
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(['Dave', 'Erin']);
    expect(await deliveryOf(world, of('Bob', text))).to.include({ state: 'skipped', reason: 'sms' });
    await world.text(group.phones.Carol ?? '', group.number, '*on');
    const [answer] = await rows<{ text: string }>(
      world.runtime.db,
      "SELECT text FROM messages WHERE kind = 'system' ORDER BY id DESC LIMIT 1",
    );
    expect(answer?.text).to.match(/missed 1/);
  });

  it('of a group that is gone goes to nobody', async () => {
    const { text, messageId, job } = await say();
    const sid = await openSid(world, group.phones.Alice ?? '');
    const { body } = await world.call('/group/delete', { sid, number: group.number });
    expect(body).to.include({ status: 'OK' });
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal([]);
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('has one that the carrier refuses for now tried again alone', async () => {
    const { text, messageId, job } = await say();
    world.simulator.fault({ kind: '503', phone: group.phones.Dave ?? '', times: 1 });
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(['Bob', 'Carol', 'Erin']);
    expect(await deliveryOf(world, of('Dave', text))).to.include({ state: 'queued', attempt: 1, charged: 0 });
    expect(await batchesOf(messageId)).to.deep.equal([]);
    await sender.deliver(job);
    expect(sentTo(text)).to.deep.equal(['Bob', 'Carol', 'Erin']);
  });

  it('keeps nobody waiting for one to which the carrier is slow', async () => {
    const { text, messageId, job } = await say();
    world.simulator.fault({ kind: 'slow', phone: group.phones.Erin ?? '', times: 1, ms: 3_000 });
    const delivered = sender.deliver(job);
    for (const name of ['Bob', 'Carol', 'Dave'])
      await until(`${name} has an outcome`, async () => (await deliveryOf(world, of(name, text)))?.charged === 1);
    expect(await batchesOf(messageId)).to.have.length(1);
    await delivered;
    expect(sentTo(text)).to.deep.equal(others);
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });

  it('is paid for once where a report is faster than the answer', async () => {
    const before = await booksOf(world, group.phones.Alice ?? '');
    const { text, job } = await say();
    world.simulator.fault({ kind: 'report_first' });
    await sender.deliver(job);
    await until('all have arrived', async () => {
      const seen = await Promise.all(others.map((name) => deliveryOf(world, of(name, text))));
      return seen.every((one) => one?.state === 'delivered');
    });
    const books = await booksOf(world, group.phones.Alice ?? '');
    expect(books.charged - before.charged).to.equal(4);
    expect(books.balance).to.equal(books.trial - books.charged);
    expect(books.ledger).to.equal(books.balance);
  });

  it('of a long text is of one part: each part costs its own', async () => {
    const text = `${'Long words, spoken slowly. '.repeat(60)} ${++said}`;
    await world.text(group.phones.Alice ?? '', group.number, text);
    const [message] = await rows<{ id: number }>(world.runtime.db, 'SELECT MAX(id) AS id FROM messages');
    await emptyQueues();
    await fanOut(world.runtime, [message?.id ?? 0]);
    const jobs = (await takeJobs()).filter((one) => one.messageId === message?.id);
    const batches = jobs.flatMap(batchesIn);
    expect(new Set(batches.map(({ part }) => part)).size).to.be.greaterThan(1);
    const costs = await rows<{ part: number; batch: number; cost: number; each: number }>(
      world.runtime.db,
      `SELECT DISTINCT d.part, d.batch, c.cost, d.cost AS \`each\` FROM deliveries d
       JOIN batches c ON c.message_id = d.message_id AND c.id = d.batch WHERE d.message_id = ?`,
      [message?.id ?? 0],
    );
    expect(costs).to.have.length(batches.length);
    for (const { batch, part, cost, each } of costs) {
      expect(batches.find((one) => one.batch === batch)?.part).to.equal(part);
      expect(cost).to.equal(each);
    }
    await Promise.all(jobs.map((one) => sender.deliver(one)));
    for (const name of others) {
      const got = world.simulator.textsTo(group.phones[name] ?? '').slice(-2);
      expect(
        got.map((one) => one.text.endsWith(` ${said}`)),
        `the parts of ${name} in their order`,
      ).to.deep.equal([false, true]);
    }
  });

  it('of one that is tried again is not sent when its first try requests out to have arrived', async () => {
    const { text, messageId, job } = await say();
    world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Bob ?? '', times: 1 });
    await sender.deliver(job);
    const seen = await deliveryIn(world, of('Bob', text), { state: 'unknown' });
    await passTime(31);
    await sweep(world.runtime);
    await requeue(world.runtime, { tries: [await deliveryIn(world, of('Bob', text), { state: 'queued' })] });
    const [again] = (await takeJobs()).filter((one) => one.messageId === messageId);
    const report = { status: 'sent', sequence: 1, carrierId: 'bob', errorCode: null } as const;
    await acceptReport(world.runtime, tryName(seen), { ...report, meaning: null, unreachable: false, units: null });
    expect(again).to.deep.include({ attempt: 2 });
    if (again !== undefined) await sender.deliver(again);
    expect(sentTo(text)).to.deep.equal(['Carol', 'Dave', 'Erin']);
    expect(await deliveryOf(world, of('Bob', text))).to.include({ state: 'sent', attempt: 1, charged: 1 });
    expect(await batchesOf(messageId), 'nothing is left to look after').to.deep.equal([]);
  });

  it('of one that is tried again goes out once where both its job and late news of its first try come', async () => {
    const { text, messageId, job } = await say();
    world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Bob ?? '', times: 1 });
    await sender.deliver(job);
    const seen = await deliveryIn(world, of('Bob', text), { state: 'unknown' });
    await passTime(31);
    await sweep(world.runtime);
    await requeue(world.runtime, { tries: [await deliveryIn(world, of('Bob', text), { state: 'queued' })] });
    const [again] = (await takeJobs()).filter((one) => one.messageId === messageId);
    if (again === undefined) throw new Error('nothing was queued');
    world.simulator.fault({ kind: 'slow', phone: group.phones.Bob ?? '', times: 1, ms: 3_000 });
    const delivered = sender.deliver(again);
    await deliveryIn(world, of('Bob', text), { state: 'sending', attempt: 2 });
    const report = { status: 'undelivered', sequence: 1, carrierId: 'bob', errorCode: 20 } as const;
    const late = { ...report, meaning: 'retry', unreachable: false, units: null } as const;
    await acceptReport(world.runtime, tryName(seen), late);
    const after = await deliveryOf(world, of('Bob', text));
    expect(after).to.include({ attempt: 2 });
    // The second try may have been reported on already.
    expect(after?.state, 'no third try').to.be.oneOf(['sending', 'sent', 'delivered']);
    await delivered;
    await sender.deliver(again);
    expect(sentTo(text)).to.deep.equal(others);
    expect(await batchesOf(messageId)).to.deep.equal([]);
  });
});

describe('texts that come one after the other, without a limit', () => {
  let world: World;
  let workers: Workers;
  after(async () => {
    await workers?.close();
    await world?.close();
  });

  it('reach each phone in that order, over two fan-outs and three senders', async () => {
    world = await openWorld({ workers: false, env: { QUEUE_SHARDS: '2', TRIAL_BALANCE: '100000' } });
    workers = await openWorkers(world, { fanouts: 2, senders: 3, pushes: false, clock: true });
    const names = Array.from({ length: 27 }, (_, at) => `Member ${at}`);
    const group = await startGroup(world, names);
    const since = world.simulator.textsAfter(0, Infinity).next;
    const said = Array.from({ length: 24 }, (_, at) => `Member ${at}: Word ${at}`);
    for (const [at, text] of said.entries())
      expect(await world.text(group.phones[`Member ${at}`] ?? '', group.number, text.replace(/^.*: /, ''))).to.equal(
        200,
      );
    await world.quiet();
    const { texts } = world.simulator.textsAfter(since, Infinity);
    for (const [at, name] of names.entries()) {
      const got = texts.filter(({ to }) => to === group.phones[name]).map(({ text }) => text);
      expect(got, name).to.deep.equal(said.filter((_, index) => index !== at));
    }
  });
});
