import { Type } from '@sinclair/typebox';
import { expect } from 'chai';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { endpoint } from '../../api/endpoint.ts';
import { endpoints } from '../../api/endpoints/index.ts';
import { type Listening, listen } from '../../api/listen.ts';
import { rows } from '../../db/connect.ts';
import { explained } from '../support/answered.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '+14445550001';

/** Calls that go wrong in ways that no declared one does. */
const broken = [
  endpoint({
    url: '/broken/code',
    name: 'breakcode',
    summary: 'Throws what nobody expected',
    session: 'none',
    parameters: { message: { kind: 'message', says: 'A secret' } },
    answer: Type.Object({}),
    errors: {},
    handle: async () => {
      throw new TypeError('a mistake of ours');
    },
  }),
  endpoint({
    url: '/broken/sql',
    name: 'breaksql',
    summary: 'Asks MySQL something wrong',
    session: 'none',
    parameters: { message: { kind: 'message', says: 'A secret' } },
    answer: Type.Object({}),
    errors: {},
    handle: async ({ runtime, params }) => {
      await rows(runtime.db, 'SELECT nothing FROM nowhere WHERE secret = ?', [params.message]);
      return {};
    },
  }),
];

describe('the log of the API', () => {
  let world: World;
  let api: Listening;
  let log = '';
  before(async () => {
    world = await openWorld();
    const sink = {
      write(line: string) {
        log += line;
      },
    };
    const runtime = runtimeWith(world.runtime, { log: pino({ level: 'trace' }, sink) });
    api = await listen(createApp(runtime, [...endpoints, ...broken]), { port: 0, host: '127.0.0.1' });
  });
  after(async () => {
    await api.stop();
    await world.close();
  });

  const ask = async (path: string, params: Record<string, string>) => {
    const answer = await fetch(`http://127.0.0.1:${api.port}${path}?${new URLSearchParams(params)}`);
    return { http: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const linesOf = (id: string | null) => log.split('\n').filter((line) => id !== null && line.includes(id));

  const failures: [string, RegExp][] = [
    ['/broken/code', /a mistake of ours.*api\/mount\.ts/],
    ['/broken/sql', /ER_NO_SUCH_TABLE.*1146/],
  ];
  for (const [path, cause] of failures) {
    it(`has the cause of a failure that its client does not see: ${path}`, async () => {
      const { http, headers, text } = await ask(path, { message: 'swordfish' });
      const id = headers.get('x-request-id');
      expect(http).to.equal(500);
      expect(explained(JSON.parse(text))).to.deep.equal({ status: 'ERROR', error_type: 'INTERNAL', request_id: id });
      expect(linesOf(id).join()).to.match(cause);
      expect(log).not.to.contain('swordfish');
    });
  }

  it('says once that a proxy came by while TRUST_PROXY is 0, and nothing where it is 1', async () => {
    const heard = async (trustProxy: boolean) => {
      let lines = '';
      const sink = { write: (line: string) => (lines += line) };
      const config = { ...world.runtime.config, TRUST_PROXY: trustProxy };
      const runtime = runtimeWith(world.runtime, { config, log: pino({ level: 'error' }, sink) });
      const server = await listen(createApp(runtime), { port: 0, host: '127.0.0.1' });
      for (const headers of [{}, { 'x-forwarded-for': '192.0.2.1' }, { 'x-forwarded-for': '192.0.2.2' }])
        await fetch(`http://127.0.0.1:${server.port}/healthz`, { headers });
      await server.stop();
      return lines.split('\n').filter(Boolean);
    };
    expect(await heard(true)).to.deep.equal([]);
    const lines = await heard(false);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('set TRUST_PROXY=1').and.not.to.contain('192.0.2');
  });

  it('names route, status and outcome of every call, and never what was in it', async () => {
    const { body } = await world.call('/group/create', {
      ...{ group: 'Hikers', name: 'Ann', number: ann, name_0: 'Bob', number_0: '+14445550002' },
    });
    const number = String(body.number);
    await world.text(ann, number, 'YES');
    await world.quiet();
    await ask('/member/find', { number: ann });
    await world.quiet();
    const pin = /PIN is (\d{6})/.exec(world.simulator.textsTo(ann).at(-1)?.text ?? '')?.[1] ?? '';
    await ask('/member/login', { number: ann, pin: 'hunter2hunter2' });
    const { sid } = JSON.parse((await ask('/member/login', { number: ann, pin })).text) as { sid: string };
    const sent = await ask('/message/send', { sid, number, message: 'Meet me at midnight' });
    await ask(`/nope/${sid}`, { sid });
    const [line] = linesOf(sent.headers.get('x-request-id')).slice(-1);
    expect(JSON.parse(line ?? '{}')).to.include({ method: 'GET', route: '/message/send', status: 200, answered: 'OK' });
    for (const secret of [sid, pin, 'hunter2', 'midnight', '4445550001', 'Ann'])
      expect(log, secret).not.to.contain(secret);
  });
});
