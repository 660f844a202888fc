import { expect } from 'chai';
import { Redis } from 'ioredis';
import { rows, run, transact } from '../../../db/connect.ts';
import { STATEMENTS } from '../../../db/connection.ts';
import { raiseVersion } from '../../../db/groups/group-changes.ts';
import { endMembership, insertMemberships, markBack, markLeft } from '../../../db/groups/memberships.ts';
import { ensurePerson } from '../../../db/people/people.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { openRosters } from '../../../engine/platform/roster-cache.ts';
import { ROSTER_SHAPE, type Roster } from '../../../engine/rules/types.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a roster', () => {
  let world: World;
  let group: TestGroup;
  let groups = 0;

  before(async () => {
    world = await openWorld({ workers: false });
  });
  beforeEach(async () => {
    group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { name: `Group ${++groups}`, quiet: false });
  });
  after(() => world?.close());

  /** Without what others have cached. */
  const fresh = () => openRosters({ ...world.runtime, redis: awayRedis });
  const read = (version: number) => fresh().read({ groupId: group.id, version, tag: 1 });

  const versionNow = () => versionOf(group.id);

  async function versionOf(groupId: number): Promise<number> {
    const [found] = await rows<{ version: number }>(
      world.runtime.db,
      'SELECT roster_version AS version FROM `groups` WHERE id = ?',
      [groupId],
    );
    return found?.version ?? 0;
  }

  async function now(): Promise<{ groupId: number; version: number; tag: number }> {
    const [found] = await rows<{ groupId: number; version: number; tag: number }>(
      world.runtime.db,
      'SELECT id AS groupId, roster_version AS version, roster_tag AS tag FROM `groups` WHERE id = ?',
      [group.id],
    );
    if (found === undefined) throw new Error('the group is gone');
    return found;
  }

  async function membershipOf(name: string): Promise<number> {
    const at = [group.id, name];
    const [found] = await rows<{ id: number }>(
      world.runtime.db,
      'SELECT id FROM memberships WHERE group_id = ? AND name = ? ORDER BY id DESC LIMIT 1',
      at,
    );
    return found?.id ?? 0;
  }

  /** One change under a new version; answers that version. */
  async function change(does: 'leaves' | 'is back' | 'is removed' | 'is added', name: string): Promise<number> {
    const version = (await versionNow()) + 1;
    const turn = { membershipId: await membershipOf(name), version, now: new Date() };
    const person = await ensurePerson(world.runtime.db, group.phones[name] ?? '+14446660000', new Date());
    await transact(world.runtime.db, async (tx) => {
      await raiseVersion(tx, [group.id]);
      if (does === 'leaves') await markLeft(tx, turn);
      if (does === 'is back') await markBack(tx, turn);
      if (does === 'is removed') await endMembership(tx, turn);
      const members = [{ groupId: group.id, personId: person.id, numberId: group.numberId, name }];
      if (does === 'is added') await insertMemberships(tx, { members, fromVersion: version, now: new Date() });
    });
    return version;
  }

  const names = ({ members }: Roster) => members.map(({ name, left }) => (left ? `${name} (left)` : name));

  it('holds the members of its version, whatever has happened since', async () => {
    const first = await versionNow();
    const afterBye = await change('leaves', 'Bob');
    const afterRemove = await change('is removed', 'Carol');
    const afterHi = await change('is back', 'Bob');
    const afterAdd = await change('is added', 'Dave');
    const expected = new Map([
      [first, ['Alice', 'Bob', 'Carol']],
      [afterBye, ['Alice', 'Bob (left)', 'Carol']],
      [afterRemove, ['Alice', 'Bob (left)']],
      [afterHi, ['Alice', 'Bob']],
      [afterAdd, ['Alice', 'Bob', 'Dave']],
    ]);
    for (const [version, there] of expected) {
      const roster = await read(version);
      // Who came later may be on an older one, as somebody who was not there: nothing is sent to them.
      const onIt = names(roster).filter((name) => there.includes(name ?? '') || !name?.endsWith('(left)'));
      expect(onIt, `version ${version}`).to.deep.equal(there);
      expect(roster.group.version).to.equal(version);
    }
  });

  it('a message goes to the members of the moment it was accepted, but not to who is gone by now', async () => {
    await world.text(group.phones.Alice ?? '', group.number, 'Before');
    await change('is removed', 'Carol');
    await change('is added', 'Dave');
    const [message] = await rows<{ id: number }>(
      world.runtime.db,
      'SELECT MAX(id) AS id FROM messages WHERE group_id = ? AND message_id = 1',
      [group.id],
    );
    await fanOut(runtimeWith(world.runtime, { rosters: fresh() }), [message?.id ?? 0]);
    const planned = await rows<{ name: string }>(
      world.runtime.db,
      'SELECT b.name FROM deliveries d JOIN memberships b ON b.id = d.membership_id WHERE d.message_id = ? ORDER BY b.id',
      [message?.id ?? 0],
    );
    // The sender skips Carol: see the deliveries of those who are gone.
    expect(planned.map(({ name }) => name)).to.deep.equal(['Bob', 'Carol']);
  });

  it('who came after a message is not on its roster as present', async () => {
    const before = await versionNow();
    await change('is added', 'Dave');
    const dave = (await read(before)).members.find(({ name }) => name === 'Dave');
    expect(dave?.left ?? true).to.equal(true);
  });

  it('of the largest group that is allowed is kept in this process', async () => {
    const config = { MAX_MEMBERS: 100_000 };
    const small = await fresh().read(await now());
    const members = Array.from({ length: config.MAX_MEMBERS }, () => small.members[0]);
    const redis = Object.assign(awayRedis.duplicate(), { get: async () => JSON.stringify({ ...small, members }) });
    const rosters = openRosters({ db: world.runtime.db, redis, config });
    const at = { groupId: group.id, version: 1_000, tag: 1 };
    const first = await rosters.read(at);
    expect(first.members).to.have.length(config.MAX_MEMBERS);
    expect(await rosters.read(at)).to.equal(first);
  });

  it('is drawn once for all who ask at the same time, and kept in this process', async () => {
    const rosters = openRosters(world.runtime);
    const at = await now();
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => rosters.read(at)));
    for (const other of others) expect(other).to.equal(first);
    expect(await rosters.read(at)).to.equal(first);
  });

  it('is drawn with all others that are asked for in the same moment, each as it is alone', async () => {
    const others = [await startGroup(world, ['Dan', 'Eve'], { name: 'Others', quiet: false }), group];
    const at = await Promise.all(others.map(async ({ id }) => ({ groupId: id, version: await versionOf(id), tag: 1 })));
    const all = [...at, { groupId: group.id, version: 1, tag: 1 }];
    const alone = [];
    for (const one of all) alone.push(await fresh().read(one));
    const rosters = fresh();
    let drawn = 0;
    const note = (statement: unknown) => {
      if (/JOIN (memberships m|numbers gn) /.test((statement as { text: string }).text)) drawn += 1;
    };
    const unknown = { groupId: 999_999, version: 1, tag: 1 };
    const read = await Promise.allSettled([...all, unknown].map((one) => rosters.read(one)));
    expect(read.slice(0, 3).map((one) => one.status === 'fulfilled' && one.value)).to.deep.equal(alone);
    expect(read[3]?.status, 'one that fails fails no other').to.equal('rejected');
    STATEMENTS.subscribe(note);
    await Promise.all(at.map((one) => fresh().read(one)));
    const asMany = drawn;
    drawn = 0;
    const together = fresh();
    await Promise.all(at.map((one) => together.read(one)));
    STATEMENTS.unsubscribe(note);
    expect([asMany, drawn]).to.deep.equal([4, 2]);
  });

  it('is read from Redis where another process has drawn it', async () => {
    const at = await now();
    await openRosters(world.runtime).read(at);
    const key = `{gtx}:roster:${ROSTER_SHAPE}:${group.id}:${at.version}:${at.tag}`;
    const kept = JSON.parse((await world.runtime.redis.get(key)) ?? '') as Roster;
    await world.runtime.redis.set(key, JSON.stringify({ ...kept, group: { ...kept.group, name: 'From Redis' } }));
    expect((await openRosters(world.runtime).read(at)).group.name).to.equal('From Redis');
    expect(await world.runtime.redis.ttl(key)).to.be.at.most(3_600);
  });

  it('of a history that a restored backup has taken back is not read', async () => {
    const restored = await now();
    await change('is added', 'Dave');
    const lost = await now();
    expect(names(await world.runtime.rosters.read(lost))).to.include('Dave');
    // As the backup was: Redis and the processes live on.
    await run(world.runtime.db, 'DELETE FROM membership_spans WHERE membership_id = ?', [await membershipOf('Dave')]);
    await run(world.runtime.db, "DELETE FROM memberships WHERE group_id = ? AND name = 'Dave'", [group.id]);
    await run(world.runtime.db, 'UPDATE `groups` SET roster_version = ?, roster_tag = ? WHERE id = ?', [
      restored.version,
      restored.tag,
      group.id,
    ]);
    await change('leaves', 'Bob');
    const again = await now();
    expect(again.version).to.equal(lost.version);
    expect(names(await world.runtime.rosters.read(again))).to.deep.equal(['Alice', 'Bob (left)', 'Carol']);
  });

  it('is drawn anew where Redis has one of another shape, as another release has left it', async () => {
    const at = await now();
    const drawn = await fresh().read(at);
    const { members: _, ...old } = drawn;
    for (const shape of ['', 'other:'])
      await world.runtime.redis.set(`{gtx}:roster:${shape}${group.id}:${at.version}:${at.tag}`, JSON.stringify(old));
    expect(await openRosters(world.runtime).read(at)).to.deep.equal(drawn);
  });

  it('is read from MySQL while Redis is unavailable', async () => {
    const roster = await read(await versionNow());
    expect(names(roster)).to.deep.equal(['Alice', 'Bob', 'Carol']);
    expect(roster.members.map(({ owner }) => owner)).to.deep.equal([true, false, false]);
  });

  it('a failure to read it is not kept', async () => {
    const rosters = openRosters(world.runtime);
    const at = { groupId: group.id + 1_000, version: 1, tag: 1 };
    for (let time = 0; time < 2; time++) {
      const failed = await rosters.read(at).then(
        () => null,
        (error: Error) => error.message,
      );
      expect(failed).to.equal(`group ${at.groupId} has no row`);
    }
  });

  it('of a phone that is blocked says so from the version on that its STOP made', async () => {
    const before = await versionNow();
    const bobs = async (version: number) =>
      (await world.runtime.rosters.read({ groupId: group.id, version, tag: 1 })).members.find(
        ({ name }) => name === 'Bob',
      );
    expect((await bobs(before))?.blocked).to.equal(false);
    await world.text(group.phones.Bob ?? '', group.number, 'STOP');
    const after = await versionNow();
    expect(after).to.equal(before + 1);
    expect((await bobs(after))?.blocked).to.equal(true);
    await run(world.runtime.db, 'UPDATE people SET blocked_at = NULL');
  });
});

/** A connection that is over. */
const awayRedis = new Redis({ lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null });
awayRedis.disconnect();
