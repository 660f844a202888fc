import { expect } from 'chai';
import { row, run } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003', Dee: '+14445550004' };

describe('/group/delete', () => {
  let world: World;
  let group: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld({ env: { NUMBER_POOL: '+12015551001' } });
    group = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dee'], { name: 'Hikers', phones });
    sids = { ann: await openSid(world, phones.Ann), bob: await openSid(world, phones.Bob) };
  });
  after(() => world.close());

  const end = (params: Params) => world.call('/group/delete', { sid: sids.ann, number: group.number, ...params });

  const rows: [string, () => Params, string, unknown?][] = [
    ['there is no number', () => ({ number: '' }), 'MISSING_FIELDS', ['number']],
    ['the number is none', () => ({ number: '12' }), 'INVALID_NUMBER'],
    ['there is no such group', () => ({ number: '+12015551000' }), 'MEMBER_LOOKUP_FAILED'],
    ['it is a member', () => ({ sid: sids.bob }), 'NOT_OWNER'],
  ];
  for (const [when, params, error, subtype] of rows) {
    it(`answers ${error} when ${when}`, async () => {
      const { body } = await end(params());
      const more = subtype === undefined ? {} : { error_subtype: subtype };
      expect(body).to.deep.equal({ status: 'ERROR', error_type: error, ...more });
    });
  }

  it('ends the group: one text to the members but the caller, and nothing is left of it for the API', async () => {
    const { db } = world.runtime;
    const { number } = group;
    await world.call('/message/send', { sid: sids.bob, number, message: 'Are we done?' });
    await world.call('/member/bye', { sid: await openSid(world, phones.Dee), group: number });
    await run(
      db,
      "INSERT INTO schedules (group_id, text, send_at, created_at) VALUES (?, 'Later', NOW(3) + INTERVAL 1 DAY, NOW(3))",
      [group.id],
    );
    await world.quiet();
    const before = world.simulator.accepted.length;
    expect((await end({})).body).to.deep.equal({ status: 'OK' });
    await world.quiet();
    const texts = world.simulator.accepted.slice(before);
    expect(texts.map(({ to }) => to).sort()).to.deep.equal([phones.Bob, phones.Cid]);
    for (const { text } of texts) expect(text).to.contain('"Hikers" was deleted');

    for (const [path, params] of [
      ['/group/delete', { number }],
      ['/group/set', { number }],
      ['/message/get', { number }],
      ['/message/send', { number, message: 'Hello?' }],
      ['/member/hi', { group: number }],
    ] as const) {
      const { body } = await world.call(path, { sid: sids.ann, ...params });
      expect(body.error_type, path).to.equal('MEMBER_LOOKUP_FAILED');
    }
    expect((await world.call('/member/groups', { sid: sids.ann })).body.groups).to.deep.equal([]);
    const kept = await row<{ messages: number; waiting: number }>(
      db,
      `SELECT (SELECT COUNT(*) FROM messages WHERE group_id = ? AND kind = 'said') AS messages,
         (SELECT COUNT(*) FROM schedules WHERE ended_at IS NULL) AS waiting`,
      [group.id],
    );
    expect(kept).to.deep.equal({ messages: 1, waiting: 0 });
  });

  it('frees its numbers for the same people at once, where there is nothing else', async () => {
    const again = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dee'], { phones });
    expect(again.number).to.equal(group.number);
    expect(again.id).not.to.equal(group.id);
    await world.text(phones.Bob, again.number, 'Hello again');
    expect((await world.inbox(phones.Cid, 5)).at(-1)?.text).to.equal('Bob: Hello again');
  });
});
