import { expect } from 'chai';
import { run } from '../../db/connect.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import type { Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('co-owners in an app', () => {
  let world: World;
  let group: TestGroup;
  let sids: { ann: string; bob: string; cy: string };

  before(async () => {
    world = await openWorld({ simulator: { reporting: 'final' } });
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { name: 'Hikers' });
    const { Ann = '', Bob = '', Cy = '' } = group.phones;
    sids = { ann: await openSid(world, Ann), bob: await openSid(world, Bob), cy: await openSid(world, Cy) };
    const named = await set(sids.ann, { number: Bob, co_owner: 1 });
    expect(named).to.deep.equal({ status: 'OK' });
    await world.quiet();
  });
  after(() => world?.close());

  const set = async (sid: string, params: Params) =>
    (await world.call('/member/set', { sid, group: group.number, ...params })).body;
  const phone = (name: string) => group.phones[name] ?? '';

  it('are told, and marked for all who see the members', async () => {
    expect(world.simulator.textsTo(phone('Bob')).at(-1)?.text).to.match(/^Ann made you a co-owner of "Hikers"/);
    const marks = async (sid: string) => {
      const { body } = await world.call('/member/groups', { sid });
      const [one] = body.groups as { co_owner: number; members: { name: string; co_owner: number }[] }[];
      return [one?.co_owner, ...(one?.members ?? []).map(({ name, co_owner }) => `${name} ${co_owner}`)];
    };
    expect(await marks(sids.bob)).to.deep.equal([1, 'Ann 0', 'Bob 1', 'Cy 0']);
    expect(await marks(sids.cy)).to.deep.equal([0, 'Ann 0', 'Bob 1', 'Cy 0']);
  });

  it('cannot touch the owner, who needs no co-ownership; members name nobody', async () => {
    const token = async (answer: Promise<Params>) => (await answer).error_type;
    for (const change of [{ name: 'Anna' }, { sms: 0 }, { co_owner: 1 }])
      expect(await token(set(sids.bob, { number: phone('Ann'), ...change }))).to.equal('NOT_OWNER');
    expect(await set(sids.ann, { co_owner: 1 })).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'co_owner' });
    expect(await token(set(sids.cy, { co_owner: 1 }))).to.equal('NOT_OWNER');
    expect(await token(set(sids.ann, { number: phone('Cy'), co_owner: 2 }))).to.equal('BAD_REQUEST');
    const removal = { sid: sids.bob, group: group.number, number: phone('Ann') };
    expect((await world.call('/member/remove', removal)).body.error_type).to.equal('NOT_OWNER');
    const key = { sid: sids.bob, name: 'Bot', access: 'read', number: group.number };
    expect((await world.call('/v1/keys/create', key)).body.error_type).to.equal('NOT_OWNER');
  });

  it('schedule in their own name, by call and by text, and lose it with their membership alone', async () => {
    const wanted = { sid: sids.bob, number: group.number, message: 'By call', when: '2099-01-01 12:00:00' };
    expect((await world.call('/message/schedule', wanted)).body.status).to.equal('OK');
    await world.text(phone('Bob'), group.number, '*schedule tomorrow 7pm By text');
    await world.quiet();
    const due = 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE ended_at IS NULL AND group_id = ?';
    await run(world.runtime.db, due, [group.id]);
    await sendDue(world.runtime);
    await world.quiet();
    const texts = world.simulator.textsTo(phone('Ann')).map(({ text }) => text);
    expect(texts).to.include.members(['Bob: By call', 'Bob: By text']);
  });

  it('are news to the apps of all members', async () => {
    const read = async (sid: string, cursor: unknown) => {
      const { body } = await world.call('/v1/events', { sid, ...(cursor === undefined ? {} : { cursor }) });
      return { cursor: body.cursor, events: body.events as { type: string; changed?: string[] }[] };
    };
    const { cursor } = await read(sids.cy, undefined);
    await set(sids.ann, { number: phone('Bob'), co_owner: 0 });
    await set(sids.ann, { number: phone('Bob'), co_owner: 1 });
    const changed = (await read(sids.cy, cursor)).events.map(({ type, changed: fields }) => [type, fields?.join()]);
    expect(changed).to.deep.equal([
      ['group.changed', 'co_owner'],
      ['group.changed', 'co_owner'],
    ]);
  });

  it('see what became of everybody’s texts, and who would not get one', async () => {
    const said = { sid: sids.ann, number: group.number, message: 'Hello' };
    const { message_id } = (await world.call('/message/send', said)).body;
    await world.quiet();
    const ask = (sid: string) => world.call('/v1/messages', { sid, number: group.number, message_id });
    expect((await ask(sids.bob)).body).to.include.keys('counts', 'recipients');
    expect((await ask(sids.cy)).body).not.to.include.keys('counts');
    const preview = async (sid: string) => (await world.call('/message/send', { ...said, sid, preview: 1 })).body;
    expect(await preview(sids.bob)).to.include.keys('skipped');
    expect(await preview(sids.cy)).not.to.include.keys('skipped');
  });
});
