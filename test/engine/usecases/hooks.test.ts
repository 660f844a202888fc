import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import { leaseHook } from '../../../db/hooks/hooks.ts';
import { openSenderLock } from '../../../engine/delivery/sender-lock.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import { openRuntime } from '../../../engine/platform/runtime.ts';
import { openWaits } from '../../../engine/usecases/hooks/sweep.ts';
import { openGate } from '../../support/gate.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { type, typeJson } from '../../support/operator.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

type Got = {
  path: string;
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  data: { type: string; message?: { txt: string } };
};

describe('a webhook of an app', () => {
  let world: World;
  let group: TestGroup;
  let sid: string;
  const got: Got[] = [];
  /** What each path answers next; 204 where nothing is said. */
  const answers = new Map<string, number[]>();
  /** What is answered 500 wherever it comes. */
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (some) => (body += some));
    request.on('end', () => {
      const path = request.url ?? '';
      const { data } = JSON.parse(body) as Got;
      got.push({ path, id: String(request.headers['webhook-id']), headers: request.headers, body, data });
      const status = refused.has(data.message?.txt ?? '') ? 500 : (answers.get(path)?.shift() ?? 204);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    world = await openWorld({ env: { HOOKS_TO_PRIVATE: '1' } });
    group = await startGroup(world, ['Ann', 'Bob']);
    sid = await openSid(world, group.phones.Ann ?? '');
  });
  after(async () => {
    await world?.close();
    server.close();
  });

  const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const call = async (path: string, params: Record<string, unknown> = {}) =>
    (await world.call(path, { sid, ...params })).body as Record<string, unknown>;
  const make = async (path: string, params: Record<string, unknown> = {}) =>
    (await call('/v1/hooks/create', { url: urlOf(path), ...params })) as { id: number; secret: string };
  const say = (name: string, text: string, to = group) => world.text(group.phones[name] ?? '', to.number, text);
  const at = (path: string) => got.filter((one) => one.path === path);
  async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${what} did not come about`);
  }
  const arrived = (path: string, count: number) =>
    until(`${count} at ${path}`, () => (at(path).length >= count ? at(path) : undefined));
  const log = async (id: number, more = {}) =>
    (await call('/v1/hooks/log', { hook_id: id, ...more })).events as {
      id: number;
      state: string;
      tries: number;
      http?: number;
    }[];

  it('gets the events of a group in order, signed, and again where it did not take one', async () => {
    const { secret } = await make('/order', { events: 'message.accepted', number: group.number });
    answers.set('/order', [500]);
    for (const text of ['One', 'Two', 'Three']) await say('Bob', text);
    const all = await arrived('/order', 4);
    expect(all.map(({ data }) => data.message?.txt)).to.deep.equal(['Bob: One', 'Bob: One', 'Bob: Two', 'Bob: Three']);
    expect(all[0]?.id).to.equal(all[1]?.id);
    expect(new Set(all.map(({ id }) => id)).size).to.equal(3);
    const [{ id, headers, body }] = all as [Got];
    const key = Buffer.from(secret.slice(6), 'base64');
    const signed = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`).digest('base64');
    expect(headers['webhook-signature']).to.equal(`v1,${signed}`);
    expect(JSON.parse(body)).to.include.keys('type', 'timestamp', 'data');
  });

  it('follows no redirect, keeps a log, and is turned off by 410', async () => {
    const { id } = await make('/log');
    answers.set('/log', [302, 204, 410]);
    await call('/v1/hooks/test', { hook_id: id });
    await arrived('/log', 2);
    expect(at('/elsewhere')).to.deep.equal([]);
    await until('the log', async () => ((await log(id))[0]?.state === 'sent' ? true : undefined));
    expect((await log(id))[0]).to.include({ state: 'sent', tries: 2, http: 204 });
    await call('/v1/hooks/test', { hook_id: id });
    const state = async () =>
      ((await call('/v1/hooks/list')).hooks as { id: number; state: string }[]).find((hook) => hook.id === id)?.state;
    await until('off', async () => ((await state()) === 'off' ? true : undefined));
    const kept = await row<{ body: string }>(
      world.runtime.db,
      "SELECT body FROM hook_events WHERE hook_id = ? AND state = 'sent'",
      [id],
    );
    expect(kept?.body).to.equal('');
  });

  it('signs with two secrets for a day after one was changed', async () => {
    const { id, secret } = await make('/rotate', { events: 'group.gone' });
    const second = String((await call('/v1/hooks/rotate', { hook_id: id })).secret);
    await call('/v1/hooks/test', { hook_id: id });
    const [one] = (await arrived('/rotate', 1)) as [Got];
    const signature = (of: string) =>
      `v1,${createHmac('sha256', Buffer.from(of.slice(6), 'base64'))
        .update(`${one.id}.${one.headers['webhook-timestamp']}.${one.body}`)
        .digest('base64')}`;
    expect(one.headers['webhook-signature']).to.equal(`${signature(second)} ${signature(secret)}`);
  });

  it('gives an event up after three days, goes on with the next, and tries again what is asked for', async () => {
    const { id } = await make('/dead', { events: 'message.accepted' });
    refused.add('Bob: Lost');
    await say('Bob', 'Lost');
    await until('its first try is known', async () => ((await log(id))[0]?.tries ? true : undefined));
    await say('Bob', 'Found');
    const before = at('/dead').length;
    await run(
      world.runtime.db,
      "UPDATE hook_events SET created_at = created_at - INTERVAL 4 DAY WHERE hook_id = ? AND state = 'waiting' AND tries > 0",
      [id],
    );
    const said = () => at('/dead').map(({ data }) => data.message?.txt);
    await until('the next one', () => (said().includes('Bob: Found') ? true : undefined));
    expect(said().slice(before)).to.include('Bob: Lost');
    expect(said().filter((text) => text === 'Bob: Found')).to.have.length(1);
    expect(said().at(-1)).to.equal('Bob: Found');
    refused.clear();
    const [dead] = await until('dead', async () => {
      const found = await log(id, { state: 'dead' });
      return found.length === 1 ? found : undefined;
    });
    expect(await call('/v1/hooks/retry', { hook_id: id, event_id: dead?.id })).to.include({ count: 1 });
    await until('it comes again', () => (said().at(-1) === 'Bob: Lost' ? true : undefined));
  });

  it('is of who made it: others find none, and one of a key ends with the key', async () => {
    const { id } = await make('/mine');
    const bobs = await openSid(world, group.phones.Bob ?? '');
    for (const path of ['delete', 'rotate', 'test', 'log', 'retry']) {
      const { body } = await world.call(`/v1/hooks/${path}`, { sid: bobs, hook_id: id });
      expect(body.error_type, path).to.equal('NOT_FOUND');
    }
    expect(
      (await world.call('/v1/hooks/create', { sid: bobs, url: urlOf('/x'), number: group.number })).body.error_type,
    ).to.equal('NOT_OWNER');
    const env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
    const { key, id: keyId } = (await typeJson(`key create ${group.phones.Ann} read Bot`, env)) as {
      key: string;
      id: number;
    };
    const byKey = (path: string, params: Record<string, unknown>) =>
      world.call(path, params, { headers: { authorization: `Bearer ${key}` } });
    const { body } = await byKey('/v1/hooks/create', { url: urlOf('/key'), events: 'message.accepted' });
    expect((await byKey('/v1/hooks/log', { hook_id: id })).body.error_type).to.equal('NOT_FOUND');
    expect(((await byKey('/v1/hooks/list', {})).body.hooks as { id: number }[]).map((one) => one.id)).to.deep.equal([
      body.id,
    ]);
    await say('Bob', 'For the key');
    await arrived('/key', 1);
    await type(`key revoke ${keyId}`, env);
    await say('Bob', 'Not for the key');
    await until('told to the others', () =>
      at('/mine').find(({ data }) => data.message?.txt === 'Bob: Not for the key'),
    );
    expect(at('/key')).to.have.length(1);
  });

  it('goes on as soon as the connection of the worker that had it is gone, and no sooner', async () => {
    const { config, db } = world.runtime;
    const { id } = await make('/gone', { events: 'message.accepted' });
    const gate = await openGate(config.MYSQL_URL);
    const worker = await openRuntime({ ...config, MYSQL_URL: gate.url }, { process: 'fanout' });
    const { name, nextClaim } = worker.use(openSenderLock);
    await until('the worker is known', () => row(db, 'SELECT name FROM senders WHERE name = ?', [name]));
    const lease = nextClaim();
    await until('it has the hook', () => leaseHook(db, { id, lease, seconds: 3_600 }));
    await say('Bob', 'Whose is this?');
    const isReaped = () => row(db, 'SELECT id FROM hooks WHERE id = ? AND lease <> ?', [id, lease]);
    await sweep(world.runtime);
    expect(await isReaped()).to.equal(undefined);
    gate.cut();
    expect((await arrived('/gone', 1))[0]?.data.message?.txt).to.equal('Bob: Whose is this?');
    await worker.close();
    await gate.close();
  });

  it('goes on where a worker was killed with its job, before it had the hook', async () => {
    const { id } = await make('/killed', { events: 'message.accepted' });
    const { db, redis } = world.runtime;
    const { lease } = await until('it has been looked at', () =>
      row<{ lease: string }>(db, "SELECT lease FROM hooks WHERE id = ? AND lease <> '' AND leased_until IS NULL", [id]),
    );
    // Bull adds no job of a name that it knows.
    const [counter = ''] = await redis.keys('*:hooks:id');
    await redis.hset(counter.replace(/id$/, `h${id}-${lease}`), 'name', 'hook');
    await say('Bob', 'Is anybody there?');
    expect((await arrived('/killed', 1))[0]?.data.message?.txt).to.equal('Bob: Is anybody there?');
  });

  it('queues one at which nobody works ever more seldom', () => {
    const jobs = openWaits();
    const again = (lease: string, ms: number) => jobs([{ id: 7, lease }], ms).map((job) => job.again);
    const seconds = [0, 0.9, 1, 1.9, 2, 3.9, 4, 60, 3_600];
    expect(seconds.flatMap((second) => again('a', second * 1_000))).to.deep.equal([0, 0, 1, 1, 2, 2, 3, 6, 12]);
    expect(again('b', 3_600_250)).to.deep.equal([0]);
    jobs([], 3_600_500);
    expect(again('b', 3_700_000)).to.deep.equal([0]);
  });

  it('is refused to a bad address or type, and beyond twenty', async () => {
    for (const params of [{ url: 'ftp://example.com/' }, { url: urlOf('/x'), events: 'message.accepted,nothing' }]) {
      const { status, error_type: token, error_subtype: field } = await call('/v1/hooks/create', params);
      expect([status, token, field]).to.deep.equal(['ERROR', 'BAD_REQUEST', 'events' in params ? 'events' : 'url']);
    }
    const carl = await openSid(world, '+14445559911');
    for (let made = 0; made < 20; made++)
      expect((await world.call('/v1/hooks/create', { sid: carl, url: urlOf('/many') })).body.status).to.equal('OK');
    const { body } = await world.call('/v1/hooks/create', { sid: carl, url: urlOf('/many') });
    expect(body.error_subtype).to.equal('hooks');
  });

  it('is listed, read, tried again and deleted by operators', async () => {
    const env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
    const { id } = await make('/operated');
    const { hooks } = (await typeJson(`hook list ${group.phones.Ann}`, env)) as {
      hooks: { id: number; url: string }[];
    };
    expect(hooks.find((hook) => hook.id === id)?.url).to.equal(urlOf('/operated'));
    expect((await type(`hook log ${id}`, env)).code).to.equal(0);
    expect((await type(`hook retry ${id}`, env)).out).to.match(/^0 events/);
    expect((await type(`hook delete ${id}`, env)).code).to.equal(0);
    expect((await type(`hook log ${id}`, env)).code).to.equal(1);
    expect((await call('/v1/hooks/delete', { hook_id: id })).error_type).to.equal('NOT_FOUND');
  });
});
