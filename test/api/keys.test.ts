import { expect } from 'chai';
import { endpoints } from '../../api/endpoints/index.ts';
import { row, run } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { type, typeJson } from '../support/operator.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
type Made = { id: number; key: string };

describe('a key', () => {
  let world: World;
  let env: Record<string, string>;
  let group: TestGroup;
  let second: TestGroup;
  let bobs: TestGroup;
  let ann: string;
  let bob: string;
  const keys = { send: '', read: '', one: '' };

  before(async () => {
    world = await openWorld({ workers: false });
    env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers', quiet: false });
    [ann = '', bob = ''] = Object.values(group.phones);
    second = await startGroup(world, ['Ann', 'Bob'], {
      name: 'Climbers',
      phones: { Ann: ann, Bob: bob },
      quiet: false,
    });
    bobs = await startGroup(world, ['Bob', 'Ann'], { name: 'Rowers', phones: { Ann: ann, Bob: bob }, quiet: false });
    keys.send = (await make('send Bot')).key;
    keys.read = (await make('read Archive')).key;
    keys.one = (await make(`send "One group" --group ${group.id}`)).key;
  });
  after(() => world.close());

  const make = async (how: string) => (await typeJson(`key create ${ann} ${how}`, env)) as Made;
  const by = (secret: string, path: string, params: Params = {}) =>
    world.call(path, params, { headers: { authorization: `Bearer ${secret}` } });
  const answered = async (secret: string, path: string, params: Params = {}) => {
    const { http, body } = await by(secret, path, params);
    return `${http} ${body.status === 'OK' ? 'OK' : body.error_type}`;
  };
  const UNAUTHORIZED = '401 UNAUTHORIZED';

  it('sends, schedules and reads for its owner in the groups that they own', async () => {
    for (const { number } of [group, second]) {
      expect(await answered(keys.send, '/message/send', { number, message: 'By the bot' })).to.equal('200 OK');
      const when = `${new Date().getUTCFullYear() + 1}-01-01 09:00:00`;
      expect(await answered(keys.send, '/message/schedule', { number, message: 'Later', when })).to.equal('200 OK');
      const { body } = await by(keys.read, '/message/get', { number });
      expect((body.messages as { txt: string }[]).map(({ txt }) => txt)).to.deep.equal(['Ann: By the bot']);
      expect(await answered(keys.send, '/message/schedule/list', { number })).to.equal('200 OK');
    }
  });

  it('that reads does not send, and no key says a command', async () => {
    const { number } = group;
    expect(await answered(keys.read, '/message/send', { number, message: 'Hi' })).to.equal(UNAUTHORIZED);
    expect(await answered(keys.read, '/message/schedule/delete', { number, message_id: 1 })).to.equal(UNAUTHORIZED);
    expect(await answered(keys.send, '/message/send', { number, message: ' *group Mine' })).to.equal(UNAUTHORIZED);
  });

  it('reaches no group of another owner, where its owner is a member, and none but its own', async () => {
    const refused = '200 MEMBER_LOOKUP_FAILED';
    expect(await answered(keys.send, '/message/send', { number: bobs.number, message: 'Hi' })).to.equal(refused);
    expect(await answered(keys.read, '/message/get', { number: bobs.number })).to.equal(refused);
    expect(await answered(keys.one, '/message/get', { number: second.number })).to.equal(refused);
    expect(await answered(keys.one, '/message/get', { number: group.number })).to.equal('200 OK');
  });

  it('opens no call that does not say so, and each that does names its group by `number`, or keeps to its groups', async () => {
    // Each has a test of its own for what it shows to a key.
    const keepsWithin = (url: string) => /^\/v1\/(events|hooks|media)/.test(url);
    const open = endpoints.filter(({ session }) => session !== 'none');
    for (const { url, keys: needed, parameters } of open) {
      if (needed === undefined) {
        const { number } = group;
        expect(await answered(keys.send, url, { number, group: number }), url).to.equal(UNAUTHORIZED);
      } else if (!keepsWithin(url))
        expect(parameters.number, url).to.include({ kind: 'phone' }).and.not.have.property('optional');
    }
  });

  it('is taken from the header alone, and is unknown in the place of a sid', async () => {
    const { http } = await world.call('/message/get', { sid: keys.read, number: group.number });
    expect(http).to.equal(401);
    for (const secret of ['key.', `${keys.read}x`, keys.read.slice(4)])
      expect(await answered(secret, '/message/get', { number: group.number }), secret).to.equal(UNAUTHORIZED);
  });

  it('is kept as a hash, and its last use to the hour', async () => {
    const { id, key } = await make('read Clerk');
    const used = async () =>
      (
        await row<{ usedAt: Date | null }>(world.runtime.db, 'SELECT used_at AS usedAt FROM api_keys WHERE id = ?', [
          id,
        ])
      )?.usedAt;
    expect(await used()).to.equal(null);
    await by(key, '/message/get', { number: group.number });
    const first = await used();
    expect(first).to.be.instanceOf(Date);
    await by(key, '/message/get', { number: group.number });
    expect(await used()).to.deep.equal(first);
    await run(world.runtime.db, 'UPDATE api_keys SET used_at = used_at - INTERVAL 2 HOUR WHERE id = ?', [id]);
    await by(key, '/message/get', { number: group.number });
    expect((await used())?.getTime()).to.be.at.least(first?.getTime() ?? Number.NaN);
    const { out } = await type(`key list ${ann} --json`, env);
    expect(out).to.include('"Clerk"').and.not.include(key);
  });

  it('ends when an operator revokes it', async () => {
    const { id, key } = await make('read Leak');
    expect(await answered(key, '/message/get', { number: group.number })).to.equal('200 OK');
    expect((await type(`key revoke ${id}`, env)).code).to.equal(0);
    expect(await answered(key, '/message/get', { number: group.number })).to.equal(UNAUTHORIZED);
    expect((await type(`key revoke ${id}`, env)).err).to.match(/no key/);
  });

  it('is refused to a phone without an account, for a group of another, with another access, and without a name', async () => {
    expect((await type('key create +12025550199 read Bot', env)).code).to.equal(1);
    expect((await type(`key create ${ann} read Bot --group ${bobs.id}`, env)).err).to.match(/does not own/);
    expect((await type(`key create ${ann} all Bot`, env)).code).to.equal(2);
    expect((await type(`key create ${ann} read " "`, env)).code).to.equal(2);
  });

  it('comes where a sid may come too; the field wins, and other schemes are not ours', async () => {
    const sid = await openSid(world, group.phones.Ann ?? '');
    const get = (authorization: string, more: Params = {}) =>
      world.call('/message/get', { number: group.number, ...more }, { headers: { authorization } });
    expect((await get(`Bearer ${sid}`)).http).to.equal(200);
    expect((await get('Bearer nothing', { sid })).http).to.equal(200);
    expect((await get(`Bearer ${sid}`, { sid: 'A'.repeat(43) })).http).to.equal(401);
    expect((await get(`Basic ${sid}`)).http).to.equal(401);
    expect((await get('Basic b3BzOng=', { sid })).http).to.equal(200);
  });
});
