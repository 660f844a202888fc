import { expect } from 'chai';
import { rows, run } from '../../db/connect.ts';
import { openRuntime } from '../../engine/platform/runtime.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import type { Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('what speakers say to all, while it waits for an owner', () => {
  let world: World;
  let club: TestGroup;
  let sids: { ann: string; bob: string; cid: string; dan: string };
  const say = async (sid: string, message: string, more: Params = {}) =>
    (await world.call('/message/send', { sid, number: club.number, message, ...more })).body;
  const phone = (name: string) => club.phones[name] ?? '';
  const said = async () =>
    (
      await rows<{ text: string }>(
        world.runtime.db,
        "SELECT text FROM messages WHERE kind = 'said' AND group_id = ? ORDER BY id",
        [club.id],
      )
    ).map(({ text }) => text);
  const awaiting = () =>
    rows<{ id: number; text: string }>(
      world.runtime.db,
      'SELECT id, text FROM schedules WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 1',
      [club.id],
    );

  before(async () => {
    world = await openWorld({ workers: false });
    club = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dan'], { name: 'Club', quiet: false, replyToOwner: true });
    sids = {
      ann: await openSid(world, phone('Ann')),
      bob: await openSid(world, phone('Bob')),
      cid: await openSid(world, phone('Cid')),
      dan: await openSid(world, phone('Dan')),
    };
    const set = (name: string, change: Params) =>
      world.call('/member/set', { sid: sids.ann, group: club.number, number: phone(name), ...change });
    await set('Bob', { broadcast: 1 });
    await set('Dan', { co_owner: 1 });
    const on = { sid: sids.ann, number: club.number, broadcast_approval: 1 };
    expect((await world.call('/group/set', on)).body.status).to.equal('OK');
  });
  after(() => world.close());
  afterEach(() => run(world.runtime.db, 'UPDATE schedules SET ended_at = NOW(3) WHERE ended_at IS NULL'));

  it('is held by call as by text: no id, and the answer says so', async () => {
    const before = await said();
    const body = await say(sids.bob, 'Practice at 6');
    expect(body.reply).to.match(/^Your text to all of "Club" goes out when an owner says OK/);
    expect(body).not.to.have.property('message_id');
    await world.text(phone('Bob'), club.number, 'Bring water');
    expect((await awaiting()).map(({ text }) => text)).to.deep.equal(['Practice at 6', 'Bring water']);
    expect(await said()).to.deep.equal(before);
    const list = { sid: sids.ann, number: club.number };
    expect((await world.call('/message/schedule/list', list)).body.messages).to.deep.equal([]);
    const preview = await say(sids.bob, 'Practice at 6 or 7?', { preview: 1 });
    expect(preview).to.include({ recipients: 3, segments: 1, cost: 3 * world.runtime.config.PRICE_PER_SEGMENT });
    expect(preview.reply).to.match(/^Your text to all of "Club" goes out when an owner says OK/);
    expect(await awaiting()).to.have.length(2);
    const [first] = await awaiting();
    const deleted = await world.call('/message/schedule/delete', { ...list, message_id: first?.id });
    expect(deleted.body.error_type).to.equal('NOT_FOUND');
  });

  it('is held once, whatever comes again', async () => {
    const key = { idempotency_key: 'practice-1' };
    const first = await say(sids.bob, 'Practice at 7', key);
    expect(await say(sids.bob, 'Practice at 7', key)).to.deep.equal(first);
    expect(await awaiting()).to.have.length(1);
  });

  it('is sent once in the speaker’s name, whatever number of owners approves and clocks look', async () => {
    const before = await said();
    await say(sids.bob, 'Practice at 8');
    const [one] = await awaiting();
    const answers = await Promise.all(
      [sids.ann, sids.dan, sids.ann, sids.dan].map((sid) => say(sid, `*approve ${one?.id}`)),
    );
    const replies = answers.map(({ reply }) => String(reply));
    expect(replies.filter((reply) => reply.startsWith('OK, what Bob wrote'))).to.have.length(1);
    expect(
      replies.filter((reply) => /waits for your OK/.test(reply)),
      replies.join('; '),
    ).to.have.length(3);
    const clocks = await Promise.all([1, 2].map(() => openRuntime(world.runtime.config, { process: 'clock' })));
    await Promise.all(clocks.flatMap((clock) => [sendDue(clock), sendDue(clock)]));
    await Promise.all(clocks.map((clock) => clock.close()));
    expect((await said()).slice(before.length)).to.deep.equal(['Bob: Practice at 8']);
    const [sent] = await rows<{ held: number; sender: number }>(
      world.runtime.db,
      'SELECT held, sender_id AS sender FROM messages WHERE group_id = ? ORDER BY id DESC LIMIT 1',
      [club.id],
    );
    // Ann, Cid and Dan, one segment each: reserved when it is said, and not before.
    expect(sent?.held).to.equal(3 * world.runtime.config.PRICE_PER_SEGMENT);
  });

  it('is approved or over, not both, where its day ends in that moment', async () => {
    for (let round = 0; round < 5; round++) {
      const before = await said();
      await say(sids.bob, `Round ${round}`);
      const [one] = await awaiting();
      await run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE id = ?', [
        one?.id ?? 0,
      ]);
      const [answer] = await Promise.all([say(sids.ann, `*approve ${one?.id}`), sendDue(world.runtime)]);
      await sendDue(world.runtime);
      const isApproved = String(answer.reply).startsWith('OK, what Bob wrote');
      expect((await said()).slice(before.length)).to.deep.equal(isApproved ? [`Bob: Round ${round}`] : []);
      expect(await awaiting()).to.deep.equal([]);
    }
  });

  const list = (sid: string) => world.call('/v1/approvals/list', { sid, number: club.number });
  const decide = (verb: 'approve' | 'decline', sid: string, id: number) =>
    world.call(`/v1/approvals/${verb}`, { sid, number: club.number, id });

  it('is listed to those who run the group, and approved or declined by a call, once', async () => {
    const before = await said();
    await say(sids.bob, 'Practice at 9');
    await say(sids.bob, 'Bring money');
    const { body } = await list(sids.dan);
    const [first, second] = body.approvals as { id: number; until: string }[];
    expect(body.approvals).to.deep.equal(
      ['Practice at 9', 'Bring money'].map((txt, at) => ({
        ...{ id: [first, second][at]?.id, name: 'Bob', from: phone('Bob'), txt, until: [first, second][at]?.until },
      })),
    );
    const inADay = Date.parse(`${first?.until.replace(' ', 'T')}Z`) - Date.now();
    expect(inADay).to.be.within(23.9 * 3_600_000, 24 * 3_600_000);
    for (const sid of [sids.bob, sids.cid]) {
      expect((await list(sid)).body.error_type).to.equal('NOT_OWNER');
      expect((await decide('approve', sid, first?.id ?? 0)).body.error_type).to.equal('NOT_OWNER');
      expect((await decide('decline', sid, first?.id ?? 0)).body.error_type).to.equal('NOT_OWNER');
    }
    const answers = await Promise.all(
      [sids.ann, sids.dan, sids.ann].map((sid) => decide('approve', sid, first?.id ?? 0)),
    );
    const heard = answers.map((answer) => answer.body.error_type ?? answer.body.status).sort();
    expect(heard).to.deep.equal(['NOT_FOUND', 'NOT_FOUND', 'OK']);
    expect((await decide('decline', sids.ann, second?.id ?? 0)).body).to.deep.equal({ status: 'OK' });
    expect((await decide('approve', sids.ann, second?.id ?? 0)).body.error_type).to.equal('NOT_FOUND');
    await sendDue(world.runtime);
    expect((await said()).slice(before.length)).to.deep.equal(['Bob: Practice at 9']);
    expect((await list(sids.ann)).body.approvals).to.deep.equal([]);
    const told = await rows<{ text: string }>(
      world.runtime.db,
      `SELECT m.text FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id
       WHERE m.kind = 'system' AND p.phone = ? ORDER BY m.id DESC LIMIT 2`,
      [phone('Bob')],
    );
    expect(told[1]?.text).to.match(/^(Ann|Dan) said OK, so your text goes to all of "Club"/);
    expect(told[0]?.text).to.match(/^Ann said no, so this doesn't go to all of "Club":\nBring money/);
  });

  it('is approved by no call while the group may not send', async () => {
    await say(sids.bob, 'Practice at 10');
    const [one] = await awaiting();
    const pause = (paused: number) =>
      run(world.runtime.db, 'UPDATE `groups` SET paused = ?, roster_version = roster_version + 1 WHERE id = ?', [
        paused,
        club.id,
      ]);
    await pause(1);
    expect((await decide('approve', sids.ann, one?.id ?? 0)).body.error_type).to.equal('SUSPENDED');
    await pause(0);
    expect((await decide('approve', sids.ann, one?.id ?? 0)).body).to.deep.equal({ status: 'OK' });
  });

  it('waits for the hours of the group once it is approved', async () => {
    const before = await said();
    await world.call('/group/set', { sid: sids.ann, number: club.number, hours: '8-21' });
    const zone = Intl.supportedValuesOf('timeZone').find(
      (one) => Number(new Date().toLocaleString('en-GB', { timeZone: one, hour: '2-digit' })) === 2,
    );
    await world.call('/member/set', { sid: sids.cid, group: club.number, zone });
    await say(sids.bob, 'Good night');
    expect((await say(sids.ann, '*approve')).reply).to.match(/^OK, what Bob wrote goes .* when its hours allow/);
    await sendDue(world.runtime);
    expect(await said()).to.deep.equal(before);
    const list = { sid: sids.ann, number: club.number };
    const { messages } = (await world.call('/message/schedule/list', list)).body;
    expect((messages as { txt: string }[]).map(({ txt }) => txt)).to.deep.equal(['Good night']);
    await say(sids.bob, 'Good night again');
    const [next] = await awaiting();
    const { when } = (await decide('approve', sids.ann, next?.id ?? 0)).body;
    expect(Date.parse(`${String(when).replace(' ', 'T')}Z`)).to.be.greaterThan(Date.now() + 5 * 3_600_000);
    await world.call('/group/set', { sid: sids.ann, number: club.number, hours: '' });
  });

  it('is refused where too many wait already', async () => {
    const values = Array.from({ length: 20 }, () => "(?, 1, 'x', 0, NOW(3) + INTERVAL 1 HOUR, 1, NOW(3))").join(', ');
    const sql = `INSERT INTO schedules (group_id, said_by, text, cc, send_at, awaits_approval, created_at) VALUES ${values}`;
    await run(
      world.runtime.db,
      sql,
      Array.from({ length: 20 }, () => club.id),
    );
    expect((await say(sids.bob, 'One more')).reply).to.match(/^Your text wasn't sent: too many already wait/);
    expect(await awaiting()).to.have.length(20);
  });

  it('ends with the membership of who said it', async () => {
    await say(sids.bob, 'Secret plan');
    await world.call('/member/remove', { sid: sids.ann, group: club.number, number: phone('Bob') });
    expect(await awaiting()).to.deep.equal([]);
  });
});
