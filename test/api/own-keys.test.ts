import { expect } from 'chai';
import { findPerson } from '../../db/people/people.ts';
import { makeApiKey } from '../../engine/people/api-keys.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('keys that owners make', () => {
  let world: World;
  let group: TestGroup;
  let second: TestGroup;
  let sid: string;
  let bob: string;
  before(async () => {
    world = await openWorld();
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    second = await startGroup(world, ['Ann', 'Bob'], { name: 'Climbers', phones: group.phones });
    sid = await openSid(world, group.phones.Ann ?? '');
    bob = await openSid(world, group.phones.Bob ?? '');
  });
  after(() => world.close());

  const make = async (params: Params = {}) =>
    (await world.call('/v1/keys/create', { sid, name: 'Bot', access: 'send', ...params })).body as {
      id: number;
      key: string;
    };
  const by = (key: string, path: string, params: Params = {}) =>
    world.call(path, params, { headers: { authorization: `Bearer ${key}` } });
  const list = async (whose = sid) => (await world.call('/v1/keys/list', { sid: whose })).body.keys as Params[];

  it('send and read in all groups that they own, or in one, until they are revoked; their phone hears of each', async () => {
    const { id, key } = await make();
    const one = await make({ access: 'read', number: second.number, name: 'Archive' });
    await world.quiet();
    const told = world.simulator.textsTo(group.phones.Ann ?? '').filter(({ text }) => text.includes('new API key'));
    expect(told).to.have.length(2);
    for (const { number } of [group, second])
      expect((await by(key, '/message/send', { number, message: 'Hi' })).body.status).to.equal('OK');
    expect((await by(one.key, '/message/get', { number: second.number })).body.status).to.equal('OK');
    const beyond = await by(one.key, '/message/get', { number: group.number });
    expect(beyond.body.error_type).to.equal('MEMBER_LOOKUP_FAILED');
    const [archive, bot] = await list();
    expect(archive).to.include({ id: one.id, name: 'Archive', access: 'read', number: second.number });
    expect(bot).to.include({ id, name: 'Bot', access: 'send' }).and.not.have.property('number');
    expect(bot?.created).to.be.a('number');
    expect(bot?.used).to.be.at.least(Number(bot?.created));
    expect(JSON.stringify(await list())).to.not.include(key);
    expect((await world.call('/v1/keys/revoke', { sid, id })).body.status).to.equal('OK');
    expect((await by(key, '/message/get', { number: group.number })).http).to.equal(401);
    expect((await list()).map((each) => each.id)).to.deep.equal([one.id]);
  });

  it('are made, listed and revoked by a session alone, each by their own', async () => {
    const { id, key } = await make();
    for (const path of ['/v1/keys/create', '/v1/keys/list', '/v1/keys/revoke'])
      expect((await by(key, path, { name: 'x', access: 'read', id })).http, path).to.equal(401);
    const { body } = await world.call('/v1/keys/revoke', { sid: bob, id });
    expect(body.error_type).to.equal('NOT_FOUND');
    expect(await list(bob)).to.deep.equal([]);
  });

  it('are listed in pages, where an operator made more than a person may', async () => {
    const { db } = world.runtime;
    const owner = await findPerson(db, group.phones.Bob ?? '');
    const made: number[] = [];
    for (let at = 0; at < 103; at++) {
      const key = {
        personId: owner?.id ?? 0,
        groupId: null,
        access: 'read',
        name: `Bot ${at}`,
        now: new Date(),
      } as const;
      made.unshift((await makeApiKey(db, key)).id);
    }
    const page = async (params: Params = {}) =>
      ((await world.call('/v1/keys/list', { sid: bob, ...params })).body.keys as { id: number }[]).map(({ id }) => id);
    const first = await page();
    expect(first).to.deep.equal(made.slice(0, 100));
    expect(await page({ before: first.at(-1) })).to.deep.equal(made.slice(100));
    expect(await page({ before: made.at(-1) })).to.deep.equal([]);
  });

  it('end with *logout by text, as sessions do', async () => {
    const { key } = await make();
    await world.text(group.phones.Ann ?? '', world.serviceNumber, '*logout');
    expect((await by(key, '/message/get', { number: group.number })).http).to.equal(401);
    sid = await openSid(world, group.phones.Ann ?? '');
  });

  const input = (more: Params) => () => ({ sid, name: 'Bot', access: 'read', ...more });
  itRefuses('/v1/keys/create', () => world, [
    ['nothing is sent', () => ({ sid }), 'MISSING_FIELDS', ['name', 'access']],
    ['the access is none', input({ access: 'all' }), 'BAD_REQUEST', 'access', 400],
    ['the name is too long', input({ name: 'x'.repeat(51) }), 'BAD_REQUEST', 'name', 400],
    ['the number is none', input({ number: '12' }), 'INVALID_NUMBER'],
    ['the number is of no group of theirs', input({ number: '+14445559999' }), 'MEMBER_LOOKUP_FAILED'],
    ['it is a member of the group', () => ({ ...input({ number: group.number })(), sid: bob }), 'NOT_OWNER'],
    ['they own no account', () => ({ ...input({})(), sid: bob }), 'NO_ACCOUNT'],
  ]);

  it('are 20 at most, however many are made at once', async () => {
    for (const { id } of await list()) await world.call('/v1/keys/revoke', { sid, id });
    const made = await Promise.all(Array.from({ length: 25 }, () => world.call('/v1/keys/create', input({})())));
    const refused = made.filter(({ http }) => http === 400);
    expect(refused.map(({ body }) => body.error_subtype)).to.deep.equal(Array(5).fill('keys'));
    expect(await list()).to.have.length(20);
  });
});
