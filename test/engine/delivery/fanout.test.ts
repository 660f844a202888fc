import { expect } from 'chai';
import { DatabaseUnavailable, openDb, row, rows, run } from '../../../db/connect.ts';
import { openDelivering } from '../../../engine/delivery/deliver.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { dispatch } from '../../../engine/delivery/reservations.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import type { SendJob } from '../../../engine/platform/jobs.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { type Gate, openGate } from '../../support/gate.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { messageOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

type Arrived = { from: string; to: string; text: string; at: number };

describe('the fan-out of a message', () => {
  let world: World;
  let group: TestGroup;

  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'], { quiet: false });
    for (const [name, column, value] of [
      ['Dave', 'sms', 0],
      ['Erin', 'muted_until', new Date(Date.now() + 3_600_000)],
    ] as const)
      await run(world.runtime.db, `UPDATE memberships SET ${column} = ? WHERE group_id = ? AND name = ?`, [
        value,
        group.id,
        name,
      ]);
    await run(world.runtime.db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [group.id]);
  });
  after(() => world?.close());

  async function say(name: string, text: string): Promise<number> {
    await world.text(group.phones[name] ?? '', group.number, text);
    return messageOf(world, `${name}: ${text}`);
  }

  async function planOf(id: number): Promise<Record<string, string>> {
    const found = await rows<{
      name: string;
      part: number;
      state: string;
      reason: string | null;
      cost: number;
      queued: number;
    }>(
      world.runtime.db,
      `SELECT b.name, d.part, d.state, d.reason, d.cost, d.queued_at IS NOT NULL AS queued FROM deliveries d
       JOIN memberships b ON b.id = d.membership_id WHERE d.message_id = ? ORDER BY d.person_id, d.part`,
      [id],
    );
    return Object.fromEntries(
      found.map(({ name, part, state, reason, cost, queued }) => [
        part === 0 ? name : `${name}, part ${part}`,
        state === 'queued' ? `${queued === 1 ? 'has a slot' : 'waits'}, costs ${cost}` : `${state}: ${reason}`,
      ]),
    );
  }

  it('writes a delivery for everybody it is for, with the reason where nothing is sent', async () => {
    const id = await say('Alice', 'Hello');
    await fanOut(world.runtime, [id]);
    expect(await planOf(id)).to.deep.equal({
      Bob: 'has a slot, costs 1',
      Carol: 'has a slot, costs 1',
      Dave: 'skipped: sms',
      Erin: 'skipped: muted',
    });
  });

  it('done again, alone or in parallel, it writes and queues nothing twice', async () => {
    const id = await say('Alice', 'Again');
    await Promise.all([1, 2, 3].map(() => fanOut(world.runtime, [id])));
    const before = await planOf(id);
    await fanOut(world.runtime, [id]);
    expect(await planOf(id)).to.deep.equal(before);
    expect(Object.keys(before)).to.have.length(4);
    const jobs = await world.runtime.redis.keys(`*:d${id}-*`);
    // One job holds both recipients, because nothing limits when they are sent.
    expect(jobs).to.have.length(1);
  });

  it('writes earlier messages of the group first, so that the order holds', async () => {
    const first = await say('Alice', 'First');
    const second = await say('Bob', 'Second');
    await fanOut(world.runtime, [second]);
    expect(Object.keys(await planOf(first))).to.deep.equal(['Bob', 'Carol', 'Dave', 'Erin']);
    expect(Object.keys(await planOf(second))).to.deep.equal(['Alice', 'Carol', 'Dave', 'Erin']);
  });

  it('splits a long text into parts that cost what their segments cost', async () => {
    const id = await say('Carol', `${'word '.repeat(399)}end`);
    await fanOut(world.runtime, [id]);
    const plan = await planOf(id);
    expect(Object.keys(plan).filter((name) => name.startsWith('Alice'))).to.deep.equal(['Alice', 'Alice, part 1']);
    expect(plan.Alice).to.equal('has a slot, costs 11');
    expect(plan['Alice, part 1']).to.equal('has a slot, costs 3');
  });

  it('a picture costs the price of an MMS, whatever is said with it', async () => {
    await world.text(group.phones.Alice ?? '', group.number, 'Look', ['https://media.example/1.jpg']);
    const [message] = await rows<{ id: number }>(
      world.runtime.db,
      "SELECT id FROM messages WHERE text = 'Alice: Look'",
    );
    await fanOut(world.runtime, [message?.id ?? 0]);
    expect(await planOf(message?.id ?? 0)).to.include({ Bob: 'has a slot, costs 3' });
  });

  it('of a message that there is not, nothing comes', async () => {
    await fanOut(world.runtime, [999_999]);
  });

  it('the room in the queue is all that is queued; the rest waits in MySQL', async () => {
    const id = await say('Alice', 'No room');
    const queues = { ...world.runtime.queues, room: async () => 1 };
    await fanOut(runtimeWith(world.runtime, { queues }), [id]);
    expect(await planOf(id)).to.include({ Bob: 'has a slot, costs 1', Carol: 'waits, costs 1' });
  });

  it('what could not be queued because Redis became unavailable keeps its slot, and is looked for soon', async () => {
    const id = await say('Alice', 'Lost');
    const addSends = () => Promise.reject(new Error('Connection is closed.'));
    await fanOut(runtimeWith(world.runtime, { queues: { ...world.runtime.queues, addSends } }), [id]);
    expect(await planOf(id)).to.include({ Bob: 'has a slot, costs 1', Carol: 'has a slot, costs 1' });
    const due = await rows<{ soon: number }>(
      world.runtime.db,
      'SELECT due_at < NOW(3) + INTERVAL 2 SECOND AS soon FROM batches WHERE message_id = ?',
      [id],
    );
    expect(due.map(({ soon }) => soon))
      .to.include(1)
      .and.not.include(0);
  });
});

