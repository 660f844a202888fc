import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { clearPause, writePause } from '../../db/deliveries/pauses.ts';
import { explainedIn } from '../support/answered.ts';
import { type GatedWeb, openGatedWeb } from '../support/gated-web.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { until } from '../support/rows.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const password = 'Correct-Horse-9';
const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

describe('/ops', () => {
  let world: World;
  let group: TestGroup;
  let ann: string;
  let bob: string;
  let cid: string;
  before(async () => {
    world = await openWorld({ env: { OPS_PASSWORD: password } });
    group = await startGroup(world, ['Ann', 'Bob', 'Cid']);
    [ann = '', bob = '', cid = ''] = Object.values(group.phones);
  });
  after(() => world.close());

  const get = (path: string, authorization = basic('ops', password), url = world.url) =>
    fetch(`${url}${path}`, { headers: authorization === '' ? {} : { authorization } });

  const doors: [string, string, number][] = [
    ['nothing', '', 401],
    ['the right name and password', basic('ops', password), 200],
    ['another name', basic('root', password), 401],
    ['another password', basic('ops', 'correct-horse-9'), 401],
    ['a part of the password', basic('ops', password.slice(0, -1)), 401],
    ['no password', basic('ops', ''), 401],
    ['another scheme', `Bearer ${password}`, 401],
    ['nonsense', 'Basic ?', 401],
  ];
  for (const [what, authorization, http] of doors) {
    it(`answers ${http} to ${what}`, async () => {
      for (const path of ['/ops/metrics', '/ops/queues']) {
        const answer = await get(path, authorization);
        expect(answer.status, path).to.equal(http);
        if (http === 200) continue;
        expect(answer.headers.get('www-authenticate')).to.match(/^Basic realm=/);
        expect(await explainedIn(answer)).to.deep.equal({ status: 'ERROR', error_type: 'UNAUTHORIZED' });
      }
    });
  }

  it('answers 503 to an address that guessed 50 times, also with the right password, and others as ever', async () => {
    const config = { ...world.runtime.config, TRUST_PROXY: true };
    const api = await listen(createApp(runtimeWith(world.runtime, { config })), { port: 0, host: '127.0.0.1' });
    const ask = async (secret: string, address: string) => {
      const headers = { authorization: basic('ops', secret), 'x-forwarded-for': address };
      return (await fetch(`http://127.0.0.1:${api.port}/ops/metrics`, { headers })).status;
    };
    try {
      for (let guess = 0; guess < 50; guess++) expect(await ask(`guess ${guess}`, '192.0.2.7')).to.equal(401);
      expect(await ask(password, '192.0.2.7')).to.equal(503);
      expect(await ask(password, '192.0.2.8')).to.equal(200);
    } finally {
      await api.stop();
    }
  });

  it('answers GET alone, and 404 to an address that is none', async () => {
    const headers = { authorization: basic('ops', password) };
    for (const path of ['/ops/metrics', '/ops/trace'])
      expect((await fetch(`${world.url}${path}`, { method: 'POST', headers })).status).to.equal(405);
    for (const path of ['/ops/other', '/opsmetrics']) expect((await get(path)).status, path).to.equal(404);
  });

  describe('/ops/metrics', () => {
    const read = async (url = world.url) => {
      const answer = await get('/ops/metrics', basic('ops', password), url);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(/^text\/plain/);
      return answer.text();
    };
    const sampleOf = (text: string, name: string) => {
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    };

    it('counts messages, deliveries, jobs and answers', async () => {
      await world.text(bob, group.number, 'Count me');
      await world.quiet();
      const text = await until('the message and both deliveries are counted', async () => {
        const seen = await read();
        const messages = sampleOf(seen, 'texting_system_messages_accepted_total') ?? 0;
        const deliveries = sampleOf(seen, 'texting_system_deliveries_total{state="delivered"}') ?? 0;
        return messages >= 1 && deliveries >= 2 && seen;
      });
      expect(sampleOf(text, 'texting_system_messages_accepted_total')).to.equal(1);
      expect(sampleOf(text, 'texting_system_messages_pending{stage="accepted"}')).to.equal(0);
      expect(sampleOf(text, 'texting_system_messages_pending_oldest_seconds{stage="accepted"}')).to.equal(0);
      for (const state of ['waiting', 'active', 'delayed'])
        expect(sampleOf(text, `texting_system_queue_jobs{queue="fanout",state="${state}"}`), state).to.be.a('number');
      expect(text).to.match(/texting_http_request_duration_seconds_count\{route="\/plivo\/message",status="200"\} \d/);
      expect(text).to.contain('texting_process_resident_memory_bytes');
      expect([sampleOf(text, 'texting_mysql_up'), sampleOf(text, 'texting_redis_up')]).to.deep.equal([1, 1]);
    });

    it('says whether the carrier refuses everything', async () => {
      expect(sampleOf(await read(), 'carrier_paused')).to.equal(0);
      const now = new Date();
      await writePause(world.runtime.db, {
        carrier: 'plivo',
        errorCode: 900,
        now,
        until: new Date(now.getTime() + 60_000),
      });
      expect(sampleOf(await read(), 'carrier_paused')).to.equal(1);
      expect(sampleOf(await read(), 'texting_system_carrier_paused{carrier="plivo",error_code="900"}')).to.equal(1);
      await clearPause(world.runtime.db, 'plivo');
      expect(sampleOf(await read(), 'carrier_paused')).to.equal(0);
    });

    describe('while a server is unavailable', () => {
      let web: GatedWeb;
      before(async () => {
        web = await openGatedWeb(world);
      });
      after(() => web.close());

      for (const [server, up, other] of [
        ['redis', 'texting_redis_up', 'texting_mysql_up'],
        ['mysql', 'texting_mysql_up', 'texting_redis_up'],
      ] as const) {
        for (const fault of ['cut', 'freeze'] as const) {
          it(`still answers (${server}, ${fault})`, async () => {
            web.gates[server][fault]();
            const text = await read(web.url);
            expect([sampleOf(text, up), sampleOf(text, other)]).to.deep.equal([0, 1]);
            expect(sampleOf(text, 'carrier_paused')).to.equal(server === 'mysql' ? undefined : 0);
            web.gates[server].open();
            await until('it is back', async () => sampleOf(await read(web.url), up) === 1);
          });
        }
      }
    });
  });

  describe('/ops/trace', () => {
    const trace = async (params: Record<string, string>) => {
      const answer = await get(`/ops/trace?${new URLSearchParams(params)}`);
      return { http: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    type Traced = Record<string, unknown> & { phone: string };

    it('shows a message with its media and what became of each delivery', async () => {
      await world.call('/member/set', { sid: await openSid(world, cid), group: group.number, sms: 0 });
      await world.text(ann, group.number, 'Look', ['https://media.example/1.jpg']);
      await world.quiet();
      const at = { phone: ann, number: group.number, message_id: '2' };
      const { http, body } = await trace(at);
      expect([http, body.status]).to.deep.equal([200, 'OK']);
      expect(body.message).to.deep.include({
        ...{ id: 2, txt: 'Ann: Look', media: ['https://media.example/1.jpg'], from: ann, to: null, waiting: false },
      });
      const deliveries = new Map((body.deliveries as Traced[]).map((one) => [one.phone, one]));
      expect([...deliveries.keys()]).to.have.members([bob, cid]);
      expect(deliveries.get(bob)).to.include({ state: 'delivered', attempts: 1, error_code: null, reason: null });
      expect(deliveries.get(cid)).to.include({ state: 'skipped', attempts: 0, reason: 'sms' });
      for (const time of ['created_at', 'sent_at', 'ended_at'])
        expect(Math.abs(Date.parse(String(deliveries.get(bob)?.[time])) - Date.now()), time).to.be.lessThan(60_000);
      expect((await trace({ ...at, phone: cid.slice(2) })).body).to.deep.equal(body);
    });

    it('shows the code and the reason of one that failed', async () => {
      world.simulator.fault({ kind: 'undelivered', phone: bob, code: '30' });
      await world.text(ann, group.number, 'Lost');
      await world.quiet();
      const { body } = await trace({ phone: ann, number: group.number, message_id: '3' });
      const failed = (body.deliveries as Traced[]).find(({ phone }) => phone === bob);
      expect(failed?.state).to.be.oneOf(['failed', 'undelivered']);
      expect(failed?.error_code).to.be.a('number');
      expect(failed?.reason).to.be.a('string');
      world.simulator.clearFaults();
    });

    it('knows the messages of a group that is gone', async () => {
      await world.call('/group/delete', { sid: await openSid(world, ann), number: group.number });
      const { http } = await trace({ phone: bob, number: group.number, message_id: '1' });
      expect(http).to.equal(200);
    });

    const rows: [string, Record<string, string>, number, string, string?][] = [
      ['a message that is none', { message_id: '999' }, 404, 'NOT_FOUND'],
      ['a phone that nobody knows', { phone: '+14445559999' }, 404, 'NOT_FOUND'],
      ['a number that is not ours', { number: '+14445559999' }, 404, 'NOT_FOUND'],
      ['no phone', { phone: '' }, 400, 'BAD_REQUEST', 'phone'],
      ['a number that is none', { number: '12' }, 400, 'BAD_REQUEST', 'number'],
      ['an id that is none', { message_id: 'x' }, 400, 'BAD_REQUEST', 'message_id'],
    ];
    for (const [what, params, http, error, subtype] of rows) {
      it(`answers ${error} to ${what}`, async () => {
        const answer = await trace({ phone: ann, number: group.number, message_id: '1', ...params });
        const more = subtype === undefined ? {} : { error_subtype: subtype };
        expect(answer.http).to.equal(http);
        expect(answer.body).to.include({ status: 'ERROR', error_type: error, ...more });
      });
    }
  });

  describe('/ops/queues', () => {
    it('is JSON for a program: every queue, what waits, and what failed last with its cause', async () => {
      world.simulator.fault({ kind: 'undelivered', phone: bob, code: '30', times: 1 });
      await world.text(ann, group.number, 'Somebody will not get this');
      await world.quiet();
      world.simulator.clearFaults();
      const answer = await get('/ops/queues');
      const body = (await answer.json()) as {
        queues: { queue: string; state: string; jobs: number }[];
        waiting: { stage: string; messages: number }[];
        failures: { errorCode: number; state: string; number: string }[];
      };
      expect([...new Set(body.queues.map(({ queue }) => queue))]).to.have.members(['fanout', 'hooks', 'push', 'sms-0']);
      expect(body.waiting).to.deep.equal([
        { stage: 'accepted', messages: 0, oldest: null },
        { stage: 'slots', messages: 0, oldest: null },
      ]);
      expect(body.failures[0]).to.include({ errorCode: 30, number: group.number });
      expect(JSON.stringify(body)).to.not.contain(bob).and.not.contain('Somebody');
    });

    it('is a page for a browser, in which nothing can be changed', async () => {
      const headers = { authorization: basic('ops', password), accept: 'text/html,*/*;q=0.8' };
      const page = await fetch(`${world.url}/ops/queues`, { headers });
      expect(page.headers.get('content-security-policy')).to.match(/script-src 'self';/);
      const html = await page.text();
      expect(html).to.contain('fanout').and.to.contain('Messages to fan out');
      expect(html).to.not.contain('<form');
      expect((await fetch(`${world.url}/ops/queues`, { method: 'POST', headers })).status).to.equal(405);
    });
  });

  it('is not there without a password in the settings', async () => {
    const { runtime } = world;
    const app = createApp(runtimeWith(runtime, { config: { ...runtime.config, OPS_PASSWORD: '' } }));
    const api = await listen(app, { port: 0, host: '127.0.0.1' });
    for (const path of ['/ops', '/ops/metrics', '/ops/queues', '/ops/trace']) {
      const answer = await get(path, basic('ops', ''), `http://127.0.0.1:${api.port}`);
      expect(answer.status, path).to.equal(404);
      expect(await explainedIn(answer)).to.deep.equal({ status: 'ERROR', error_type: 'UNKNOWN_URL' });
    }
    await api.stop();
  });
});
