import { expect } from 'chai';
import { row, rows, run, transact } from '../../../db/connect.ts';
import { claimBatches, insertBatches } from '../../../db/deliveries/batches.ts';
import { findExpired } from '../../../db/deliveries/deliveries.ts';
import { findGoneSenders } from '../../../db/deliveries/senders.ts';
import { activateGroup, takeMessageId } from '../../../db/groups/group-changes.ts';
import { insertMessages } from '../../../db/messages/messages.ts';
import type { CarrierReport } from '../../../engine/carriers/carrier.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { acceptReport } from '../../../engine/delivery/report.ts';
import { openSenderLock } from '../../../engine/delivery/sender-lock.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import { writeSystemMessages } from '../../../engine/delivery/system-messages.ts';
import { purge } from '../../../engine/groups/purge.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { openRuntime, type Runtime } from '../../../engine/platform/runtime.ts';
import { tryName } from '../../../engine/rules/try-name.ts';
import { openGate } from '../../support/gate.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { type DeliverySeen, deliveryIn, deliveryOf, messageOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

/** What was committed but lost on its way. Workers run, but no clock: each test sweeps when it wants. */
describe('the sweeper', () => {
  let world: World;
  let workers: Workers;
  let group: TestGroup;

  before(async () => {
    world = await openWorld({ workers: false, env: { UNKNOWN_WAIT_SECONDS: '30' } });
    workers = await openWorkers(world);
    group = await startGroup(world, ['Alice', 'Bob', 'Carol']);
    await sweep(world.runtime);
  });
  after(async () => {
    await workers?.close();
    await world?.close();
  });
  afterEach(() => world.simulator.clearFaults());

  /** A message that was committed `agoMs` ago by somebody who died before it was queued. */
  async function keep(text: string, agoMs: number): Promise<number> {
    const owner = await row<{ id: number; version: number; tag: number }>(
      world.runtime.db,
      'SELECT m.id, g.roster_version AS version, g.roster_tag AS tag FROM memberships m JOIN `groups` g ON g.id = m.group_id AND g.owner_id = m.person_id WHERE g.id = ?',
      [group.id],
    );
    const { id: senderId = 0, version = 0, tag = 0 } = owner ?? {};
    return transact(world.runtime.db, async (tx) => {
      const messageId = await takeMessageId(tx, { groupId: group.id, version, tag });
      const [id = 0] = await insertMessages(tx, [
        {
          groupId: group.id,
          messageId: messageId ?? 0,
          senderId,
          toId: null,
          version,
          tag,
          payerId: null,
          held: null,
          text,
          media: [],
          cc: false,
          requestId: null,
          origin: null,
          now: new Date(Date.now() - agoMs),
        },
      ]);
      return id;
    });
  }

  function sent(text: string): string[] {
    return world.simulator.accepted
      .filter((one) => one.text === text)
      .map(({ to }) => to)
      .sort();
  }
  const aMember = { name_0: 'Yves', number_0: '+14447790002' };
  const bobAndCarol = () => [group.phones.Bob, group.phones.Carol];

  /** A sender has claimed the next try; nothing more is heard of it, and its time is over, or will be. */
  async function claimAndDie(
    { messageId, personId, part, attempt, cost }: DeliverySeen,
    { claim = 'dead', dueAt = new Date() } = {},
  ): Promise<void> {
    const { db } = world.runtime;
    const batch = { messageId, batch: personId, part, attempt: attempt + 1, to: [personId] };
    const people = { groupId: 0, firstPerson: personId, lastPerson: personId };
    await insertBatches(db, [{ ...batch, ...people, numberId: group.numberId, cost, slotAt: dueAt, dueAt }]);
    const joined = 'UPDATE deliveries SET batch = ?, due_at = NULL WHERE message_id = ? AND person_id = ?';
    await run(db, joined, [personId, messageId, personId]);
    expect(await claimBatches(db, { batches: [batch], claim, dueAt })).to.have.length(1);
  }

  /** As if so much time went by. */
  async function passTime(ms: number): Promise<void> {
    const span = 'INTERVAL ? MICROSECOND';
    await run(world.runtime.db, `UPDATE deliveries SET due_at = due_at - ${span} WHERE due_at IS NOT NULL`, [
      ms * 1000,
    ]);
    await run(world.runtime.db, `UPDATE messages SET accepted_at = accepted_at - ${span}`, [ms * 1000]);
  }

  it('sends a system message that was committed but never queued', async () => {
    await keep('Forgotten', 5_000);
    expect(await sweep(world.runtime)).to.deep.equal({ unwritten: 1, waiting: 0, gone: 0, overdue: 0, lapsed: 0 });
    await world.quiet();
    expect(sent('Forgotten')).to.deep.equal(bobAndCarol());
  });

  it('goes on with its other steps where one fails, and says once that it does', async () => {
    await keep('Steps fail apart', 5_000);
    const logged: string[] = [];
    const log = Object.assign(Object.create(world.runtime.log), {
      error: (_: unknown, text: string) => logged.push(text),
      info: (_: unknown, text: string) => logged.push(text),
    });
    let isAway = true;
    const { queues } = world.runtime;
    const addFanOut = (ids: readonly number[]) =>
      isAway ? Promise.reject(new Error('Connection is closed.')) : queues.addFanOut(ids);
    const clock = runtimeWith(world.runtime, { queues: { ...queues, addFanOut }, log });
    await world.call('/group/create', { group: 'Old', name: 'Zoe', number: '+14447790001', ...aMember });
    await run(world.runtime.db, "UPDATE `groups` SET created_at = created_at - INTERVAL 4 DAY WHERE state = 'staged'");
    expect(await sweep(clock)).to.deep.include({ unwritten: 0, lapsed: 1 });
    await sweep(clock);
    expect(logged).to.deep.equal(['a step of the sweep fails; the others go on']);
    isAway = false;
    await sweep(clock);
    expect(logged.at(-1)).to.equal('a step of the sweep works again');
    await until('it goes out', async () => sent('Steps fail apart').length === 2);
  });

  it('leaves a message alone that was committed just now: its fan-out is on the way', async () => {
    const id = await keep('Just now', 0);
    expect(await sweep(world.runtime)).to.deep.equal({ unwritten: 0, waiting: 0, gone: 0, overdue: 0, lapsed: 0 });
    await run(world.runtime.db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 MINUTE WHERE id = ?', [id]);
    await sweep(world.runtime);
    await world.quiet();
    expect(sent('Just now')).to.deep.equal(bobAndCarol());
  });

  it('sends a system message that was committed but never queued', async () => {
    const bob = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM people WHERE phone = ?', [
      group.phones.Bob ?? '',
    ]);
    const message = { groupId: null, text: 'A forgotten text', urgent: true };
    const to = [{ personId: bob?.id ?? 0, membershipId: null, numberId: group.numberId }];
    await transact(world.runtime.db, (tx) =>
      writeSystemMessages(world.runtime, tx, {
        cause: { by: 'system' },
        messages: [{ ...message, to }],
        now: new Date(Date.now() - 5_000),
      }),
    );
    expect(await sweep(world.runtime)).to.deep.include({ unwritten: 0, waiting: 1 });
    await world.quiet();
    expect(sent('A forgotten text')).to.deep.equal([group.phones.Bob]);
  });

  it('finds a try whose worker died, waits for its report, and then sends it once more', async () => {
    world.simulator.fault({ kind: '503', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Dead worker');
    const of = { phone: group.phones.Bob ?? '', text: 'Dead worker' };
    await claimAndDie(await deliveryIn(world, of, { state: 'queued', attempt: 1 }));
    expect(await deliveryOf(world, of)).to.include({ state: 'sending', attempt: 2 });

    await sweep(world.runtime);
    expect(await deliveryOf(world, of)).to.include({
      state: 'unknown',
      attempt: 2,
      reason: 'the sender stopped in mid-send',
    });
    expect(sent('Alice: Dead worker')).to.deep.equal([group.phones.Carol]);
    expect(await sweep(world.runtime), 'its report may still come').to.include({ overdue: 0 });
    await passTime(30_000);
    await sweep(world.runtime);
    // It has waited for longer than it would back off, so the next try goes out by itself.
    await deliveryIn(world, of, { state: 'delivered', attempt: 3 });
    await sweep(world.runtime);
    expect(sent('Alice: Dead worker')).to.deep.equal(bobAndCarol());
  });

  it('takes what a sender had claimed for unknown as soon as its connection is gone, and no sooner', async () => {
    world.simulator.fault({ kind: '503', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Killed worker');
    const of = { phone: group.phones.Bob ?? '', text: 'Killed worker' };
    const { config, db } = world.runtime;
    const gate = await openGate(config.MYSQL_URL);
    const sender = await openRuntime({ ...config, MYSQL_URL: gate.url }, { process: 'sender' });
    const { name } = sender.use(openSenderLock);
    const isKnown = () => row(db, 'SELECT name FROM senders WHERE name = ?', [name]);
    await until('the sender is known', isKnown);
    const dueAt = new Date(Date.now() + 3_600_000);
    await claimAndDie(await deliveryIn(world, of, { state: 'queued', attempt: 1 }), { claim: `${name}-7`, dueAt });
    expect(await sweep(world.runtime)).to.include({ gone: 0, overdue: 0 });
    expect(await deliveryOf(world, of)).to.include({ state: 'sending' });
    gate.cut();
    await until('its lock is free', async () => (await findGoneSenders(db)).includes(name));
    expect(await sweep(world.runtime), 'it may have it again in a moment').to.include({ gone: 0 });
    await until('it is found to be gone', async () => (await sweep(world.runtime)).gone === 1);
    const seen = await deliveryIn(world, of, { state: 'unknown' });
    expect(await isKnown()).to.equal(undefined);
    gate.open();
    await until('it is known again', isKnown);
    await sender.close();
    await gate.close();
    await acceptReport(world.runtime, tryName(seen), reportOf('killed', 'delivered', 2));
  });

  it('judges only senders that hold their locks at the same server of a cluster', async () => {
    const { db } = world.runtime;
    const names = { here: 'here', elsewhere: 'elsewhere', older: 'older release' };
    await run(
      db,
      "INSERT INTO senders (name, since, server) VALUES (?, NOW(3), CONCAT(@@hostname, ':', @@port)), (?, NOW(3), 'node-2:3306'), (?, NOW(3), NULL)",
      Object.values(names),
    );
    expect(await findGoneSenders(db))
      .to.include.members([names.here, names.older])
      .and.not.include(names.elsewhere);
    await purge(world.runtime);
    expect(await row(db, 'SELECT name FROM senders WHERE name = ?', [names.elsewhere])).not.to.equal(undefined);
    await run(db, 'UPDATE senders SET since = NOW(3) - INTERVAL 25 HOUR WHERE name IN (?)', [Object.values(names)]);
    await purge(world.runtime);
    expect(await rows(db, 'SELECT name FROM senders WHERE name IN (?)', [Object.values(names)])).to.deep.equal([]);
  });

  it('leaves senders a moment to write down what they know when MySQL was unavailable', async () => {
    world.simulator.fault({ kind: '503', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Kept');
    const of = { phone: group.phones.Bob ?? '', text: 'Kept' };
    const { config } = world.runtime;
    const gate = await openGate(config.MYSQL_URL);
    const clock = await openRuntime({ ...config, MYSQL_URL: gate.url }, { process: 'clock' });
    gate.cut();
    expect(await sweep(clock).catch((error: Error) => error.name)).to.equal('DatabaseUnavailable');
    await claimAndDie(await deliveryIn(world, of, { state: 'queued', attempt: 1 }));
    gate.open();
    expect(await until('MySQL is back', () => sweep(clock).catch(() => undefined))).to.include({ overdue: 0 });
    expect(await deliveryOf(world, of)).to.include({ state: 'sending' });
    await clock.close();
    await gate.close();
    expect(await sweep(world.runtime)).to.include({ overdue: 1 });
    const seen = await deliveryIn(world, of, { state: 'unknown' });
    await acceptReport(world.runtime, tryName(seen), reportOf('kept', 'delivered', 2));
  });

  it('does not believe its own clock where that is ahead of MySQL’s', async () => {
    world.simulator.fault({ kind: '503', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'In an hour');
    const of = { phone: group.phones.Bob ?? '', text: 'In an hour' };
    const seen = await deliveryIn(world, of, { state: 'queued', attempt: 1 });
    const expired = await findExpired(world.runtime.db, { now: new Date(Date.now() + 3_600_000), limit: 500 });
    expect(expired.filter((one) => one.messageId === seen.messageId)).to.deep.equal([]);
    await acceptReport(world.runtime, tryName(seen), reportOf('ahead', 'delivered', 2));
  });

  it('does not send an unknown one again when its report comes before the time is over', async () => {
    world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Found again');
    const of = { phone: group.phones.Bob ?? '', text: 'Found again' };
    const seen = await deliveryIn(world, of, { state: 'unknown' });
    await acceptReport(world.runtime, tryName(seen), reportOf('found', 'delivered', 2));
    await passTime(60_000);
    await sweep(world.runtime);
    expect(await deliveryOf(world, of)).to.include({ state: 'delivered', attempt: 1, dueAt: null });
    expect(sent('Alice: Found again')).to.deep.equal([group.phones.Carol]);
  });

  it('a report that comes after that, but before the second try, ends it as well', async () => {
    world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Bob ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Found late');
    const of = { phone: group.phones.Bob ?? '', text: 'Found late' };
    const seen = await deliveryIn(world, of, { state: 'unknown' });
    await Promise.all(world.runtime.queues.all.map((queue) => queue.pause()));
    await passTime(60_000);
    await sweep(world.runtime);
    await deliveryIn(world, of, { state: 'queued', attempt: 1 });
    await acceptReport(world.runtime, tryName(seen), reportOf('late', 'sent', 1));
    await Promise.all(world.runtime.queues.all.map((queue) => queue.resume()));
    await passTime(60_000);
    await sweep(world.runtime);
    expect(await deliveryOf(world, of)).to.include({ state: 'sent', attempt: 1, charged: 1 });
    expect(sent('Alice: Found late')).to.deep.equal([group.phones.Carol]);
  });

  it('many sweepers at once double nothing', async () => {
    const runtimes: Runtime[] = await Promise.all(
      [1, 2, 3].map(() => openRuntime(world.runtime.config, { process: 'clock' })),
    );
    world.simulator.fault({ kind: '500', phone: group.phones.Bob ?? '', times: 1 });
    world.simulator.fault({ kind: 'error_in_200', phone: group.phones.Carol ?? '', times: 1 });
    await world.text(group.phones.Alice ?? '', group.number, 'Not too often');
    await deliveryIn(world, { phone: group.phones.Bob ?? '', text: 'Not too often' }, { state: 'queued', attempt: 1 });
    await deliveryIn(
      world,
      { phone: group.phones.Carol ?? '', text: 'Not too often' },
      { state: 'unknown', attempt: 1 },
    );
    await Promise.all(['A', 'B', 'C', 'D'].map((text) => keep(`Once ${text}`, 5_000)));
    for (let round = 0; round < 3; round++) {
      await passTime(60_000);
      await Promise.all(runtimes.map((runtime) => sweep(runtime)));
    }
    await world.quiet();
    for (const text of ['Once A', 'Once B', 'Once C', 'Once D', 'Alice: Not too often'])
      expect(sent(text), text).to.deep.equal(bobAndCarol());
    await Promise.all(runtimes.map((runtime) => runtime.close()));
  });

  it('ends staged groups that nobody turned on, and their members’ numbers are free again', async () => {
    const members = { name_0: 'Bob', number_0: '+14447770002', name_1: 'Carol', number_1: '+14447770003' };
    const input = { group: 'Never', name: 'Zoe', number: '+14447770001', ...members };
    const first = await world.call('/group/create', input);
    await run(
      world.runtime.db,
      "UPDATE `groups` SET created_at = created_at - INTERVAL 71 HOUR WHERE state = 'staged'",
    );
    expect(await sweep(world.runtime)).to.include({ lapsed: 0 });
    await run(world.runtime.db, "UPDATE `groups` SET created_at = created_at - INTERVAL 1 HOUR WHERE state = 'staged'");
    expect(await sweep(world.runtime)).to.include({ lapsed: 1 });
    expect(await sweep(world.runtime)).to.include({ lapsed: 0 });
    const left = await rows(
      world.runtime.db,
      "SELECT m.id FROM memberships m JOIN `groups` g ON g.id = m.group_id WHERE g.state <> 'active' AND m.live = 1",
    );
    expect(left).to.deep.equal([]);
    expect(await world.text('+14447770001', String(first.body.number), 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo('+14447770002'), 'nobody is welcomed any more').to.deep.equal([]);
    for (let time = 0; time < 3; time++)
      expect((await world.call('/group/create', input)).body).to.include({ status: 'OK' });
  });

  it('a staged group whose YES comes in the same instant is not ended', async () => {
    const input = {
      group: 'Just in time',
      name: 'Yan',
      number: '+14447780001',
      name_0: 'Zed',
      number_0: '+14447780002',
    };
    await world.call('/group/create', input);
    const [staged] = await rows<{ id: number }>(
      world.runtime.db,
      "SELECT id FROM `groups` WHERE name = 'Just in time'",
    );
    await run(world.runtime.db, 'UPDATE `groups` SET created_at = created_at - INTERVAL 4 DAY WHERE id = ?', [
      staged?.id ?? 0,
    ]);
    const sweeping = await transact(world.runtime.db, async (tx) => {
      await activateGroup(tx, { groupId: staged?.id ?? 0, now: new Date() });
      const swept = sweep(world.runtime);
      await until('the sweeper waits for the group', async () => {
        const [found] = await rows<{ waits: number }>(
          world.runtime.db,
          "SELECT COUNT(*) AS waits FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND COMMAND = 'Query' AND INFO LIKE '%groups%' AND ID <> CONNECTION_ID()",
        );
        return found?.waits === 1;
      });
      return { swept };
    });
    await sweeping.swept;
    const [group] = await rows<{ state: string }>(world.runtime.db, 'SELECT state FROM `groups` WHERE id = ?', [
      staged?.id ?? 0,
    ]);
    expect(group).to.deep.equal({ state: 'active' });
  });
});

describe('when Redis loses everything', () => {
  let world: World;
  let workers: Workers;
  let group: TestGroup;
  const names = Array.from({ length: 41 }, (_, at) => `Member ${at}`);

  before(async () => {
    world = await openWorld({
      workers: false,
      env: { NUMBER_MPS: '50', HORIZON_SECONDS: '1', UNKNOWN_WAIT_SECONDS: '1' },
    });
    workers = await openWorkers(world);
    group = await startGroup(world, names);
    await sweep(world.runtime);
  });
  after(async () => {
    await workers?.close();
    await world?.close();
  });

  /** Everybody but the sender has the text, and has it once. */
  async function expectEverybodyOnce(text: string): Promise<void> {
    await until('the rest is sent', async () => {
      await sweep(world.runtime);
      const open = await row<{ open: number }>(
        world.runtime.db,
        "SELECT COUNT(*) AS open FROM deliveries WHERE state IN ('queued', 'sending', 'unknown')",
      );
      return open?.open === 0;
    });
    const got = world.simulator.accepted.filter((one) => one.text.endsWith(text)).map(({ to }) => to);
    expect(got.sort()).to.deep.equal(names.slice(1).map((name) => group.phones[name]));
  }

  it('in the middle of a fan-out with a backlog, everybody gets their text once', async () => {
    await world.text(group.phones['Member 0'] ?? '', group.number, 'Flushed');
    await world.simulator.waitForTexts({ text: /Flushed/ }, { count: 10 });
    await world.runtime.redis.flushdb();
    await expectEverybodyOnce('Flushed');
  });

  it('the job that comes back for the waiting alone: the lines go on', async () => {
    await world.text(group.phones['Member 0'] ?? '', group.number, 'Pumped');
    await world.simulator.waitForTexts({ text: /Pumped/ }, { count: 1 });
    const jobs = await world.runtime.redis.keys('{gtx-fanout}:fanout:*dispatch*');
    await world.runtime.redis.del('{gtx-fanout}:fanout:delayed', ...jobs);
    await run(world.runtime.db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 MINUTE');
    await expectEverybodyOnce('Pumped');
  });

  it('the last second, because it was killed and started again: what lacks its job is queued again at once', async () => {
    await world.text(group.phones['Member 0'] ?? '', group.number, 'Restarted');
    await world.simulator.waitForTexts({ text: /Restarted/ }, { count: 1 });
    await world.runtime.redis.del('{gtx-sms-0}:sms-0:delayed', '{gtx-fanout}:fanout:delayed');
    await world.runtime.redis.set('{gtx}:whole', 'the run before');
    await expectEverybodyOnce('Restarted');
  });
});

describe('a later text, where Redis has lost who stands in line,', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false, env: { NUMBER_MPS: '0.1', HORIZON_SECONDS: '1' } });
  });
  after(() => world?.close());

  for (const earlier of [1, 9])
    it(`does not overtake ${earlier} that waited before`, async () => {
      const group = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dan', 'Eve'], { quiet: false });
      const say = async (text: string) => {
        await world.text(group.phones.Alice ?? '', group.number, text);
        const id = await messageOf(world, `Alice: ${text}`);
        await fanOut(world.runtime, [id]);
        return id;
      };
      await sweep(world.runtime);
      const first: number[] = [];
      for (let at = 1; at <= earlier; at++) first.push(await say(`Before ${earlier} ${at}`));
      await world.runtime.redis.flushdb();
      const last = await say(`After ${earlier}`);
      const line = `${keys.fairQueue('plivo')}:line:m:${group.numberId}:${group.id}`;
      const waits = await rows<{ id: number }>(
        world.runtime.db,
        'SELECT DISTINCT message_id AS id FROM deliveries WHERE message_id IN (?) AND state = ? AND queued_at IS NULL',
        [[...first, last], 'queued'],
      );
      const standing = async () =>
        (await world.runtime.redis.zrange(line, 0, -1)).filter((id) => [...first, last].includes(Number(id)));
      expect(await standing()).to.deep.equal(earlier === 1 ? [...first, last].map(String) : []);
      expect(waits.map(({ id }) => id)).to.include(last);
      await run(world.runtime.db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 MINUTE');
      await sweep(world.runtime);
      expect(await standing()).to.deep.equal([...first, last].map(String));
      const queued = 'SELECT COUNT(*) AS queued FROM deliveries WHERE message_id = ? AND queued_at IS NOT NULL';
      expect((await row<{ queued: number }>(world.runtime.db, queued, [last]))?.queued).to.equal(0);
    });
});

it('what waits is put in line in the part of its number where TURN_SHARDS is another', async () => {
  const world = await openWorld({ workers: false, env: { NUMBER_MPS: '0.1' } });
  try {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dan', 'Eve'], { quiet: false });
    await world.text(group.phones.Alice ?? '', group.number, 'Divided');
    await run(world.runtime.db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 MINUTE');
    const ids = await rows<{ id: number }>(world.runtime.db, 'SELECT id FROM messages');
    await fanOut(
      world.runtime,
      ids.map(({ id }) => id),
    );
    const wants = (shard: number) => world.runtime.redis.hlen(`${keys.fairQueue('plivo', shard)}:want`);
    const waiting = await wants(0);
    expect(waiting).to.be.above(0);
    const TURN_SHARDS = group.numberId + 1;
    const divided = runtimeWith(world.runtime, { config: { ...world.runtime.config, TURN_SHARDS } });
    await sweep(divided);
    // One may have its slot by now.
    expect(await wants(group.numberId)).to.be.within(1, waiting);
    await sweep(world.runtime);
    expect(await wants(0)).to.be.within(1, waiting);
  } finally {
    await world.close();
  }
});

function reportOf(carrierId: string, status: 'sent' | 'delivered', sequence: number): CarrierReport {
  return { carrierId, status, sequence, errorCode: null, meaning: null, unreachable: false, units: 1 };
}