/** Redis forgets the welcomes, which are more than there are slots: once they stand in line, nobody asks for them again. */
async function forgetWelcomes({ runtime: { redis } }: World): Promise<void> {
  await until('the welcomes stand in line', async () => (await redis.hlen(`${keys.fairQueue('plivo')}:want`)) > 0);
  await redis.flushall();
}

describe('the fan-out, where MySQL gives a transaction up', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false, env: { NUMBER_MPS: '10', HORIZON_SECONDS: '4' } });
  });
  after(async () => {
    await run(world.runtime.db, 'DROP TRIGGER IF EXISTS gives_up');
    await run(world.runtime.db, 'DROP TABLE IF EXISTS given_up');
    await world?.close();
  });

  /** The next insert of deliveries is refused as the victim of a deadlock; a table without transactions remembers it. */
  async function giveUpOnce(): Promise<void> {
    await run(world.runtime.db, 'CREATE TABLE given_up (id INT PRIMARY KEY) ENGINE=MyISAM');
    await run(
      world.runtime.db,
      `CREATE TRIGGER gives_up BEFORE INSERT ON deliveries FOR EACH ROW
       IF NOT EXISTS (SELECT 1 FROM given_up) THEN
         INSERT INTO given_up VALUES (1);
         SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found';
       END IF`,
    );
  }

  async function waitingOf(messageId: number): Promise<number> {
    const [found] = await rows<{ count: number }>(
      world.runtime.db,
      "SELECT COUNT(*) AS count FROM deliveries WHERE message_id = ? AND state = 'queued' AND queued_at IS NULL",
      [messageId],
    );
    return found?.count ?? 0;
  }

  it('loses no slot, neither its own nor what was granted to others meanwhile, and leaves nobody out of line', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `Member ${at}`);
    const group = await startGroup(world, names, { quiet: false });
    // Nobody waits but those two.
    await forgetWelcomes(world);
    await run(world.runtime.db, "UPDATE deliveries SET state = 'skipped', queued_at = NULL");
    const ids: number[] = [];
    for (const text of ['First', 'Second']) {
      await world.text(group.phones['Member 0'] ?? '', group.number, text);
      ids.push(await messageOf(world, `Member 0: ${text}`));
    }
    const [first = 0, second = 0] = ids;
    await run(world.runtime.db, 'UPDATE messages SET pending = NULL WHERE id = ?', [second]);
    await fanOut(world.runtime, [first]);
    const waited = await waitingOf(first);
    expect(waited, 'more than the horizon holds').to.be.greaterThan(0);
    // Time passes: slots are free again, for the first message before the second.
    await world.runtime.redis.hset(`${keys.fairQueue('plivo')}:next`, group.numberId, 0);
    await run(world.runtime.db, 'UPDATE messages SET pending = 1 WHERE id = ?', [second]);
    await giveUpOnce();
    await fanOut(world.runtime, [second]);
    expect(await rows(world.runtime.db, 'SELECT id FROM given_up'), 'a try was given up').to.have.length(1);

    const granted = waited - (await waitingOf(first));
    expect(granted, 'what was granted in the first try').to.be.greaterThan(5);
    for (const id of ids) {
      const want = Number(
        (await world.runtime.redis.hget(`${keys.fairQueue('plivo')}:want`, `${id}:${group.numberId}`)) ?? 0,
      );
      expect(await waitingOf(id), 'each that waits stands in line').to.equal(want);
    }
  });
});

