import { TypeCompiler } from '@sinclair/typebox/compiler';
import { expect } from 'chai';
import { messageState } from '../../api/endpoints/message-state.ts';
import { run } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;

describe('what became of a message', () => {
  let world: World;
  let group: TestGroup;
  const sids: Record<string, string> = {};
  before(async () => {
    world = await openWorld();
    group = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dee'], { name: 'Hikers' });
    for (const [name, phone] of Object.entries(group.phones)) sids[name] = await openSid(world, phone);
    await as('Dee', '/message/send', { message: '*off' });
  });
  after(() => world.close());

  const as = (who: string, path: string, params: Params = {}) =>
    world.call(path, { sid: sids[who], number: group.number, ...params });
  const say = async (who: string, message: string) =>
    Number((await as(who, '/message/send', { message })).body.message_id);
  const read = async (who: string, id: number) => (await as(who, '/v1/messages', { message_id: id })).body;
  const counts = { waiting: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };

  it('is counted for its sender, told of each recipient to the owner, and neither to others', async () => {
    const id = await say('Bob', 'Who brings water?');
    await world.quiet();
    const [ann, bob, cid] = [await read('Ann', id), await read('Bob', id), await read('Cid', id)];
    const message = { id, txt: 'Bob: Who brings water?', from: group.phones.Bob, name: 'Bob' };
    for (const body of [ann, bob, cid]) {
      expect(body.message).to.deep.include(message);
      const { status, ...answer } = body;
      expect(status).to.equal('OK');
      expect([...TypeCompiler.Compile(messageState.answer).Errors(answer)]).to.deep.equal([]);
    }
    const sums = { ...counts, delivered: 2, skipped: 1 };
    expect(bob).to.deep.equal({ status: 'OK', message: ann.message, counts: sums });
    expect(cid).to.deep.equal({ status: 'OK', message: ann.message });
    expect(ann.counts).to.deep.equal(sums);
    expect(ann.recipients).to.deep.equal([
      { name: 'Ann', number: group.phones.Ann, state: 'delivered' },
      { name: 'Cid', number: group.phones.Cid, state: 'delivered' },
      { name: 'Dee', number: group.phones.Dee, state: 'skipped', reason: 'sms' },
    ]);
  });

  it('says waiting of everybody until its deliveries are written', async () => {
    const id = await say('Ann', 'Not yet');
    await world.quiet();
    const rowOf = 'message_id = (SELECT id FROM messages WHERE group_id = ? AND message_id = ?)';
    await run(world.runtime.db, `DELETE FROM deliveries WHERE ${rowOf}`, [group.id, id]);
    await run(world.runtime.db, 'UPDATE messages SET pending = 1 WHERE group_id = ? AND message_id = ?', [
      group.id,
      id,
    ]);
    expect((await read('Ann', id)).counts).to.deep.equal({ ...counts, waiting: 3 });
    await run(world.runtime.db, 'UPDATE messages SET pending = NULL WHERE group_id = ? AND message_id = ?', [
      group.id,
      id,
    ]);
  });

  it('has the carrier’s code of a failure', async () => {
    world.simulator.fault({ kind: 'failed', phone: group.phones.Cid ?? '', times: 1, code: '30' });
    const id = await say('Ann', 'Anybody?');
    await world.quiet();
    const { recipients } = await read('Ann', id);
    expect(recipients).to.deep.include({
      name: 'Cid',
      number: group.phones.Cid,
      state: 'failed',
      reason: 'carrier error 30',
      error_code: 30,
    });
  });

  it('is found by those alone who may read the message', async () => {
    const { body } = await as('Bob', '/message/send', { message: '*to Cid psst' });
    const id = Number(body.message_id);
    await world.quiet();
    expect(await read('Bob', id)).to.deep.include({ counts: { ...counts, failed: 0, delivered: 1 } });
    expect((await read('Cid', id)).status).to.equal('OK');
    for (const [who, wanted] of [
      ['Ann', id],
      ['Ann', 999],
      ['Ann', 0],
    ] as const)
      expect((await read(who, wanted)).error_type, `${who} ${wanted}`).to.equal('NOT_FOUND');
    const stranger = await openSid(world, '+14445559999');
    expect((await as('', '/v1/messages', { sid: stranger, message_id: id })).body.error_type).to.equal(
      'MEMBER_LOOKUP_FAILED',
    );
  });

  it('shows no number that the list of members does not show, and the name that was read', async () => {
    const id = await say('Bob', 'My number is mine');
    await as('Ann', '/group/set', { disable_who: 1 });
    expect((await read('Cid', id)).message)
      .to.include({ name: 'Bob' })
      .and.not.have.property('from');
    expect((await read('Ann', id)).message).to.include({ from: group.phones.Bob });
    expect((await read('Bob', id)).message).to.include({ from: group.phones.Bob });
    const own = await say('Ann', 'Hers is known');
    expect((await read('Cid', own)).message).to.include({ from: group.phones.Ann });
    const { body } = await as('Cid', '/message/get', { message_from: id, message_to: own });
    expect((body.messages as { from?: string }[]).map(({ from }) => from)).to.deep.equal([undefined, group.phones.Ann]);
    await as('Ann', '/group/set', { disable_who: 0 });
    await as('Bob', '/message/send', { message: '*name Robert' });
    expect((await read('Cid', id)).message).to.include({ from: group.phones.Bob, name: 'Bob' });
  });

  it('is told before a send as well: a preview names for the owner who would not get it, and why', async () => {
    await as('Cid', '/message/send', { message: '*mute 2' });
    await as('Bob', '/member/bye', { group: group.number });
    const preview = async (who: string) => (await as(who, '/message/send', { message: 'Hi', preview: 1 })).body;
    const { skipped, recipients } = await preview('Ann');
    expect(recipients).to.equal(0);
    expect(skipped).to.have.deep.members([
      { name: 'Cid', number: group.phones.Cid, reason: 'muted' },
      { name: 'Dee', number: group.phones.Dee, reason: 'sms' },
      { name: 'Robert', number: group.phones.Bob, reason: 'left' },
    ]);
    expect(await preview('Cid')).to.deep.equal({ status: 'OK', recipients: 1, segments: 1, cost: 1 });
  });
});
