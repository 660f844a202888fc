import { expect } from 'chai';
import { row, rows, run, transact } from '../db/connect.ts';
import { lockBudgets } from '../db/messages/first-texts.ts';
import { sendHeld } from '../engine/delivery/system-messages.ts';
import { eventsOf } from './support/events.ts';
import { startGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

/** Budgets that a few calls use up; what a test is not about is without limit. */
const small = { TRUST_PROXY: '1' };

describe('first texts', () => {
  const worlds: World[] = [];
  async function open(env: Record<string, string>): Promise<World> {
    const world = await openWorld({ env: { ...small, ...env } });
    worlds.push(world);
    return world;
  }
  after(async () => {
    for (const world of worlds) await world.close();
  });

  const from = (world: World, address: string, path: string, params: Record<string, unknown>) =>
    world.call(path, params, { headers: { 'x-forwarded-for': address } });
  const create = (world: World, { creator, address = '10.0.0.1' }: { creator: string; address?: string }) =>
    from(world, address, '/group/create', {
      ...{ group: 'Win', name: 'Mal', number: creator, name_0: 'Bob', number_0: '+14449990001' },
    });
  const phoneAt = (at: number, areaCode = '445') => `+1${areaCode}555${String(1000 + at)}`;
  const textsOf = (world: World) => world.texts().length;
  const errorOf = ({ body }: { body: { error_type?: unknown } }) => body.error_type ?? 'OK';

  it('that one address causes by creating groups end at its budget, to the text, also when they come at once', async () => {
    const world = await open({ FIRST_TEXTS_PER_ADDRESS: '5' });
    const made = await Promise.all(Array.from({ length: 20 }, (_, at) => create(world, { creator: phoneAt(at) })));
    expect(made.map(errorOf).filter((error) => error === 'OK')).to.have.length(5);
    expect(new Set(made.map(errorOf))).to.deep.equal(new Set(['OK', 'TOO_MANY_PENDING_GROUPS']));
    await world.quiet();
    expect(textsOf(world)).to.equal(5);
    expect(errorOf(await create(world, { creator: phoneAt(50), address: '10.0.0.2' }))).to.equal('OK');
    expect(await eventsOf(world.runtime, 'budget:address', 15)).to.be.at.least(15);
  });

  it('count the /64s of one /48 together, at four times the budget', async () => {
    const world = await open({ FIRST_TEXTS_PER_ADDRESS: '1' });
    const made: unknown[] = [];
    for (let at = 0; at < 6; at++)
      made.push(errorOf(await create(world, { creator: phoneAt(at), address: `2001:db8:1:${at}::7` })));
    expect(made.filter((error) => error === 'OK')).to.have.length(4);
    expect(errorOf(await create(world, { creator: phoneAt(9), address: '2001:db8:2::7' }))).to.equal('OK');
  });

  it('to one phone are three a day over every way and from every address; its own YES makes it known', async () => {
    const world = await open({ FIRST_TEXTS_PER_PHONE: '3' });
    const vera = phoneAt(1);
    const register = (token: string, address: string) =>
      from(world, address, '/device/register', { number: vera, type: 'android', token });
    const { body } = await create(world, { creator: vera, address: '10.1.0.1' });
    expect(errorOf(await create(world, { creator: vera, address: '10.1.0.2' }))).to.equal('OK');
    expect(errorOf(await register('one', '10.1.0.3'))).to.equal('OK');
    const refused = await register('two', '10.1.0.4');
    expect(errorOf(refused)).to.equal('THROTTLE');
    expect(Number(refused.headers.get('retry-after'))).to.be.within(86_000, 86_400);
    expect(errorOf(await create(world, { creator: vera, address: '10.1.0.5' }))).to.equal('TOO_MANY_PENDING_GROUPS');
    await world.quiet();
    expect(world.textsTo(vera)).to.have.length(3);
    await world.text(vera, String(body.number), 'YES');
    expect(errorOf(await register('two', '10.1.0.6'))).to.equal('OK');
  });

  it('of all strangers end at the hour’s budget, while members get PINs and answers', async () => {
    const world = await open({ FIRST_TEXTS_PER_HOUR: '4' });
    const group = await startGroup(world, ['Ann', 'Bob']);
    const [ann = '', bob = ''] = [group.phones.Ann, group.phones.Bob];
    await world.text(bob, group.number, 'Hi');
    for (let at = 0; at < 8; at++) await create(world, { creator: phoneAt(at), address: `10.2.0.${at}` });
    expect(errorOf(await create(world, { creator: phoneAt(9), address: '10.2.1.1' }))).to.equal(
      'TOO_MANY_PENDING_GROUPS',
    );
    expect(errorOf(await from(world, '10.2.1.2', '/member/find', { number: ann }))).to.equal('OK');
    await world.text(bob, group.number, '*who');
    await world.quiet();
    expect(world.textsTo(ann).some(({ text }) => /\d{6}/.test(text))).to.equal(true);
    expect(world.textsTo(bob).some(({ text }) => text.includes('Ann'))).to.equal(true);
    const [counted] = await rows<{ count: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS count FROM first_texts WHERE counted_at IS NOT NULL',
    );
    expect(counted?.count).to.equal(4);
  });

  it('that a member causes wait beyond the budget, and go out when there is room', async () => {
    const world = await open({ FIRST_TEXTS_PER_MEMBER: '2' });
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dee', 'Eve'], { name: 'Large' });
    const welcomed = () =>
      ['Bob', 'Cid', 'Dee', 'Eve'].filter((name) => world.textsTo(group.phones[name] ?? '').length > 0);
    expect(welcomed()).to.have.length(2);
    await run(
      world.runtime.db,
      'UPDATE first_texts SET counted_at = counted_at - INTERVAL 25 HOUR, retry_at = retry_at - INTERVAL 25 HOUR',
    );
    for (const name of ['Bob', 'Cid', 'Dee', 'Eve']) await world.inbox(group.phones[name] ?? '', 1);
    expect(await row(world.runtime.db, 'SELECT 1 FROM messages WHERE pending = 3')).to.equal(undefined);
  });

  it('are one welcome and one offer a day to a pair of group and phone, however often somebody is added or asked', async () => {
    const world = await open({});
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '449' });
    const bob = group.phones.Bob ?? '';
    const sid = await openSid(world, group.phones.Ann ?? '');
    const cid = phoneAt(1, '451');
    for (let at = 0; at < 5; at++) {
      await world.call('/member/add', { sid, group: group.number, name: 'Cid', number: cid });
      await world.call('/member/remove', { sid, group: group.number, number: cid });
      await world.call('/message/send', { sid, number: group.number, message: '*owner Bob' });
    }
    await world.quiet();
    expect(world.textsTo(cid)).to.have.length(1);
    expect(world.textsTo(bob).filter(({ text }) => text.includes('own'))).to.have.length(1);
  });

  it('do not count answers, of which a member gets 60 segments an hour by SMS, and an app all', async () => {
    const world = await open({});
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '450' });
    const ann = group.phones.Ann ?? '';
    const sid = await openSid(world, ann);
    const replies: unknown[] = [];
    const send = (more: object) =>
      world.call('/message/send', { sid, number: group.number, message: '*help', ...more });
    for (let at = 0; at < 40; at++) replies.push((await send({ message: `*help me ${at}` })).body.reply);
    for (const reply of replies) expect(reply).to.be.a('string').that.includes('*');
    const { body: first } = await send({ idempotency_key: 'help-1' });
    expect((await send({ idempotency_key: 'help-1' })).body).to.deep.equal(first);
    await world.quiet();
    const [sum] = await rows<{ segments: number }>(
      world.runtime.db,
      'SELECT SUM(segments) AS segments FROM answer_texts',
    );
    expect(Number(sum?.segments)).to.be.within(50, 60);
    const long = String(replies[0]).length;
    expect(world.textsTo(ann).reduce((all, { text }) => all + text.length, 0)).to.be.below(60 * 153 + long);
  });

  it('are invitations to a phone that we know as well, no matter who asks for them; it gets PINs all the same', async () => {
    const world = await open({ FIRST_TEXTS_PER_PHONE: '3' });
    const { phones, number } = await startGroup(world, ['Bob', 'Ann'], { areaCode: '452' });
    const bob = phones.Bob ?? '';
    await world.text(bob, number, 'Hi');
    const mal = await openSid(world, phoneAt(1, '453'));
    const tomorrow = () => run(world.runtime.db, 'UPDATE first_texts SET counted_at = counted_at - INTERVAL 25 HOUR');
    const codes: string[] = [];
    for (let at = 0; at < 6; at++) {
      const group = await startGroup(world, ['Cid', 'Dee'], { name: `Fun ${at}`, areaCode: '454' });
      codes.push(`fun-${at}`);
      const sid = await openSid(world, group.phones.Cid ?? '');
      await world.call('/group/set', { sid, number: group.number, invite_code: codes[at] });
    }
    await tomorrow();
    const join = (code: string, address: string, more: object = {}) =>
      from(world, address, '/group/join', { invite_code: code, name: 'Bob', number: bob, ...more });
    const invitations = () => world.textsTo(bob).filter(({ text }) => text.includes('Reply YES within')).length;
    const joined: unknown[] = [];
    for (const [at, code] of codes.slice(0, 3).entries()) joined.push(errorOf(await join(code, `10.4.0.${at}`)));
    joined.push(errorOf(await join(codes[3] ?? '', '10.4.0.9')));
    expect(joined).to.deep.equal(['OK', 'OK', 'OK', 'THROTTLE']);
    for (const code of codes.slice(3)) expect(errorOf(await join(code, '10.4.1.1', { sid: mal }))).to.equal('OK');
    const lookAgain = async () => {
      await run(world.runtime.db, 'UPDATE first_texts SET retry_at = NOW(3) WHERE retry_at IS NOT NULL');
      await sendHeld(world.runtime);
      await world.quiet();
    };
    await lookAgain();
    expect(invitations()).to.equal(3);
    expect(errorOf(await from(world, '10.4.0.7', '/member/find', { number: bob }))).to.equal('OK');
    await world.quiet();
    expect(world.textsTo(bob).at(-1)?.text).to.match(/PIN is \d{6}/);
    await tomorrow();
    await lookAgain();
    expect(invitations()).to.equal(6);
  });

  it('are refused without waiting for others where a budget is known to be empty', async () => {
    const world = await open({ FIRST_TEXTS_PER_ADDRESS: '1' });
    for (const expected of ['OK', 'TOO_MANY_PENDING_GROUPS'])
      expect(errorOf(await create(world, { creator: phoneAt(1, expected === 'OK' ? '455' : '456') }))).to.equal(
        expected,
      );
    await transact(world.runtime.db, async (tx) => {
      await lockBudgets(tx);
      expect(errorOf(await create(world, { creator: phoneAt(2, '455') }))).to.equal('TOO_MANY_PENDING_GROUPS');
    });
  });

  it('leave most connections to members, however many strangers wait for them', async () => {
    const world = await open({ FIRST_TEXTS_PER_HOUR: '1000' });
    const { phones, number } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '457' });
    const sid = await openSid(world, phones.Ann ?? '');
    const strangers = await transact(world.runtime.db, async (tx) => {
      await lockBudgets(tx);
      const waiting = Array.from({ length: 60 }, (_, at) =>
        create(world, { creator: phoneAt(at, '458'), address: `10.6.0.${at}` }),
      );
      const sent = await world.call('/message/send', { sid, number, message: 'Hi' });
      expect(sent.body).to.deep.equal({ status: 'OK', message_id: 1 });
      return waiting;
    });
    for (const { http } of await Promise.all(strangers)) expect(http).to.be.oneOf([200, 503]);
  });

  it('of joins to phones of one prefix end at its budget', async () => {
    const world = await open({ FIRST_TEXTS_PER_PREFIX: '3', CONSENT: 'open' });
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '447' });
    const sid = await openSid(world, group.phones.Ann ?? '');
    await world.call('/group/set', { sid, number: group.number, invite_code: 'open-1' });
    const join = (at: number) =>
      from(world, `10.3.0.${at}`, '/group/join', { invite_code: 'open-1', name: `N${at}`, number: phoneAt(at, '448') });
    const joined: unknown[] = [];
    for (let at = 0; at < 5; at++) joined.push(errorOf(await join(at)));
    expect(joined).to.deep.equal(['OK', 'OK', 'OK', 'THROTTLE', 'THROTTLE']);
    const { body } = await world.call('/member/groups', { sid });
    expect((body.groups as { members: unknown[] }[])[0]?.members).to.have.length(5);
  });
});