describe('the fan-out, where a COMMIT is not answered', () => {
  let world: World;
  let gate: Gate;
  before(async () => {
    world = await openWorld({ workers: false });
    gate = await openGate(world.runtime.config.MYSQL_URL);
  });
  after(async () => {
    await world?.close();
    await gate?.close();
  });

  it('queues what MySQL may have written, so that nobody has to look for it', async () => {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { quiet: false });
    await world.text(group.phones.Alice ?? '', group.number, 'Hello');
    const id = await messageOf(world, 'Alice: Hello');
    const db = openDb(gate.url, { size: 2 });
    const added: SendJob[] = [];
    const addSends = async (sends: readonly SendJob[]) => void added.push(...sends);
    const runtime = runtimeWith(world.runtime, { db, queues: { ...world.runtime.queues, addSends } });
    gate.swallow(/COMMIT$/, { passes: true });
    const end = await fanOut(runtime, [id]).catch((error: unknown) => error);
    expect(end).to.be.instanceOf(DatabaseUnavailable);
    const kept = await rows<{ batch: number }>(
      world.runtime.db,
      'SELECT id AS batch FROM batches WHERE message_id = ?',
      [id],
    );
    expect(kept).to.have.length(1);
    expect(added.flatMap(({ batches }) => batches.map((one) => one.id))).to.deep.equal(kept.map(({ batch }) => batch));
    await db.destroy();
  });
});

describe('what was said in a group that has ended', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false, env: { NUMBER_MPS: '10', HORIZON_SECONDS: '4' } });
  });
  after(() => world?.close());

  it('takes no slots, and is written down as not sent', async () => {
    const { db, redis } = world.runtime;
    const names = Array.from({ length: 30 }, (_, at) => `Member ${at}`);
    const group = await startGroup(world, names, { quiet: false });
    await forgetWelcomes(world);
    await run(db, "UPDATE deliveries SET state = 'skipped', queued_at = NULL");
    await sweep(world.runtime);
    const ids: number[] = [];
    for (const text of ['First', 'Second', 'Third']) {
      await world.text(group.phones['Member 0'] ?? '', group.number, text);
      ids.push(await messageOf(world, `Member 0: ${text}`));
    }
    const [first = 0, second = 0, third = 0] = ids;
    await fanOut(world.runtime, [first, second]);
    await run(db, "UPDATE `groups` SET state = 'deleted' WHERE id = ?", [group.id]);
    await fanOut(world.runtime, [third]);
    // The first one to be granted a slot shows that the group has ended.
    await redis.hset(`${keys.fairQueue('plivo')}:next`, group.numberId, 0);
    await redis.zadd(`${keys.fairQueue('plivo')}:full:m`, 'XX', 0, String(group.numberId));
    await dispatch(world.runtime);
    const inLine = await redis.hkeys(`${keys.fairQueue('plivo')}:want`);
    expect(inLine.filter((name) => ids.includes(Number(name.split(':')[0])))).to.deep.equal([]);
    expect(await redis.exists(`${keys.fairQueue('plivo')}:line:m:${group.numberId}:${group.id}`)).to.equal(0);
    await run(db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 MINUTE');
    await sweep(world.runtime);
    const open = await rows<{ id: number; state: string; reason: string | null }>(
      db,
      "SELECT DISTINCT message_id AS id, state, reason FROM deliveries WHERE message_id IN (?) AND batch IS NULL AND (state <> 'skipped' OR reason <> 'gone')",
      [ids],
    );
    expect(open).to.deep.equal([]);
    expect(await rows(db, 'SELECT id FROM messages WHERE pending IS NOT NULL AND id IN (?)', [ids])).to.deep.equal([]);
  });
});

