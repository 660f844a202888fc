import { expect } from 'chai';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { rows } from '../../db/connect.ts';
import { signV3 } from '../../engine/carriers/plivo/signature.ts';
import { runtimeWith } from '../support/runtime.ts';
import { uuidOf } from '../support/uuid.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '14445550001';

describe('the carrier’s webhooks', () => {
  let world: World;
  let texts = 0;
  before(async () => {
    world = await openWorld({ workers: false, env: { OPS_PASSWORD: 'an operator in a test' } });
  });
  after(() => world.close());

  type Fields = Record<string, string | string[]>;
  const encode = (fields: Fields) =>
    new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
    ).toString();
  const post = (
    path: string,
    { fields, signed = fields, token = 'test-token', body = encode(fields), url = world.url }: Post,
  ) => {
    const nonce = `nonce${++texts}`;
    const signature = signV3({ method: 'POST', url: url + path, fields: signed, nonce, authToken: token });
    return fetch(world.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-plivo-signature-v3': signature,
        'x-plivo-signature-v3-nonce': nonce,
      },
      body,
    });
  };
  type Post = { fields: Fields; signed?: Fields; token?: string; body?: string; url?: string };
  const inbound = (more: Fields = {}): Fields => ({
    From: ann,
    To: world.pool[0]?.slice(1) ?? '',
    Text: 'Grüße & 50 % + 1 😀',
    Type: 'sms',
    MessageUUID: uuidOf(`webhook ${++texts}`),
    ...more,
  });
  const kept = async (fields: Fields) =>
    (
      await rows(world.runtime.db, 'SELECT carrier_id FROM inbound_texts WHERE carrier_id = ?', [
        String(fields.MessageUUID),
      ])
    ).length;

  it('take a signed text and answer an empty response', async () => {
    const fields = inbound();
    const answer = await post('/plivo/message', { fields });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.match(/^application\/xml/);
    expect(await answer.text()).to.equal('<Response/>');
    expect(await kept(fields)).to.equal(1);
  });

  it('answer a signed call with words that tell nobody which groups there are, and hang up', async () => {
    const { From: member = '', To: number = '' } = inbound();
    const call = (From: string | string[]): Fields => ({
      CallUUID: uuidOf('a call'),
      From,
      To: number,
      CallStatus: 'ringing',
    });
    const answers = await Promise.all(
      [member, '447700900123', 'anonymous'].map((from) => post('/plivo/call', { fields: call(from) })),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(answers[0]?.headers.get('content-type')).to.match(/^application\/xml/);
    expect(new Set(bodies).size).to.equal(1);
    expect(bodies[0]).to.match(
      /^<Response><Speak [^>]*loop="2">Hello\. This number of .*stop.*<\/Speak><Hangup\/><\/Response>$/,
    );
    expect((await post('/plivo/call', { fields: call('447700900123'), token: 'other' })).status).to.equal(403);
  });

  it('take the same text again, also in the same instant, and keep it once', async () => {
    const fields = inbound();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/plivo/message', { fields })));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(10).fill(200));
    expect(await kept(fields)).to.equal(1);
  });

  it('read repeated fields and a query as they were signed', async () => {
    const fields = inbound({ Extra: ['b', 'a'] });
    expect((await post('/plivo/message?x=1&y=%20', { fields })).status).to.equal(200);
  });

  const forged: [string, (fields: Fields) => Post][] = [
    ['another token', (fields) => ({ fields, token: 'other' })],
    ['another text', (fields) => ({ fields, signed: { ...fields, Text: 'other' } })],
    ['a field more', (fields) => ({ fields, body: `${encode(fields)}&Media0=https%3A%2F%2Fevil.example%2F` })],
    ['another address', (fields) => ({ fields, url: 'http://evil.example' })],
  ];
  for (const [what, make] of forged) {
    it(`answer 403 to a signature over ${what}, and leave no trace`, async () => {
      const fields = inbound();
      expect((await post('/plivo/message', make(fields))).status).to.equal(403);
      expect(await kept(fields)).to.equal(0);
    });
  }

  it('take no other text with the signature of one: what is signed has no borders between names and values', async () => {
    const captured = inbound({ Text: 'QTextSend money', PowerpackUUID: '' });
    const { PowerpackUUID: _, ...rest } = captured;
    const other = { ...rest, MessageUUID: `${captured.MessageUUID}PowerpackUUIDTextQ`, Text: 'Send money' };
    const [one, two] = [captured, other].map((fields) =>
      signV3({ method: 'POST', url: world.url, fields, nonce: 'n', authToken: 'test-token' }),
    );
    expect(one).to.equal(two);
    const answer = await post('/plivo/message', { fields: other, signed: captured });
    expect(answer.status).to.equal(400);
    expect(await kept(other)).to.equal(0);
  });

  it('take a signed text by GET as well, and nothing of one that is forged', async () => {
    const fields = inbound();
    const url = `${world.url}/plivo/message?${encode(fields)}`;
    const nonce = `nonce${++texts}`;
    const signature = signV3({ method: 'GET', url, fields: {}, nonce, authToken: 'test-token' });
    const headers = { 'x-plivo-signature-ma-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
    expect((await fetch(`${url}&Extra=1`, { headers })).status).to.equal(403);
    expect(await kept(fields)).to.equal(0);
    expect((await fetch(url, { headers })).status).to.equal(200);
    expect(await kept(fields)).to.equal(1);
  });

  it('take a signed report by GET as well', async () => {
    const url = `${world.url}/plivo/status?d=999999-999999-0-1&MessageUUID=${uuidOf('report')}&Status=delivered`;
    const nonce = `nonce${++texts}`;
    const signature = signV3({ method: 'GET', url, fields: {}, nonce, authToken: 'test-token' });
    const headers = { 'x-plivo-signature-ma-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
    expect((await fetch(`${url}&ErrorCode=200`, { headers })).status).to.equal(403);
    expect((await fetch(url, { headers })).status).to.equal(200);
  });

  it('answer 403 to what nobody signed, whatever it holds', async () => {
    for (const body of ['%', 'a&'.repeat(30_000), Buffer.from([0xff])]) {
      expect((await fetch(`${world.url}/plivo/message`, { method: 'POST', body })).status).to.equal(403);
    }
  });

  it('answer 400 to more fields than any carrier sends', async () => {
    const fields = inbound({ Extra: Array<string>(200).fill('1') });
    expect((await post('/plivo/message', { fields })).status).to.equal(400);
    expect(await kept(fields)).to.equal(0);
  });

  it('warn and count where the signature is wrong, naming its headers and never what is in them', async () => {
    let log = '';
    const authorization = `Basic ${Buffer.from('ops:an operator in a test').toString('base64')}`;
    const sink = { write: (line: string) => (log += line) };
    const runtime = runtimeWith(world.runtime, { log: pino({ level: 'warn' }, sink) });
    const api = await listen(createApp(runtime), { port: 0, host: '127.0.0.1' });
    try {
      const url = `http://127.0.0.1:${api.port}`;
      const headers = { 'x-plivo-signature-v2': 'secret-value', 'x-plivo-signature-v2-nonce': 'secret-nonce' };
      const answer = await fetch(`${url}/plivo/message`, { method: 'POST', headers, body: new URLSearchParams() });
      expect(answer.status).to.equal(403);
      const warnings = log
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line.headers !== undefined);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.deep.include({ level: 40, carrier: 'plivo', kind: 'message' });
      expect(warnings[0]?.headers).to.deep.equal(['x-plivo-signature-v2', 'x-plivo-signature-v2-nonce']);
      expect(log).not.to.match(/secret/);
      const metrics = await (await fetch(`${url}/ops/metrics`, { headers: { authorization } })).text();
      expect(metrics).to.match(/texting_webhooks_refused_total\{carrier="plivo",why="signature"\} 1\n/);
    } finally {
      await api.stop();
    }
  });

  it('answer 403 without a signature', async () => {
    for (const path of ['/plivo/message', '/plivo/status?d=1-1-0-1']) {
      const fields = inbound();
      const answer = await fetch(world.url + path, { method: 'POST', body: new URLSearchParams(encode(fields)) });
      expect(answer.status).to.equal(403);
      expect(await kept(fields)).to.equal(0);
    }
  });

  const malformed: [string, string, () => Post][] = [
    ['no MessageUUID', '/plivo/message', () => ({ fields: inbound({ MessageUUID: '' }) })],
    ['no From', '/plivo/message', () => ({ fields: inbound({ From: '' }) })],
    ['broken encoding', '/plivo/message', () => ({ fields: {}, body: 'Text=%E9%' })],
    ['a report without a status', '/plivo/status?d=1-1-0-1', () => ({ fields: { MessageUUID: uuidOf('report') } })],
    ['a report on nothing', '/plivo/status', () => ({ fields: { MessageUUID: uuidOf('report'), Status: 'sent' } })],
  ];
  for (const [what, path, make] of malformed) {
    it(`answer 400 to ${what}`, async () => {
      const answer = await post(path, make());
      expect(answer.status).to.equal(400);
      expect(await answer.json()).to.include({ error_type: 'BAD_REQUEST' });
    });
  }

  it('take news of a delivery that nobody knows', async () => {
    for (const name of ['999999-999999-0-1', 'x']) {
      const answer = await post(`/plivo/status?d=${name}`, {
        fields: { MessageUUID: uuidOf('report'), Status: 'delivered' },
      });
      expect(answer.status).to.equal(200);
    }
  });
});
