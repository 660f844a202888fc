import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { openRuntime } from '../../engine/platform/runtime.ts';
import { writeTime } from '../../engine/rules/schedule.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003' };
const year = new Date().getUTCFullYear() + 1;

describe('scheduled messages', () => {
  let world: World;
  let group: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    // Without a clock of its own: the tests say when it looks.
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Hikers', phones, quiet: false });
    sids = { ann: await openSid(world, phones.Ann), bob: await openSid(world, phones.Bob) };
  });
  after(() => world.close());
  beforeEach(() => run(world.runtime.db, 'UPDATE schedules SET ended_at = NOW(3) WHERE ended_at IS NULL'));

  const call = (path: string, params: Params = {}) =>
    world.call(path, { sid: sids.ann, number: group.number, ...params });
  const schedule = (params: Params) => call('/message/schedule', { message: 'Bring water', ...params });
  const ok = async (answer: Promise<{ body: Params }>) => expect((await answer).body).to.deep.equal({ status: 'OK' });
  const scheduled = async (answer: Promise<{ body: Params }>) => {
    const { status, ids } = (await answer).body;
    expect(status).to.equal('OK');
    return ids as number[];
  };
  type Listed = { id: number; txt: string; when: string };
  const list = async () => (await call('/message/schedule/list')).body.messages as Listed[];
  const said = async () =>
    rows<{ text: string; cc: number }>(
      world.runtime.db,
      "SELECT text, cc FROM messages WHERE kind = 'said' AND group_id = ? ORDER BY message_id",
      [group.id],
    );
  /** As if its time had come `seconds` ago. */
  const pullForward = (seconds = 1) =>
    run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL ? SECOND WHERE ended_at IS NULL', [
      seconds,
    ]);
  const lastSystemMessage = () =>
    row<{ text: string; phone: string }>(
      world.runtime.db,
      "SELECT m.text, p.phone FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id WHERE m.kind = 'system' ORDER BY m.id DESC LIMIT 1",
    );

  it('wait for their times, in their order, and can be taken back', async () => {
    for (const [at, as] of (['query', 'form', 'json'] as const).entries()) {
      const params = { message: `Text ${at}`, when: `${year}-01-0${3 - at} 09:00:00` };
      await scheduled(world.call('/message/schedule', { sid: sids.ann, number: group.number, ...params }, { as }));
    }
    await scheduled(schedule({ message: '  *who?\n', when: `${year}-02-01 00:00:00, ${year}-02-01 00:00:00` }));
    const waiting = await list();
    expect(waiting.map(({ txt, when }) => `${when} ${txt}`)).to.deep.equal([
      `${year}-01-01 09:00:00 Text 2`,
      `${year}-01-02 09:00:00 Text 1`,
      `${year}-01-03 09:00:00 Text 0`,
      `${year}-02-01 00:00:00 *who?`,
    ]);
    await ok(call('/message/schedule/delete', { message_id: waiting[1]?.id }));
    expect((await call('/message/schedule/delete', { message_id: waiting[1]?.id })).body.error_type).to.equal(
      'NOT_FOUND',
    );
    expect((await list()).map(({ txt }) => txt)).to.deep.equal(['Text 2', 'Text 0', '*who?']);
  });

  const later = `${year}-01-01 00:00:00`;
  const base = () => ({ sid: sids.ann, number: group.number, message: 'Hi', when: later });
  itRefuses('/message/schedule', () => world, [
    ['there is no sid', () => ({ ...base(), sid: '' }), 'UNAUTHORIZED', undefined, 401],
    ['nothing is sent', () => ({ sid: sids.ann }), 'MISSING_FIELDS', ['number', 'message', 'when']],
    ['there is no time', () => ({ ...base(), when: ' ' }), 'MISSING_FIELDS', ['when']],
    ['the number is none', () => ({ ...base(), number: '12' }), 'INVALID_NUMBER'],
    ['the message has 151 characters', () => ({ ...base(), message: 'x'.repeat(151) }), 'MESSAGE_TOO_LONG'],
    ['the cc is 2', () => ({ ...base(), cc: 2 }), 'BAD_REQUEST', 'cc', 400],
    ['a time is none', () => ({ ...base(), when: `${later},soon` }), 'INVALID_WHEN', 'soon'],
    ['a time is past', () => ({ ...base(), when: '2020-01-01 00:00:00' }), 'INVALID_WHEN', '2020-01-01 00:00:00'],
    [
      'a time comes before a group that is none',
      () => ({ ...base(), number: phones.Cid, when: 'x' }),
      'INVALID_WHEN',
      'x',
    ],
    ['there is no such group', () => ({ ...base(), number: world.serviceNumber }), 'MEMBER_LOOKUP_FAILED'],
    ['it is a member', () => ({ ...base(), sid: sids.bob }), 'NOT_OWNER'],
  ]);
  for (const url of ['/message/schedule/list', '/message/schedule/delete']) {
    const id = url.endsWith('delete') ? { message_id: 1 } : {};
    itRefuses(url, () => world, [
      ['there is no sid', () => ({ number: group.number, ...id }), 'UNAUTHORIZED', undefined, 401],
      ['nothing is sent', () => ({ sid: sids.ann }), 'MISSING_FIELDS', ['number', ...Object.keys(id)]],
      ['the number is none', () => ({ sid: sids.ann, number: '12', ...id }), 'INVALID_NUMBER'],
      ['there is no such group', () => ({ sid: sids.ann, number: phones.Cid, ...id }), 'MEMBER_LOOKUP_FAILED'],
      ['it is a member', () => ({ sid: sids.bob, number: group.number, ...id }), 'NOT_OWNER'],
    ]);
  }
  itRefuses('/message/schedule/delete', () => world, [
    ['there is none of this id', () => ({ ...base(), message_id: 999_999_999 }), 'NOT_FOUND'],
    ['the id is no number', () => ({ ...base(), message_id: 'x' }), 'BAD_REQUEST', 'message_id', 400],
  ]);

  it('are all taken or none, and at most 100 wait for a group', async () => {
    const times = Array.from({ length: 101 }, (_, at) => writeTime(new Date(Date.UTC(year, 0, 1, 0, 0, at))));
    const tooMany = { status: 'ERROR', error_type: 'INVALID_WHEN', error_subtype: times[100] };
    expect((await schedule({ when: times.join(',') })).body).to.deep.equal(tooMany);
    expect(await list()).to.deep.equal([]);
    const early = await scheduled(schedule({ when: times.slice(0, 60).reverse().join(',') }));
    expect((await schedule({ when: times.slice(60).join(',') })).body).to.deep.equal(tooMany);
    const later = await scheduled(schedule({ when: times.slice(60, 100).join(',') }));
    expect((await list()).map(({ id }) => id)).to.deep.equal([...early, ...later]);
  });

  it('are refused while the account is suspended', async () => {
    await run(world.runtime.db, "UPDATE accounts SET balance = 0 WHERE type = 'T'");
    for (const as of ['query', 'form', 'json'] as const) {
      const { body } = await world.call('/message/schedule', base(), { as });
      expect(body).to.deep.equal({ status: 'ERROR', error_type: 'SUSPENDED' });
    }
    await run(world.runtime.db, 'UPDATE accounts SET balance = 500');
  });

  it('go out once at their time, under the owner’s name, whatever number of clocks looks', async () => {
    const before = (await said()).length;
    await scheduled(schedule({ message: '*help “me”', cc: 1, when: later }));
    await scheduled(schedule({ message: 'Not yet', when: `${year}-02-01 00:00:00` }));
    await run(world.runtime.db, "UPDATE schedules SET send_at = NOW(3) - INTERVAL 2 SECOND WHERE text LIKE '*%'");
    await world.call('/member/set', { sid: sids.ann, group: group.number, name: 'Anna' });
    const clocks = await Promise.all([1, 2, 3].map(() => openRuntime(world.runtime.config, { process: 'clock' })));
    await Promise.all(clocks.flatMap((clock) => [sendDue(clock), sendDue(clock)]));
    await Promise.all(clocks.map((clock) => clock.close()));
    expect((await said()).slice(before)).to.deep.equal([{ text: 'Anna: *help "me"', cc: 1 }]);
    expect((await list()).map(({ txt }) => txt)).to.deep.equal(['Not yet']);
    const sent = await row<{ found: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS found FROM schedules s JOIN messages m ON m.id = s.message_id AND m.group_id = s.group_id',
    );
    expect(sent?.found).to.equal(1);
  });

  it('go to the members of that moment, in the order of their times', async () => {
    await scheduled(schedule({ message: 'Second', when: `${year}-01-02 00:00:00` }));
    await scheduled(schedule({ message: 'First', when: later }));
    await ok(world.call('/member/bye', { sid: sids.bob, group: group.number }));
    await run(
      world.runtime.db,
      "UPDATE schedules SET send_at = NOW(3) - INTERVAL (IF(text = 'First', 9, 5)) SECOND WHERE ended_at IS NULL",
    );
    await sendDue(world.runtime);
    expect((await said()).slice(-2).map(({ text }) => text)).to.deep.equal(['Anna: First', 'Anna: Second']);
    const { body } = await call('/message/get', { sid: sids.bob });
    expect((body.messages as { txt: string }[]).map(({ txt }) => txt)).not.to.include('Anna: First');
    await ok(world.call('/member/hi', { sid: sids.bob, group: group.number }));
  });

  const dropped: [string, () => Promise<unknown>, RegExp][] = [
    ['an hour late', () => pullForward(3_700), /over an hour late/],
    ['while suspended', async () => run(world.runtime.db, 'UPDATE accounts SET balance = -3'), /balance/],
    ['when its owner has left', () => world.call('/member/bye', { sid: sids.ann, group: group.number }), /you left/],
  ];
  for (const [when, happens, says] of dropped) {
    it(`are dropped ${when}, and the owner is told`, async () => {
      const before = (await said()).length;
      await scheduled(schedule({ when: later }));
      await pullForward();
      await happens();
      await sendDue(world.runtime);
      expect(await said()).to.have.length(before);
      const message = await lastSystemMessage();
      expect(message?.phone).to.equal(phones.Ann);
      expect(message?.text).to.match(says).and.contain('"Hikers"');
      expect(await sendDue(world.runtime)).to.equal(0);
      await run(world.runtime.db, 'UPDATE accounts SET balance = 500');
      await world.call('/member/hi', { sid: sids.ann, group: group.number });
    });
  }

  const text = (message: string) => call('/message/send', { message });

  it('are made, listed and taken back by text, as by call', async () => {
    const { body } = await text(`*schedule Dec 24 ${year} 6pm Party`);
    expect(body.reply).to.match(/^To "Hikers", .*Dec 24.*6:00 PM EST: Party/);
    const [one] = await list();
    expect(one).to.include({ txt: 'Party', when: `${year}-12-24 23:00:00` });
    expect((await text('*schedules')).body.reply)
      .to.contain(`${one?.id}: `)
      .and.contain('Party');
    expect((await text('*schedules cancel 1')).body.reply).to.contain('Nothing with the number 1 waits');
    expect((await text(`*schedules cancel ${one?.id}`)).body.reply).to.contain('won\'t go out to "Hikers": Party');
    expect(await list()).to.deep.equal([]);
    expect((await text(`*schedules cancel ${one?.id}`)).body.reply).to.contain('Nothing with the number');
  });

  it('are meant by the clocks of the owner’s zone', async () => {
    await ok(world.call('/member/set', { sid: sids.ann, group: group.number, zone: 'Pacific' }));
    await text(`*schedule Jul 4 ${year} 6pm Party`);
    await text('*zone Honolulu');
    await text(`*schedule Jul 4 ${year} 6pm Party`);
    expect((await list()).map(({ when }) => when)).to.deep.equal([`${year}-07-05 01:00:00`, `${year}-07-05 04:00:00`]);
    const { body } = await world.call('/member/groups', { sid: sids.ann });
    expect((body.groups as { zone: string }[])[0]?.zone).to.equal('Pacific/Honolulu');
    await text('*zone Eastern');
  });

  it('are at most 100 a group, by text too', async () => {
    const times = Array.from(
      { length: 100 },
      (_, at) => `${year}-03-01 00:${String(at % 60).padStart(2, '0')}:0${at < 60 ? 0 : 1}`,
    );
    await scheduled(schedule({ when: times.join() }));
    const { body } = await text('*schedule every Tue 6pm One too many');
    expect(body.status).to.equal('OK');
    expect(body.reply).to.match(/Nothing was changed/);
    expect(await list()).to.have.length(100);
  });

  it('go out once each time where they repeat, whatever number of clocks looks', async () => {
    const before = (await said()).length;
    await text('*schedule every Tue 18:00 Practice at 7');
    for (const round of [1, 2]) {
      await pullForward();
      const clocks = await Promise.all([1, 2, 3].map(() => openRuntime(world.runtime.config, { process: 'clock' })));
      await Promise.all(clocks.flatMap((clock) => [sendDue(clock), sendDue(clock)]));
      await Promise.all(clocks.map((clock) => clock.close()));
      expect((await said()).slice(before).map(({ text }) => text)).to.deep.equal(
        Array.from({ length: round }, () => 'Anna: Practice at 7'),
      );
      const waiting = (await call('/message/schedule/list')).body.messages as (Listed & { repeats?: string })[];
      expect(waiting).to.have.length(1);
      expect(waiting[0]?.repeats).to.equal('every Tue, America/New_York');
      const next = new Date(`${waiting[0]?.when.replace(' ', 'T')}Z`);
      expect(next.getTime()).to.be.greaterThan(Date.now());
    }
    await ok(call('/message/schedule/delete', { message_id: (await list())[0]?.id }));
    await pullForward();
    expect(await sendDue(world.runtime)).to.equal(0);
  });

  it('die with their group', async () => {
    const other = await startGroup(world, ['Ann', 'Bob'], { name: 'Bikers', phones, quiet: false });
    await scheduled(schedule({ number: other.number, when: later }));
    await pullForward();
    await ok(call('/group/delete', { number: other.number }));
    expect(await sendDue(world.runtime)).to.equal(0);
  });
});
