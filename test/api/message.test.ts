import { TypeCompiler } from '@sinclair/typebox/compiler';
import { expect } from 'chai';
import { memberGroups } from '../../api/endpoints/member.ts';
import { messageGet } from '../../api/endpoints/message.ts';
import { run } from '../../db/connect.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '+14445550001';
const bob = '+14445550002';
const cid = '+14445550003';

describe('messages and groups of a member', () => {
  let world: World;
  let number: string;
  let sids: { ann: string; bob: string; cid: string };
  before(async () => {
    world = await openWorld();
    const members = { name_0: 'Bob', number_0: bob, name_1: 'Cid', number_1: cid };
    const { body } = await world.call('/group/create', { group: 'Hikers', name: 'Ann', number: ann, ...members });
    number = String(body.number);
    await world.text(ann, number, 'YES');
    await world.quiet();
    sids = { ann: await world.logIn(ann), bob: await world.logIn(bob), cid: await world.logIn(cid) };
  });
  after(() => world.close());

  const send = (message: string, more = {}) => world.call('/message/send', { sid: sids.ann, number, message, ...more });
  const get = (more = {}) => world.call('/message/get', { sid: sids.bob, number, ...more });
  const txtOf = ({ body }: { body: Record<string, unknown> }) =>
    (body.messages as { id: number; txt: string }[]).map(({ id, txt }) => `${id} ${txt}`);

  it('reach the others, and are read with their ids', async () => {
    for (const [at, message] of ['One', 'Two\nlines', 'Three 😀'].entries())
      expect((await send(message)).body).to.deep.equal({ status: 'OK', message_id: at + 1 });
    await world.quiet();
    expect(world.simulator.textsTo(bob).map(({ text }) => text)).to.include('Ann: Two\nlines');
    const all = ['1 Ann: One', '2 Ann: Two\nlines', '3 Ann: Three 😀'];
    expect(txtOf(await get())).to.deep.equal(all);
    expect(txtOf(await get({ message_id: 2 }))).to.deep.equal([all[1]]);
    expect(txtOf(await get({ message_from: 2 }))).to.deep.equal(all.slice(1));
    expect(txtOf(await get({ message_to: '2' }))).to.deep.equal(all.slice(0, 2));
    expect(txtOf(await get({ message_from: 2, message_to: 2 }))).to.deep.equal([all[1]]);
    for (const id of [0, 4, -1, 99_999_999_999]) expect(txtOf(await get({ message_id: id }))).to.deep.equal([]);
    expect(txtOf(await get({ message_from: 3, message_to: 2 }))).to.deep.equal([]);
  });

  it('carry the time in seconds, and no more fields than are declared', async () => {
    const { body } = await get();
    const { status, ...answer } = body;
    expect(status).to.equal('OK');
    expect([...TypeCompiler.Compile(messageGet.answer).Errors(answer)]).to.deep.equal([]);
    expect(Math.abs(Number(answer.time) - Date.now() / 1000)).to.be.lessThan(5);
  });

  it('carry what was reacted with, however handsets write it; a reaction is no message and costs nothing', async () => {
    await send('See you at 7');
    await world.quiet();
    const last = async () => ((await get()).body.messages as { id: number; reactions?: unknown }[]).at(-1);
    const { id } = (await last()) ?? { id: 0 };
    const balance = async () => (await world.call('/account/get', { sid: sids.ann })).body.balance;
    const before = await balance();
    await world.text(bob, number, 'Liked “Ann: See you at 7”');
    await world.text(cid, number, '\u200A\u200B👍\u200B to “\u200AAnn: See you\u200A”\u200A');
    await send('Loved “See you at 7”');
    const loved = { reaction: '❤️', count: 1 };
    expect((await last())?.reactions).to.deep.equal([{ reaction: '👍', count: 2 }, loved]);
    await world.text(cid, number, '\u200ARemoved \u200C👍\u200C from “\u200AAnn: See you\u200A”\u200A');
    await world.text(bob, number, 'Loved “Ann: See you at 7”');
    expect(await last()).to.deep.include({ id, reactions: [{ ...loved, count: 2 }] });
    await send('Removed a heart from “See you at 7”');
    await world.text(bob, number, 'Removed a heart from “Ann: See you at 7”');
    expect(await last()).to.not.have.property('reactions');
    await world.quiet();
    expect(await balance()).to.equal(before);
    expect(world.simulator.textsTo(bob).at(-1)?.text).to.equal('Ann: See you at 7');
  });

  it('come back to the sender with cc', async () => {
    await send('With a copy', { cc: 1 });
    await world.quiet();
    expect(world.simulator.textsTo(ann).map(({ text }) => text)).to.include('Ann: With a copy');
  });

  it('say refresh when they were a command that changed something', async () => {
    expect((await send('*bye', { sid: sids.cid })).body).to.include({ status: 'OK', refresh: 1 });
    expect((await send('Anybody?', { sid: sids.cid })).body.error_type).to.equal('MEMBER_LOOKUP_FAILED');
    expect((await get({ sid: sids.cid, message_id: 1 })).body.status).to.equal('OK');
    expect((await send('*hi', { sid: sids.cid })).body).to.include({ status: 'OK', refresh: 1 });
    const { body } = await send('*help', { sid: sids.cid });
    expect(Object.keys(body)).to.deep.equal(['status', 'reply']);
    expect(body.reply).to.be.a('string').that.includes('*bye');
  });

  it('go to the one member that they begin with the @ and name of', async () => {
    const { body } = await send('@Bob psst');
    expect(body).to.include({ status: 'OK', reply: 'Only Bob in "Hikers" gets that text.' });
    expect((await get({ sid: sids.bob, message_id: body.message_id })).body.messages).to.have.length(1);
    expect((await get({ sid: sids.cid, message_id: body.message_id })).body.messages).to.deep.equal([]);
  });

  const rows: [string, string, Record<string, unknown>, number, string, unknown?][] = [
    ['/message/send', 'nothing', {}, 200, 'MISSING_FIELDS', ['number', 'message']],
    ['/message/send', 'no words', { number: ann, message: ' \n\u200b ' }, 200, 'MISSING_FIELDS', ['message']],
    ['/message/send', 'a number that is none', { number: '12', message: 'Hi' }, 200, 'INVALID_NUMBER'],
    [
      '/message/send',
      'a number of no group of theirs',
      { number: '+12015551009', message: 'Hi' },
      200,
      'MEMBER_LOOKUP_FAILED',
    ],
    ['/message/send', '151 characters', { number: ann, message: 'x'.repeat(151) }, 200, 'MESSAGE_TOO_LONG'],
    ['/message/send', 'a cc of 2', { number: ann, message: 'Hi', cc: 2 }, 400, 'BAD_REQUEST', 'cc'],
    ['/message/get', 'nothing', {}, 200, 'MISSING_FIELDS', ['number']],
    ['/message/get', 'a number that is none', { number: '+44' }, 200, 'INVALID_NUMBER'],
    ['/message/get', 'a number of no group of theirs', { number: ann }, 200, 'MEMBER_LOOKUP_FAILED'],
    ['/message/get', 'an id that is none', { number: ann, message_id: 'x' }, 400, 'BAD_REQUEST', 'message_id'],
  ];
  for (const [path, what, params, http, error, subtype] of rows) {
    it(`${path} answers ${error} to ${what}`, async () => {
      for (const as of ['query', 'form', 'json'] as const) {
        const answer = await world.call(path, { sid: sids.ann, ...params }, { as });
        const { error_type, error_subtype } = answer.body;
        expect([answer.http, error_type, error_subtype], as).to.deep.equal([http, error, subtype]);
      }
    });
  }

  it('may have 150 characters, however many bytes those are', async () => {
    expect((await send('é'.repeat(150))).body).to.include({ status: 'OK' });
    expect((await send('😀'.repeat(150))).body).to.include({ status: 'OK' });
  });

  it('are 401 without a session, before anything else', async () => {
    for (const path of ['/message/send', '/message/get', '/member/groups', '/member/logout']) {
      const { http, body } = await world.call(path);
      expect([http, body], path).to.deep.equal([401, { status: 'ERROR', error_type: 'UNAUTHORIZED' }]);
    }
  });

  it('are refused while the account is suspended, commands are not', async () => {
    await world.quiet(); // what was sent before has been paid for
    await run(world.runtime.db, "UPDATE accounts SET balance = 0 WHERE type = 'T'");
    expect((await send('Hello')).body.error_type).to.equal('SUSPENDED');
    expect((await send('*help')).body).to.include({ status: 'OK' });
    const { body } = await world.call('/member/groups', { sid: sids.bob });
    expect((body.groups as { suspended: number }[])[0]?.suspended).to.equal(1);
    await run(world.runtime.db, 'UPDATE accounts SET balance = 500');
  });

  describe('/member/groups', () => {
    it('describes account, group and members as declared', async () => {
      const { body } = await world.call('/member/groups', { sid: sids.ann });
      const { status, ...answer } = body;
      expect(status).to.equal('OK');
      expect([...TypeCompiler.Compile(memberGroups.answer).Errors(answer)]).to.deep.equal([]);
      expect(answer.number).to.equal(ann);
      expect(answer.account).to.deep.equal({ type: 'T', balance: 500, suspended: 0 });
      expect(answer.groups).to.have.length(1);
      expect((answer.groups as { members: object[] }[])[0]?.members).to.deep.equal([
        { name: 'Ann', number: ann, bye: 0, owner: 1, broadcast: 0, co_owner: 0 },
        { name: 'Bob', number: bob, bye: 0, owner: 0, broadcast: 0, co_owner: 0 },
        { name: 'Cid', number: cid, bye: 0, owner: 0, broadcast: 0, co_owner: 0 },
      ]);
    });

    it('counts who has no account as free', async () => {
      const { body } = await world.call('/member/groups', { sid: sids.bob });
      expect(body.account).to.deep.equal({ type: 'F', balance: 0, suspended: 0 });
    });

    it('shows a member only themself and the owner where *who is off', async () => {
      const namesFor = async (sid: string) => {
        const { body } = await world.call('/member/groups', { sid });
        return (body.groups as { members: { name: string }[] }[])[0]?.members.map(({ name }) => name);
      };
      await world.call('/group/set', { sid: sids.ann, number, disable_who: 1 });
      expect(await namesFor(sids.bob)).to.deep.equal(['Ann', 'Bob']);
      expect(await namesFor(sids.ann)).to.deep.equal(['Ann', 'Bob', 'Cid']);
    });

    it('lists a group that the member has left', async () => {
      await send('*bye', { sid: sids.cid });
      const { body } = await world.call('/member/groups', { sid: sids.cid });
      expect((body.groups as { bye: number }[]).map(({ bye }) => bye)).to.deep.equal([1]);
    });
  });

  describe('with an idempotency_key', () => {
    const heard = (text: string) => world.simulator.textsTo(bob).filter((one) => one.text.endsWith(text)).length;

    it('go out once, however often and at however many doors the call is made, with the same answer', async () => {
      const key = { idempotency_key: 'lunch' };
      const together = await Promise.all(Array.from({ length: 5 }, () => send('Lunch?', key)));
      const later = await send('Lunch?', key);
      for (const { http, body } of [...together, later])
        expect({ http, body }).to.deep.equal({ http: 200, body: later.body });
      expect(later.body).to.have.property('message_id').that.is.a('number');
      await world.quiet();
      expect(heard('Lunch?')).to.equal(1);
      const command = { idempotency_key: 'rename' };
      const first = await send('*group Climbers', command);
      expect(first.body).to.include({ status: 'OK', refresh: 1 });
      expect((await send('*group Climbers', command)).body).to.deep.equal(first.body);
    });

    it('are refused where the key stood for something else, and are another’s own', async () => {
      const key = { idempotency_key: 'supper' };
      await send('Supper?', key);
      for (const { http, body } of [await send('Breakfast?', key), await send('Supper?', { ...key, cc: 1 })]) {
        expect(http).to.equal(400);
        expect(body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'idempotency_key' });
      }
      expect((await world.call('/message/send', { sid: sids.bob, number, message: 'Mine', ...key })).body).to.include({
        status: 'OK',
      });
      await world.quiet();
      expect([heard('Breakfast?'), heard('Supper?')]).to.deep.equal([0, 1]);
      expect(world.simulator.textsTo(ann).filter(({ text }) => text === 'Bob: Mine')).to.have.length(1);
    });

    it('may use it again after a day, whether or not a clock runs, and after a call that was refused', async () => {
      const key = { idempotency_key: 'again' };
      expect((await send('x'.repeat(100_000), key)).body.status).to.equal('ERROR');
      await send('Again', key);
      await run(world.runtime.db, 'UPDATE done_calls SET created_at = created_at - INTERVAL 25 HOUR');
      await send('Again', key);
      await world.quiet();
      expect(heard('Again')).to.equal(2);
      expect((await send('Hi', { idempotency_key: 'k'.repeat(65) })).body).to.include({
        error_type: 'BAD_REQUEST',
        error_subtype: 'idempotency_key',
      });
    });
  });
});