describe('pacing from end to end', () => {
  let world: World;
  afterEach(() => world?.close());

  it('a number sends no faster than it may and keeps a group’s order, and a PIN gets through', async () => {
    world = await openWorld({ env: { NUMBER_MPS: '20', HORIZON_SECONDS: '4' } });
    const names = Array.from({ length: 9 }, (_, at) => `Member ${at}`);
    const friends = await startGroup(world, names);
    const others = await startGroup(world, ['Bob', 'Carol']);
    expect(others.number).not.to.equal(friends.number);
    const since = world.simulator.textsAfter(0, Infinity).next;
    const said = ['One', 'Two', 'Three', 'Four'];
    const startedAt = Date.now();
    for (const text of said) await world.text(friends.phones['Member 0'] ?? '', friends.number, text);
    await world.call('/member/find', { number: friends.phones['Member 1'] });
    await world.text(others.phones.Bob ?? '', others.number, 'Hi');
    const gone = world.simulator.textsAfter(since, Infinity).texts.length;
    await world.quiet();
    const texts = world.simulator.textsAfter(since, Infinity).texts;

    const fromNumber = texts.filter(({ from, text }) => from === friends.number && !/PIN/.test(text));
    expect(fromNumber).to.have.length(4 * 8);
    for (const name of names.slice(1)) {
      const got = fromNumber.filter(({ to }) => to === friends.phones[name]);
      expect(
        got.map(({ text }) => text),
        name,
      ).to.deep.equal(said.map((text) => `Member 0: ${text}`));
    }
    expectPaced(
      fromNumber.map(({ at }) => at),
      20,
      ARRIVAL_JITTER_MS,
    );
    const lastAt = Math.max(...fromNumber.map(({ at }) => at));
    expect(lastAt - startedAt).to.be.at.least(31 * 50);
    // Another number and the PIN did not wait for all of that. By their places, not by the time, which a busy machine stretches.
    const inOrder = texts.toSorted((one, other) => one.at - other.at).map(({ text }) => text);
    for (const match of [/PIN/, /Bob: Hi/])
      expect(inOrder.findIndex((text) => match.test(text))).to.be.within(0, Math.max(22, gone + 20));
  });

  it('a long text counts as its segments, and a picture as an MMS', async () => {
    world = await openWorld({ env: { NUMBER_MPS: '20', NUMBER_MMS_MPS: '4', ACCOUNT_MMS_MPS: '0' } });
    const { phones, number } = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dave', 'Eve', 'Frank']);
    const since = world.simulator.textsAfter(0, Infinity).next;
    const long = 'x'.repeat(590);
    await world.text(phones.Alice ?? '', number, long);
    await world.text(phones.Alice ?? '', number, 'Look', ['https://pictures.example/1.jpg']);
    await world.quiet();
    const texts = world.simulator.textsAfter(since, Infinity).texts;
    const timesOf = (text: string) => texts.filter((one) => one.text === text).map(({ at }) => at);
    expect([timesOf(`Alice: ${long}`).length, timesOf('Alice: Look').length]).to.deep.equal([5, 5]);
    expectPaced(timesOf(`Alice: ${long}`), 20 / 4, ARRIVAL_JITTER_MS);
    expectPaced(timesOf('Alice: Look'), 4, ARRIVAL_JITTER_MS);
  });

  it('the account sends no faster than it may, and a chat does not wait for a broadcast', async () => {
    world = await openWorld({ env: { ACCOUNT_MPS: '50', HORIZON_SECONDS: '1', QUEUE_SHARDS: '3' } });
    const names = Array.from({ length: 40 }, (_, at) => `Member ${at}`);
    const [crowd, chat] = [await startGroup(world, names), await startGroup(world, ['Alice', 'Bob', 'Carol'])];
    const since = world.simulator.textsAfter(0, Infinity).next;
    for (const text of ['One', 'Two', 'Three']) await world.text(crowd.phones['Member 0'] ?? '', crowd.number, text);
    await world.text(chat.phones.Alice ?? '', chat.number, 'Small talk');
    // What had gone by then could not wait.
    const before = world.simulator.textsAfter(since, Infinity).texts.length;
    await world.quiet();
    const texts: readonly Arrived[] = world.simulator.textsAfter(since, Infinity).texts;
    expect(texts).to.have.length(3 * 39 + 2);
    expectPaced(
      texts.map(({ at }) => at),
      50,
      ARRIVAL_JITTER_MS,
    );
    // By their places, not by the time, which a busy machine stretches: behind the broadcast they would be the last two.
    const inOrder = texts.toSorted((one, other) => one.at - other.at).map(({ text }) => text);
    expect(inOrder.lastIndexOf('Alice: Small talk')).to.be.within(1, Math.min(before + 60, texts.length - 5));
  });

  it('a slot that passed while nobody could send is over: no burst after a start or a pause', async () => {
    world = await openWorld({ workers: false, env: { NUMBER_MPS: '20' } });
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dave'], { quiet: false });
    await world.text(group.phones.Alice ?? '', group.number, 'Hello');
    const messageId = await messageOf(world, 'Alice: Hello');
    await fanOut(world.runtime, [messageId]);
    const [bob, carol, dave] = await rows<{ id: number; personId: number }>(
      world.runtime.db,
      'SELECT batch AS id, person_id AS personId FROM deliveries WHERE message_id = ? ORDER BY person_id',
      [messageId],
    );
    const jobOf = (one: { id: number; personId: number } | undefined, atMs: number): SendJob => ({
      ...{ messageId, numberId: group.numberId, attempt: 1, atMs, urgent: false },
      batches: [{ id: one?.id ?? 0, part: 0, afterMs: 0, to: [one?.personId ?? 0] }],
    });
    const { deliver } = openDelivering(world.runtime);
    await until('the welcomes have their slots', async () => {
      const [open] = await rows<{ count: number }>(
        world.runtime.db,
        'SELECT COUNT(*) AS count FROM messages WHERE pending IS NOT NULL',
      );
      return open?.count === 0;
    });
    const before = await slotsOf();

    await deliver(jobOf(bob, Date.now() - 1_000));
    expect(world.simulator.accepted, 'its slot was before the start').to.have.length(0);
    await deliver(jobOf(carol, Date.now() + 1));
    expect(world.simulator.accepted, 'in its slot').to.have.length(1);
    await run(
      world.runtime.db,
      "INSERT INTO carrier_pauses (carrier, error_code, since, until) VALUES ('plivo', 900, NOW(3), NOW(3) + INTERVAL 500000 MICROSECOND)",
    );
    const pause = await row<{ since: Date }>(world.runtime.db, 'SELECT since FROM carrier_pauses');
    const paused = openDelivering(world.runtime);
    await paused.deliver(jobOf(dave, (pause?.since.getTime() ?? 0) + 400));
    expect(world.simulator.accepted, 'its slot was in the pause').to.have.length(1);

    // Both stand in line again, behind all that was there.
    const later = await slotsOf();
    expect(later).to.have.length(before.length - 1);
    expect(later.filter((slot) => slot > Math.max(...before))).to.have.length(2);
    expectPaced(later, 20, 0);
  });

  /** The slots that are still to come. */
  async function slotsOf(): Promise<number[]> {
    const found = await rows<{ queuedAt: Date }>(
      world.runtime.db,
      'SELECT queued_at AS queuedAt FROM deliveries WHERE queued_at IS NOT NULL ORDER BY queued_at',
    );
    return found.map(({ queuedAt }) => queuedAt.getTime());
  }
});

/** A slot is exact; the way to the carrier takes longer for one text than for the next. */
const ARRIVAL_JITTER_MS = 250;

function expectPaced(times: readonly number[], mps: number, jitterMs: number): void {
  const sorted = times.toSorted((a, b) => a - b);
  for (const [at, time] of sorted.entries()) {
    const held = sorted.slice(at).filter((other) => other < time + 1_000).length;
    expect(held, 'texts in one second').to.be.at.most(Math.floor((mps * (1_000 + jitterMs)) / 1_000) + 1);
  }
}
