import { expect } from 'chai';
import { Redis } from 'ioredis';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { row, rows, run } from '../../db/connect.ts';
import { dropUnconfirmed } from '../../engine/people/devices.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

let phones = 0;
const newPhone = () => `+1444666${String(++phones).padStart(4, '0')}`;
let tokens = 0;
const newToken = () => `token-${++tokens}`;

describe('devices', () => {
  let world: World;
  let sid: string;
  before(async () => {
    world = await openWorld({ workers: false, env: { TRUST_PROXY: '1', THROTTLE_PER_MINUTE: '60' } });
    sid = await openSid(world, newPhone());
  });
  after(() => world.close());

  let addresses = 0;
  /** Each call from an address of its own, because they are counted. */
  const register = async (params: Params, address = `192.0.2.${++addresses}`) => {
    const how = { headers: { 'x-forwarded-for': address } };
    return (await world.call('/device/register', { type: 'iphone', ...params }, how)).body;
  };
  const ok = { status: 'OK' };
  const devicesOf = async (phone: string) =>
    (
      await rows<{ token: string; type: string; live: number | null }>(
        world.runtime.db,
        'SELECT token, type, live FROM devices WHERE phone = ? ORDER BY id',
        [phone],
      )
    ).map(({ token, type, live }) => `${type} ${token} ${live === 1 ? 'live' : 'waits'}`);
  const textsTo = async (phone: string) =>
    (
      await rows<{ text: string; number: string }>(
        world.runtime.db,
        'SELECT m.text, n.phone AS number FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id WHERE p.phone = ? ORDER BY m.id',
        [phone],
      )
    ).map(({ text, number }) => `${number === world.serviceNumber ? 'service' : 'group'}: ${text}`);
  const reply = async (phone: string, text: string) =>
    expect(await world.text(phone, world.serviceNumber, text)).to.equal(200);

  it('are live at once with a session of their phone, and no text is sent', async () => {
    const phone = newPhone();
    const own = await openSid(world, phone);
    const [iphone, quiet, android] = [newToken(), newToken(), newToken()];
    for (const [type, token, as] of [
      ['iphone', iphone, 'query'],
      ['iphone_no_notify', quiet, 'form'],
      ['android', android, 'json'],
    ] as const) {
      const { body } = await world.call('/device/register', { sid: own, number: phone.slice(2), type, token }, { as });
      expect(body).to.deep.equal(ok);
    }
    expect(await devicesOf(phone)).to.deep.equal([
      `iphone ${iphone} live`,
      `iphone_no_notify ${quiet} live`,
      `android ${android} live`,
    ]);
    expect(await textsTo(phone)).to.deep.equal([]);
    await register({ sid: own, number: phone, type: 'iphone_no_notify', token: iphone });
    expect(await devicesOf(phone))
      .to.include(`iphone_no_notify ${iphone} live`)
      .and.have.length(3);
  });

  it('stay silent without a session until YES comes back from the phone', async () => {
    const phone = newPhone();
    const token = newToken();
    expect(await register({ number: phone, token, type: 'android' })).to.deep.equal(ok);
    expect(await devicesOf(phone)).to.deep.equal([`android ${token} waits`]);
    const [asked] = await textsTo(phone);
    expect(asked).to.match(/^service: .*Android.*YES within 30 minutes/);
    await reply(phone, 'maybe');
    expect(await devicesOf(phone)).to.deep.equal([`android ${token} waits`]);
    await reply(phone, ' Yes! ');
    expect(await devicesOf(phone)).to.deep.equal([`android ${token} live`]);
    expect((await textsTo(phone)).at(-1)).to.match(/Your group texts now go to the app/);
    expect(await register({ number: phone, token, type: 'iphone_no_notify' })).to.deep.equal(ok);
    expect(await devicesOf(phone)).to.deep.equal([`iphone_no_notify ${token} live`]);
    expect(await textsTo(phone)).to.have.length(3);
  });

  it('are confirmed by their code where several wait, and by a plain YES none of them', async () => {
    const phone = newPhone();
    const [mine, theirs] = [newToken(), newToken()];
    await register({ number: phone, token: mine });
    await register({ number: phone, token: theirs });
    const waiting = [`iphone ${mine} waits`, `iphone ${theirs} waits`];
    await reply(phone, 'YES');
    expect(await devicesOf(phone)).to.deep.equal(waiting);
    const codes = (await textsTo(phone)).slice(0, 2).map((text) => /YES (\d{4})/.exec(text)?.[1] ?? '');
    expect((await textsTo(phone)).at(-1)).to.include(`YES ${codes[0]} for the app on an iPhone`);
    await reply(phone, `YES ${codes[0] === '9999' || codes[1] === '9999' ? '9998' : '9999'}`);
    expect(await devicesOf(phone)).to.deep.equal(waiting);
    await reply(phone, `Yes, ${codes[0]}.`);
    expect(await devicesOf(phone)).to.have.members([`iphone ${mine} live`, waiting[1]]);
    await reply(phone, 'No');
    expect(await devicesOf(phone)).to.deep.equal([`iphone ${mine} live`]);
    expect((await textsTo(phone)).at(-1)).to.match(/gets none of your group texts/);
  });

  it('are asked about once, not at every start of the app', async () => {
    const phone = newPhone();
    const token = newToken();
    for (let times = 0; times < 5; times++) expect(await register({ number: phone, token })).to.deep.equal(ok);
    expect(await textsTo(phone)).to.have.length(1);
  });

  it('are asked about once, however many register the same one at once', async () => {
    const phone = newPhone();
    const device = { number: phone, token: newToken() };
    const answers = await Promise.all(Array.from({ length: 12 }, () => register(device)));
    // Each counts as a text until it is known that it is none.
    for (const answer of answers) expect(answer.error_type ?? answer.status).to.be.oneOf(['OK', 'THROTTLE']);
    expect(answers).to.deep.include(ok);
    expect(await devicesOf(phone)).to.deep.equal([`iphone ${device.token} waits`]);
    expect(await textsTo(phone)).to.have.length(1);
    expect(await register(device)).to.deep.equal(ok);
  });

  it('are forgotten when no YES comes in 30 minutes', async () => {
    const phone = newPhone();
    const token = newToken();
    await register({ number: phone, token });
    await run(world.runtime.db, 'UPDATE devices SET confirm_until = NOW(3) WHERE phone = ?', [phone]);
    await reply(phone, 'YES');
    expect(await devicesOf(phone)).to.deep.equal([`iphone ${token} waits`]);
    expect(await dropUnconfirmed(world.runtime)).to.be.greaterThan(0);
    expect(await devicesOf(phone)).to.deep.equal([]);
  });

  it('take nothing from a live one while they wait, and move with the newest owner when they are live', async () => {
    const [ann, bob] = [newPhone(), newPhone()];
    const token = newToken();
    await register({ sid: await openSid(world, ann), number: ann, token });
    await register({ number: bob, token });
    expect(await devicesOf(ann)).to.deep.equal([`iphone ${token} live`]);
    expect(await devicesOf(bob)).to.deep.equal([`iphone ${token} waits`]);
    await reply(bob, 'YES');
    expect(await devicesOf(ann)).to.deep.equal([]);
    expect(await devicesOf(bob)).to.deep.equal([`iphone ${token} live`]);
    await register({ sid: await openSid(world, ann), number: ann, token });
    expect(await devicesOf(ann)).to.deep.equal([`iphone ${token} live`]);
    expect(await devicesOf(bob)).to.deep.equal([]);
  });

  it('are one phone’s in the end, however many register the same token at once', async () => {
    const owners = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const phone = newPhone();
        return { phone, sid: await openSid(world, phone) };
      }),
    );
    const token = newToken();
    const answers = await Promise.all(
      owners.map(({ phone, sid: own }) => register({ sid: own, number: phone, token })),
    );
    expect(answers).to.deep.equal(owners.map(() => ok));
    const live = await row<{ found: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS found FROM devices WHERE token = ?',
      [token],
    );
    expect(live?.found).to.equal(1);
  });

  it('are asked about like any other with a session of another phone', async () => {
    const phone = newPhone();
    await register({ sid, number: phone, token: newToken() });
    expect(await textsTo(phone)).to.have.length(1);
  });

  it('are not asked about where the phone wants no texts', async () => {
    const phone = newPhone();
    await openSid(world, phone);
    await run(world.runtime.db, 'UPDATE people SET blocked_at = NOW(3) WHERE phone = ?', [phone]);
    expect(await register({ number: phone, token: newToken() })).to.deep.equal(ok);
    expect(await textsTo(phone)).to.deep.equal([]);
    expect(await devicesOf(phone)).to.deep.equal([]);
  });

  const good = () => ({ number: '+14446669999', type: 'iphone', token: 'abc' });
  itRefuses('/device/register', () => world, [
    ['nothing is sent', () => ({}), 'MISSING_FIELDS', ['number', 'type', 'token']],
    ['the sid is none', () => ({ ...good(), sid: 'x'.repeat(43) }), 'UNAUTHORIZED', undefined, 401],
    ['the number is none', () => ({ ...good(), number: '12' }), 'INVALID_NUMBER', '12'],
    ['the number comes before the type', () => ({ ...good(), number: '12', type: 'x' }), 'INVALID_NUMBER', '12'],
    ['the number is ours', () => ({ ...good(), number: world.pool[0] }), 'INVALID_NUMBER', '+12015551001'],
    ['the type is none', () => ({ ...good(), type: 'nokia' }), 'INVALID_TYPE'],
    ['the type is another word', () => ({ ...good(), type: 'constructor' }), 'INVALID_TYPE'],
    ['the type comes before the token', () => ({ ...good(), type: 'IPHONE', token: 'a b' }), 'INVALID_TYPE'],
    ['the token has 513 characters', () => ({ ...good(), token: 'x'.repeat(513) }), 'BAD_REQUEST', 'token', 400],
    ['the token has an accent', () => ({ ...good(), token: 'é' }), 'BAD_REQUEST', 'token', 400],
  ]);
  itRefuses('/device/release', () => world, [
    ['there is no sid', () => ({ type: 'iphone' }), 'UNAUTHORIZED', undefined, 401],
    ['there is no type', () => ({ sid }), 'MISSING_FIELDS', ['type']],
    ['the type is none', () => ({ sid, type: 'nokia' }), 'INVALID_TYPE'],
  ]);

  it('throttle an address, and the texts to a phone', async () => {
    const phone = newPhone();
    for (let times = 0; times < 3; times++)
      expect(await register({ number: phone, token: newToken() })).to.deep.equal(ok);
    const refusal = { status: 'ERROR', error_type: 'THROTTLE' };
    expect(await register({ number: phone, token: newToken() })).to.deep.equal(refusal);
    expect(await textsTo(phone)).to.have.length(3);
    const same = { ...good(), type: 'x' };
    for (let times = 0; times < 60; times++)
      expect((await register(same, '198.51.100.1')).error_type).to.equal('INVALID_TYPE');
    expect(await register(same, '198.51.100.1')).to.deep.equal(refusal);
    expect((await register({ ...same, number: '12' }, '198.51.100.1')).error_type).to.equal('INVALID_NUMBER');
  });

  it('are not registered while Redis, which counts, is unavailable', async () => {
    const redis = new Redis({ port: 1, enableOfflineQueue: false, maxRetriesPerRequest: 0, lazyConnect: true });
    redis.on('error', () => undefined);
    const api = await listen(createApp(runtimeWith(world.runtime, { redis })), { port: 0, host: '127.0.0.1' });
    const body = new URLSearchParams({ number: newPhone(), type: 'iphone', token: newToken() });
    const answer = await fetch(`http://127.0.0.1:${api.port}/device/register`, { method: 'POST', body });
    expect(answer.status).to.equal(503);
    expect(await answer.json()).to.include({ error_type: 'UNAVAILABLE', error_subtype: 'redis' });
    await api.stop();
    redis.disconnect();
  });

  it('are released by type, those of the session’s phone alone; releasing nothing is fine', async () => {
    const phone = newPhone();
    const own = await openSid(world, phone);
    for (const type of ['iphone', 'iphone', 'android'])
      await register({ sid: own, number: phone, type, token: newToken() });
    const other = newPhone();
    await register({ sid: await openSid(world, other), number: other, token: newToken() });
    for (const as of ['query', 'form', 'json'] as const)
      expect((await world.call('/device/release', { sid: own, type: 'iphone' }, { as })).body).to.deep.equal(ok);
    expect((await devicesOf(phone)).map((device) => device.split(' ')[0])).to.deep.equal(['android']);
    expect(await devicesOf(other)).to.have.length(1);
  });
});
