import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { insertList } from '../../db/groups/lists.ts';
import { countMessagesOf } from '../../db/messages/message-counts.ts';
import { fanOut } from '../../engine/delivery/fanout.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the lists of a group', () => {
  let world: World;
  let band: TestGroup;
  const sids: Record<string, string> = {};
  const phone = (name: string) => band.phones[name] ?? '';
  const call = async (who: string, path: string, params: Params = {}) =>
    (await world.call(path, { sid: sids[who], number: band.number, ...params })).body;
  const say = (who: string, message: string, more: Params = {}) => call(who, '/message/send', { message, ...more });
  const set = (name: string, members: readonly string[], who = 'Ann') =>
    call(who, '/v1/lists/set', { name, members: members.map(phone).join(',') });
  const shown = async (who = 'Ann') =>
    ((await call(who, '/v1/lists/list')).lists as { name: string; members: { name: string }[] }[]).map(
      ({ name, members }) => `${name}: ${members.map((one) => one.name).join(' ')}`.trim(),
    );
  const read = async (who: string) =>
    ((await call(who, '/message/get')).messages as { id: number; txt: string }[]).map(({ txt }) => txt);
  const countOf = async (who: string) => {
    const person = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM people WHERE phone = ?', [phone(who)]);
    return (await countMessagesOf(world.runtime.db, person?.id ?? 0))[0]?.count;
  };
  /** Who has a delivery of the group's last message. */
  const sentTo = async () => {
    const last = await row<{ id: number }>(
      world.runtime.db,
      "SELECT MAX(id) AS id FROM messages WHERE kind = 'said' AND group_id = ?",
      [band.id],
    );
    await fanOut(world.runtime, [last?.id ?? 0]);
    const found = await rows<{ name: string }>(
      world.runtime.db,
      'SELECT b.name FROM deliveries d JOIN memberships b ON b.id = d.membership_id WHERE d.message_id = ? ORDER BY b.id',
      [last?.id ?? 0],
    );
    return found.map(({ name }) => name);
  };

  before(async () => {
    world = await openWorld({ workers: false });
    band = await startGroup(world, ['Ann', 'Bob', 'Cy', 'Dan', 'Eve'], { name: 'Band', quiet: false });
    for (const name of Object.keys(band.phones)) sids[name] = await openSid(world, phone(name));
    await world.call('/member/set', { sid: sids.Ann, group: band.number, number: phone('Dan'), co_owner: 1 });
  });
  after(() => world?.close());
  beforeEach(() => run(world.runtime.db, 'DELETE FROM lists WHERE group_id = ?', [band.id]));

  it('are made, shown, changed and deleted by call as by text', async () => {
    expect(await set('Low', ['Bob', 'Cy'])).to.deep.equal({ status: 'OK' });
    await say('Dan', '*list Brass add Eve');
    expect(await shown('Eve')).to.deep.equal(['Brass: Eve', 'Low: Bob Cy']);
    await set('LOW', ['Cy', 'Dan']);
    expect(await shown()).to.deep.equal(['Brass: Eve', 'Low: Cy Dan']);
    await set('low', []);
    expect(await shown()).to.deep.equal(['Brass: Eve', 'Low:']);
    expect(await call('Ann', '/v1/lists/delete', { name: 'low' })).to.deep.equal({ status: 'OK' });
    expect(await shown()).to.deep.equal(['Brass: Eve']);
  });

  it('are shown to owners alone where the members are', async () => {
    await set('Low', ['Bob', 'Cy']);
    await call('Ann', '/group/set', { disable_who: 1 });
    expect(await shown('Bob')).to.deep.equal([]);
    for (const who of ['Ann', 'Dan']) expect(await shown(who), who).to.deep.equal(['Low: Bob Cy']);
    await call('Ann', '/group/set', { disable_who: 0 });
    expect(await shown('Bob')).to.deep.equal(['Low: Bob Cy']);
  });

  it('are read by their members and the sender alone, each message once', async () => {
    await set('Low', ['Bob', 'Cy', 'Ann']);
    const counts = async () => Promise.all(['Ann', 'Bob', 'Cy', 'Dan'].map(countOf));
    const before = await counts();
    const sent = await say('Ann', '@low, softer please');
    expect(sent.message_id).to.be.a('number');
    expect(sent.reply).to.equal('Only the list Low in "Band" gets that text: 2 people.');
    expect(await sentTo()).to.deep.equal(['Bob', 'Cy']);
    for (const who of ['Ann', 'Bob', 'Cy']) expect((await read(who)).at(-1), who).to.equal('Ann: @Low softer please');
    expect(await read('Dan')).not.to.include('Ann: @Low softer please');
    expect((await counts()).map((count, at) => Number(count) - Number(before[at]))).to.deep.equal([1, 1, 1, 0]);
  });

  it('take one id and the price of those who get it, and a copy goes to who asks for one', async () => {
    await set('Low', ['Bob', 'Cy']);
    const preview = await say('Ann', '@low Hello', { preview: 1 });
    expect(preview).to.include({ recipients: 2, segments: 1 });
    const { message_id: first } = await say('Ann', '@low Hello');
    const { message_id: second } = await say('Ann', '@low Again', { cc: 1 });
    expect(Number(second) - Number(first)).to.equal(1);
    expect(await sentTo()).to.deep.equal(['Ann', 'Bob', 'Cy']);
    const held = await rows<{ held: number }>(
      world.runtime.db,
      "SELECT held FROM messages WHERE kind = 'said' AND group_id = ? ORDER BY id DESC LIMIT 2",
      [band.id],
    );
    const price = world.runtime.config.PRICE_PER_SEGMENT;
    expect(held.map((one) => one.held)).to.deep.equal([3 * price, 2 * price]);
  });

  it('are those of the moment in which a message was accepted, whatever changes before it goes out', async () => {
    await set('Low', ['Bob', 'Cy']);
    const { message_id } = await say('Ann', '@low To Bob and Cy');
    await set('Low', ['Eve']);
    await call('Ann', '/v1/lists/delete', { name: 'Low' });
    const { recipients } = await call('Ann', '/v1/messages', { message_id });
    expect((recipients as { name: string }[]).map(({ name }) => name)).to.deep.equal(['Bob', 'Cy']);
    expect(await sentTo()).to.deep.equal(['Bob', 'Cy']);
  });

  it('tell their members’ apps, and nobody else’s, of a message and of reactions to it', async () => {
    await set('Low', ['Bob']);
    const events = async (who: string, more: Params = {}) =>
      (await world.call('/v1/events', { sid: sids[who], ...more })).body;
    const start: Record<string, unknown> = {};
    for (const who of ['Ann', 'Bob', 'Cy']) start[who] = (await events(who)).cursor;
    await say('Ann', '@low Psst');
    await world.text(phone('Bob'), band.number, 'Liked “Ann: @Low Psst”');
    const heard = async (who: string) =>
      ((await events(who, { cursor: start[who] })).events as { type: string }[]).map(({ type }) => type);
    expect(await heard('Bob')).to.include.members(['message.accepted', 'message.reaction']);
    expect(await heard('Ann')).to.include.members(['message.accepted', 'message.reaction']);
    expect(await heard('Cy')).to.deep.equal([]);
  });

  it('are twenty at most, whatever number of owners makes the last one at once', async () => {
    for (let at = 0; at < 18; at++)
      await insertList(world.runtime.db, { groupId: band.id, name: `List ${at}`, now: new Date() });
    const made = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name, at) => set(name, ['Bob'], at % 2 === 0 ? 'Ann' : 'Dan')),
    );
    const refused = made.filter(({ status }) => status !== 'OK');
    expect(refused.map(({ error_type, error_subtype }) => [error_type, error_subtype])).to.deep.equal([
      ['BAD_REQUEST', 'lists'],
      ['BAD_REQUEST', 'lists'],
    ]);
    expect(await shown()).to.have.length(20);
    expect((await say('Ann', '*list One more add Bob')).reply).to.match(/^"Band" has 20 lists, and can't have more/);
  });

  itRefuses('/v1/lists/set', () => world, [
    ['it has the name of a member', () => ({ ...asAnn(), name: 'BOB' }), 'NAME_IN_USE'],
    ['it has the name of a command', () => ({ ...asAnn(), name: 'Help' }), 'BAD_REQUEST', 'name', 400],
    ['its name is too long', () => ({ ...asAnn(), name: 'x'.repeat(21) }), 'BAD_REQUEST', 'name', 400],
    [
      'who is named is nobody here',
      () => ({ ...asAnn(), name: 'Low', members: '+14445559999' }),
      'MEMBER_LOOKUP_FAILED',
      '+14445559999',
    ],
    ['a number is none', () => ({ ...asAnn(), name: 'Low', members: 'Bob' }), 'MEMBER_LOOKUP_FAILED', 'Bob'],
    ['a member asks for it', () => ({ ...asAnn(), sid: sids.Bob, name: 'Low' }), 'NOT_OWNER'],
  ]);
  itRefuses('/v1/lists/delete', () => world, [
    ['there is none of that name', () => ({ ...asAnn(), name: 'Low' }), 'NOT_FOUND'],
  ]);

  function asAnn(): Params {
    return { sid: sids.Ann, number: band.number };
  }
});
