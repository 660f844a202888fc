import { expect } from 'chai';
import { rows, run } from '../../../db/connect.ts';
import { sendDue } from '../../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

const names = ['Ann', ...Array.from({ length: 11 }, (_, at) => `M${at}`)];

describe('a scheduled text that asks who comes', () => {
  let world: World;
  let group: TestGroup;
  let sid: string;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Band', quiet: false });
    sid = await openSid(world, group.phones.Ann ?? '');
  });
  after(() => world.close());

  const send = async (message: string) =>
    String((await world.call('/message/send', { sid, number: group.number, message })).body.reply);
  const list = async () =>
    (await world.call('/message/schedule/list', { sid, number: group.number })).body.messages as {
      id: number;
      txt: string;
      rsvp?: 1;
    }[];
  const comeDue = async () => {
    await run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE ended_at IS NULL');
    await Promise.all([sendDue(world.runtime), sendDue(world.runtime)]);
  };
  const said = () =>
    rows<{ text: string }>(
      world.runtime.db,
      "SELECT text FROM messages WHERE group_id = ? AND kind = 'said' ORDER BY message_id",
      [group.id],
    );

  it('does so each time, with answers of its own, until that is ended', async () => {
    await send('*schedule every Tue 18:00 Practice at 6');
    const [{ id } = { id: 0 }] = await list();
    expect(await send(`*rsvp ${id}`)).to.equal(
      `When this goes out to "Band", it asks who comes: Practice at 6\n*rsvp ${id} off ends that.`,
    );
    expect(await send(`*rsvp #${id}.`)).to.match(/^When this goes out/);
    expect(await send('*schedules')).to.match(/\d \(\*rsvp\): every Tue at 6:00 PM/);
    expect((await list())[0]).to.include({ txt: 'Practice at 6', rsvp: 1 });
    await comeDue();
    expect((await said()).at(-1)?.text).to.equal('Ann: Practice at 6? Reply yes, no or maybe');
    await world.text(group.phones.Bob ?? '', group.number, 'yes');
    expect(await send('*poll')).to.equal('Practice at 6? yes 1, no 0, maybe 0, no answer 2.');

    expect((await list())[0]).to.include({ txt: 'Practice at 6', rsvp: 1 });
    await comeDue();
    expect((await said()).filter(({ text }) => text.startsWith('Ann: Practice at 6?'))).to.have.length(2);
    expect(await send('*poll')).to.equal('Practice at 6? yes 0, no 0, maybe 0, no answer 3.');

    const [{ id: next } = { id: 0 }] = await list();
    expect(await send(`*rsvp ${next} off`)).to.equal('This goes out to "Band" without asking who comes: Practice at 6');
    await comeDue();
    expect((await said()).at(-1)?.text).to.equal('Ann: Practice at 6');
    expect((await list())[0]).not.to.have.property('rsvp');
  });

  it('is one of the group’s own that waits, whose words are a question', async () => {
    expect(await send('*rsvp 999999999')).to.match(/^Nothing with the number 999999999 waits to go out to "Band"/);
    const other = await startGroup(world, ['Eve', 'Fay'], { name: 'Other', quiet: false });
    const eve = await openSid(world, other.phones.Eve ?? '');
    const made = { sid: eve, number: other.number, message: 'Secret', when: '2099-01-01 12:00:00' };
    const { ids } = (await world.call('/message/schedule', made)).body;
    const [secret] = ids as number[];
    expect(await send(`*rsvp ${secret}`)).to.match(/^Nothing with the number/);
    await world.call('/message/schedule', { ...made, sid, number: group.number, message: 'x'.repeat(130) });
    const long = (await list()).find(({ txt }) => txt.startsWith('xxx'));
    expect(await send(`*rsvp ${long?.id}`)).to.match(/^That question is too long for a poll/);
  });
});

describe('a poll that many answer at once', () => {
  let world: World;
  let group: TestGroup;
  let sid: string;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, names, { name: 'Choir', quiet: false });
    sid = await openSid(world, phoneOf('Ann'));
  });
  after(() => world.close());

  const phoneOf = (name: string) => group.phones[name] ?? '';
  const text = (name: string, words: string) => world.text(phoneOf(name), group.number, words);
  const send = async (message: string) =>
    (await world.call('/message/send', { sid, number: group.number, message })).body.reply as string;
  const votes = () =>
    rows<{ choice: number; voices: number }>(
      world.runtime.db,
      'SELECT v.choice, COUNT(*) AS voices FROM poll_votes v JOIN `groups` g ON g.poll_id = v.poll_id GROUP BY v.choice ORDER BY v.choice',
    );
  const said = () =>
    rows<{ text: string }>(
      world.runtime.db,
      "SELECT text FROM messages WHERE group_id = ? AND kind = 'said' ORDER BY message_id",
      [group.id],
    );

  it('counts one voice a member, the last one', async () => {
    await send('*poll Concert? yes/no/maybe');
    await Promise.all(names.flatMap((name) => ['yes', 'no', 'maybe', '2'].map((word) => text(name, word))));
    expect((await votes()).reduce((all, { voices }) => all + voices, 0)).to.equal(names.length);
    await Promise.all(names.map((name, at) => text(name, at < 8 ? 'Yes' : '3')));
    expect(await votes()).to.deep.equal([
      { choice: 0, voices: 8 },
      { choice: 2, voices: 4 },
    ]);
    expect((await said()).map((one) => one.text)).to.deep.equal(['Ann: Concert? Reply yes, no or maybe']);
    expect(await send('*poll')).to.equal('Concert? yes 8, no 0, maybe 4, no answer 0. You: yes.');
  });

  it('tells the result of all answers that were counted, and takes those that come later for messages', async () => {
    const [reply] = await Promise.all([
      send('*poll close'),
      ...names.filter((name) => name !== 'Ann').map((name) => text(name, 'no')),
    ]);
    expect(reply).to.equal('Poll closed, and "Choir" is told. Everyone has answered.');
    const counted = new Map(
      (
        await rows<{ choice: number; voices: number }>(
          world.runtime.db,
          'SELECT choice, COUNT(*) AS voices FROM poll_votes GROUP BY choice',
        )
      ).map(({ choice, voices }) => [choice, voices]),
    );
    const of = (choice: number) => counted.get(choice) ?? 0;
    const texts = (await said()).map((one) => one.text);
    expect(texts).to.include(`Ann: Closed: Concert? yes ${of(0)}, no ${of(1)}, maybe ${of(2)}, no answer 0.`);
    expect(texts.filter((one) => /: no$/.test(one))).to.have.length(11 - of(1));
  });

  it('is asked once, of several that ask at once', async () => {
    await Promise.all(names.slice(1, 5).map((name) => text(name, `*poll ${name}? yes/no`)));
    expect((await said()).filter((one) => /M\d\? Reply/.test(one.text))).to.have.length(1);
    await run(world.runtime.db, 'UPDATE polls SET opened_at = opened_at - INTERVAL 8 DAY');
    await text('M1', 'yes');
    expect((await said()).at(-1)?.text).to.equal('M1: yes');
    expect(await send('*poll Rehearsal? yes/no')).to.match(/^Everyone in "Choir" is asked/);
    await text('M1', 'yes');
    expect(await votes()).to.deep.equal([{ choice: 0, voices: 1 }]);
  });
});
