import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { openRuntime } from '../../engine/platform/runtime.ts';
import { wallTimeAt } from '../../engine/rules/wall-clock.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003' };
/** Where it is this hour of the day now. */
const zoneAt = (hour: number) =>
  Intl.supportedValuesOf('timeZone').find((zone) => new Date(wallTimeAt(Date.now(), zone)).getUTCHours() === hour);

describe('the hours of a group', () => {
  let world: World;
  let club: TestGroup;
  let chat: TestGroup;
  let sids: { ann: string; bob: string; cid: string };
  const say = (sid: string, message: string, number = club.number) =>
    world.call('/message/send', { sid, number, message });
  const setZone = (sid: string, hour: number, group = club.number) =>
    world.call('/member/set', { sid, group, zone: zoneAt(hour) });
  const list = async (number = club.number) =>
    (await world.call('/message/schedule/list', { sid: sids.ann, number })).body.messages as {
      id: number;
      txt: string;
    }[];
  const said = async () =>
    (
      await rows<{ text: string }>(
        world.runtime.db,
        "SELECT text FROM messages WHERE kind = 'said' AND group_id IN (?) ORDER BY id",
        [[club.id, chat.id]],
      )
    ).map(({ text }) => text);
  const comeDue = () =>
    run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE ended_at IS NULL');
  const lastAnswer = () =>
    row<{ text: string; phone: string }>(
      world.runtime.db,
      "SELECT m.text, p.phone FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id WHERE m.kind = 'system' ORDER BY m.id DESC LIMIT 1",
    );

  before(async () => {
    world = await openWorld({ workers: false });
    club = await startGroup(world, ['Ann', 'Bob', 'Cid'], {
      name: 'Club',
      phones,
      quiet: false,
      replyToOwner: true,
    });
    chat = await startGroup(world, ['Ann', 'Bob'], { name: 'Chat', phones, quiet: false });
    sids = {
      ann: await openSid(world, phones.Ann),
      bob: await openSid(world, phones.Bob),
      cid: await openSid(world, phones.Cid),
    };
    await world.call('/member/set', { sid: sids.ann, group: club.number, number: phones.Bob, broadcast: 1 });
    // Noon for all but Cid, who sleeps.
    for (const sid of [sids.ann, sids.bob]) await setZone(sid, 12);
    await setZone(sids.cid, 2);
    for (const sid of [sids.ann, sids.bob]) await setZone(sid, 2, chat.number);
  });
  after(() => world.close());
  afterEach(() => run(world.runtime.db, 'UPDATE schedules SET ended_at = NOW(3) WHERE ended_at IS NULL'));

  it('are off as it comes: everything goes at once, a ! included', async () => {
    const { body } = await say(sids.ann, '! Wake up');
    expect(body.message_id).to.be.a('number');
    expect((await said()).at(-1)).to.equal('Ann: ! Wake up');
    expect(await list()).to.deep.equal([]);
  });

  itRefuses('/group/set', () => world, [
    ['the hours are none', () => ({ sid: sids.ann, number: club.number, hours: 'night' }), 'BAD_REQUEST', 'hours', 400],
    ['they are too few', () => ({ sid: sids.ann, number: club.number, hours: '9-12' }), 'BAD_REQUEST', 'hours', 400],
  ]);

  it('are set by text and by call, shown, and taken away', async () => {
    expect((await say(sids.ann, '*hours 8am-9pm')).body.reply).to.contain(
      "wait until it's 8 to 21 o'clock for everyone",
    );
    const shown = async () => {
      const { body } = await world.call('/member/groups', { sid: sids.ann });
      return (body.groups as Params[]).find(({ name }) => name === 'Club')?.hours;
    };
    expect(await shown()).to.equal('8-21');
    await world.call('/group/set', { sid: sids.ann, number: club.number, hours: '' });
    expect(await shown()).to.equal('');
    await world.call('/group/set', { sid: sids.ann, number: club.number, hours: '8 to 21' });
    expect(await shown()).to.equal('8-21');
    await world.call('/group/set', { sid: sids.ann, number: chat.number, hours: '8-21' });
  });

  it('keep a broadcast until it is day for everybody, and then it goes once', async () => {
    const before = await said();
    const { body } = await say(sids.ann, 'Practice at 6');
    expect(body.reply).to.match(/^It's too early or late for 1 person in "Club", so your text goes to everyone /);
    expect(body).not.to.have.property('message_id');
    expect((await list()).map(({ txt }) => txt)).to.deep.equal(['Practice at 6']);
    expect(await said()).to.deep.equal(before);
    await setZone(sids.cid, 12);
    await comeDue();
    const clocks = await Promise.all([1, 2, 3].map(() => openRuntime(world.runtime.config, { process: 'clock' })));
    await Promise.all(clocks.flatMap((clock) => [sendDue(clock), sendDue(clock)]));
    await Promise.all(clocks.map((clock) => clock.close()));
    expect((await said()).slice(before.length)).to.deep.equal(['Ann: Practice at 6']);
    await setZone(sids.cid, 2);
  });

  it('are told before a send: a preview counts what would go out later, and says when', async () => {
    const preview = async (sid: string, message: string) =>
      (await world.call('/message/send', { sid, number: club.number, message, preview: 1 })).body;
    const long = `${'word '.repeat(29)}word`;
    const later = await preview(sids.ann, long);
    expect(later).to.include({ recipients: 2, segments: 1, cost: 2 });
    expect(later.reply).to.match(/^It's too early or late for 1 person in "Club", so your text goes to everyone /);
    const now = await preview(sids.ann, '! Wake up');
    expect(now).to.include({ recipients: 2, segments: 1, cost: 2 }).and.not.have.property('reply');
    expect(await list()).to.deep.equal([]);
  });

  it('keep what a named speaker says in their own name', async () => {
    const before = await said();
    expect((await say(sids.bob, 'Bring water')).body.reply).to.contain('too early or late for 1 person');
    await setZone(sids.cid, 12);
    await comeDue();
    await sendDue(world.runtime);
    expect((await said()).slice(before.length)).to.deep.equal(['Bob: Bring water']);
    await setZone(sids.cid, 2);
  });

  it('put a scheduled text off, once and with a word of it, whatever number of clocks looks', async () => {
    const before = await said();
    const year = new Date().getUTCFullYear() + 1;
    for (const { number } of [club, chat])
      await world.call('/message/schedule', {
        sid: sids.ann,
        number,
        message: `To ${number}`,
        when: `${year}-01-01 00:00:00`,
      });
    await comeDue();
    const clocks = await Promise.all([1, 2, 3].map(() => openRuntime(world.runtime.config, { process: 'clock' })));
    await Promise.all(clocks.flatMap((clock) => [sendDue(clock), sendDue(clock)]));
    await Promise.all(clocks.map((clock) => clock.close()));
    expect(await said()).to.deep.equal(before);
    expect(await list()).to.have.length(1);
    expect(await list(chat.number)).to.have.length(1);
    const told = await row<{ found: number }>(
      world.runtime.db,
      "SELECT COUNT(*) AS found FROM messages WHERE kind = 'system' AND text LIKE '%so your text goes to everyone%' AND text LIKE '%Chat%'",
    );
    expect(told?.found).to.equal(1);
    expect(await sendDue(world.runtime)).to.equal(0);
  });

  it('let chat, answers to the owner and what is urgent go at once', async () => {
    const before = await said();
    await say(sids.ann, 'Good night', chat.number);
    await say(sids.cid, 'I am awake');
    // Phones of no US area code: the law has no hours for them.
    await say(sids.ann, '! Bus at 5');
    expect((await said()).slice(before.length)).to.deep.equal(['Ann: Good night', 'Cid: I am awake', 'Ann: Bus at 5']);
    expect(await list()).to.deep.equal([]);
  });

  it('refuse what suits nobody within two days', async () => {
    await setZone(sids.cid, 0);
    await say(sids.ann, '*hours 9-17');
    const never = { sid: sids.ann, number: club.number, message: 'Never', preview: 1 };
    const { body } = await world.call('/message/send', never);
    expect(body).to.include({ recipients: 0, segments: 0, cost: 0 });
    expect(body.reply).to.match(/^Your text wasn't sent: within two days/);
    await say(sids.ann, 'Never');
    expect(await lastAnswer()).to.deep.include({ phone: phones.Ann });
    expect((await lastAnswer())?.text).to.match(/^Your text wasn't sent: within two days/);
    expect(await list()).to.deep.equal([]);
  });
});

describe('GROUP_HOURS', () => {
  it('are the hours of a new group, until its owner changes them', async () => {
    const world = await openWorld({ workers: false, env: { GROUP_HOURS: '8-21' } });
    try {
      const { number } = await startGroup(world, ['Ann', 'Bob'], { phones, quiet: false });
      const sid = await openSid(world, phones.Ann);
      const shown = async () =>
        ((await world.call('/member/groups', { sid })).body.groups as { number: string; hours: string }[]).find(
          (group) => group.number === number,
        )?.hours;
      expect(await shown()).to.equal('8-21');
      await world.call('/group/set', { sid, number, hours: '' });
      expect(await shown()).to.equal('');
    } finally {
      await world.close();
    }
  });
});
