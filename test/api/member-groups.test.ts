import { expect } from 'chai';
import { row, rows, run, transact } from '../../db/connect.ts';
import { activateGroup, insertGroup } from '../../db/groups/group-changes.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ensurePeople } from '../../db/people/people.ts';
import { startGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Group = Record<string, unknown> & { members: Record<string, unknown>[] };
const ann = '+14445550001';
const bob = '+14445550002';
const cid = '+14445550003';

describe('/member/groups', () => {
  let world: World;
  before(async () => {
    const pool = Array.from({ length: 60 }, (_, at) => `+1201555${2001 + at}`).join(',');
    world = await openWorld({ workers: false, env: { NUMBER_POOL: pool, MAX_PENDING_GROUPS: '100' } });
  });
  after(() => world.close());

  const read = async (phone: string) => {
    const { body } = await world.call('/member/groups', { sid: await openSid(world, phone) });
    expect(body.status).to.equal('OK');
    return body as { number: string; account: Record<string, unknown>; groups: Group[] };
  };
  const start = (name: string, owner: 'Ann' | 'Bob') =>
    startGroup(world, owner === 'Ann' ? ['Ann', 'Bob', 'Cid'] : ['Bob', 'Ann', 'Cid'], {
      ...{ name, phones: { Ann: ann, Bob: bob, Cid: cid }, quiet: false },
    });

  it('shows a member without groups and without an account', async () => {
    expect(await read('+14445559999')).to.deep.equal({
      status: 'OK',
      number: '+14445559999',
      account: { type: 'F', balance: 0, suspended: 0 },
      groups: [],
    });
  });

  it('lists all one’s groups, oldest first, as they are for the caller', async () => {
    const first = await start('First', 'Ann');
    const second = await start('Second', 'Bob');
    const sid = await openSid(world, bob);
    await world.call('/group/set', {
      ...{ sid, number: second.number, disable_who: 1, disable_add: 1, notify_on_add: 1, is_public: 1 },
      ...{ description: 'Our second', invite_code: 'second' },
    });
    await world.call('/member/set', { sid, group: second.number, number: cid, broadcast: 1 });
    await world.call('/member/bye', { sid: await openSid(world, cid), group: second.number });
    const forOwner = await read(bob);
    expect(forOwner.account).to.deep.equal({ type: 'T', balance: 500, suspended: 0 });
    expect(forOwner.groups.map(({ name }) => name)).to.deep.equal(['First', 'Second']);
    expect(forOwner.groups[1]).to.deep.equal({
      ...{
        name: 'Second',
        language: '',
        group_language: '',
        number: second.number,
        bye: 0,
        sms: 1,
        owner: 1,
        co_owner: 0,
        zone: 'America/New_York',
        batch: '',
        notify_on_add: 1,
        reply_to_owner: 0,
      },
      ...{ disable_who: 1, disable_add: 1, is_public: 1, invite_code: 'second', description: 'Our second', pinned: '' },
      hours: '',
      broadcast_approval: 0,
      forward_to: '',
      batches: 0,
      suspended: 0,
      members: [
        { name: 'Bob', number: bob, bye: 0, owner: 1, broadcast: 0, co_owner: 0 },
        { name: 'Ann', number: ann, bye: 0, owner: 0, broadcast: 0, co_owner: 0 },
        { name: 'Cid', number: cid, bye: 1, owner: 0, broadcast: 1, co_owner: 0 },
      ],
    });
    const forLeft = await read(cid);
    expect(forLeft.account).to.deep.equal({ type: 'F', balance: 0, suspended: 0 });
    expect(forLeft.groups.map(({ name, bye }) => [name, bye])).to.deep.equal([
      ['First', 0],
      ['Second', 1],
    ]);
    expect(forLeft.groups[1]?.members.map(({ name }) => name)).to.deep.equal(['Bob', 'Cid']);
    const { groups } = await read(ann);
    expect(groups[0]).to.include({ number: first.number, owner: 1, description: '', invite_code: '' });
    expect(groups[1]?.members.map(({ name }) => name)).to.deep.equal(['Bob', 'Ann']);
  });

  it('says which groups are suspended: those whose owner has nothing left', async () => {
    const emptied = 'UPDATE accounts a JOIN people p ON p.id = a.person_id SET a.balance = ? WHERE p.phone = ?';
    await run(world.runtime.db, emptied, [0, bob]);
    expect((await read(bob)).account).to.deep.equal({ type: 'T', balance: 0, suspended: 1 });
    expect((await read(cid)).groups.map(({ suspended }) => suspended)).to.deep.equal([0, 1]);
    await run(world.runtime.db, emptied, [500, bob]);
  });

  it('does not list a staged group', async () => {
    await world.call('/group/create', { group: 'Third', name: 'Ann', number: ann, name_0: 'Cid', number_0: cid });
    expect((await read(ann)).groups).to.have.length(2);
  });

  it('takes four statements for 50 groups of 100, the session among them', async () => {
    const phones = Array.from({ length: 100 }, (_, at) => `+1445555${1000 + at}`);
    const phone = phones[0] ?? '';
    await fill(world, phones, 50);
    const sid = await openSid(world, phone);
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }) => statements.push(sql);
    world.runtime.db.on('query', note);
    const { body } = await world.call('/member/groups', { sid });
    world.runtime.db.off('query', note);
    const groups = body.groups as Group[];
    expect(groups).to.have.length(50);
    for (const { members } of groups) expect(members).to.have.length(100);
    expect(statements.length, statements.join('\n')).to.be.at.most(4);
  });
});

/** Groups of the same people, each through a number of its own. */
async function fill(world: World, phones: readonly string[], count: number): Promise<void> {
  const { db } = world.runtime;
  const now = new Date();
  const numbers = await rows<{ id: number }>(
    db,
    "SELECT id FROM numbers WHERE kind = 'pool' ORDER BY id DESC LIMIT ?",
    [count],
  );
  await transact(db, async (tx) => {
    const people = await ensurePeople(tx, phones, now);
    const ownerId = people.get(phones[0] ?? '')?.id ?? 0;
    for (const [at, { id: numberId }] of numbers.entries()) {
      const input = { name: `Group ${at}`, ownerId, numberId, replyToOwner: false, source: null, now };
      const groupId = await insertGroup(tx, input);
      const members = [...people.values()].map(({ id: personId, phone }) => {
        return { groupId, personId, numberId, name: phone };
      });
      await insertMemberships(tx, { members, fromVersion: 1, now });
      await activateGroup(tx, { groupId, now });
    }
  });
  const found = await row<{ living: number }>(db, 'SELECT COUNT(*) AS living FROM memberships WHERE live = 1');
  expect(found?.living).to.be.greaterThan(phones.length * count - 1);
}
