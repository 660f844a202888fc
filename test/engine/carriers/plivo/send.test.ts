import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { Client } from 'plivo';
import type { Carrier, OutboundText, SendVerdict } from '../../../../engine/carriers/carrier.ts';
import { openPlivo } from '../../../../engine/carriers/plivo/plivo.ts';

const account = { authId: 'MAFAKEFAKEFAKEFAKEFA', authToken: 'ZmFrZS10b2tlbi1vZi1hLXRlc3Q' };
const text: OutboundText = {
  from: '+14445556666',
  to: '+14447778888',
  text: 'Ann: Größe 😀\n"quoted"',
  media: [],
  isSecret: false,
  reportUrl: 'https://texts.example/plivo/status?d=12-34-1',
};
const pictures = ['https://media.example/1.jpg', 'https://media.example/2.jpg'];
const uuid = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';
const accepted = JSON.stringify({ api_id: 'a', message: 'message(s) queued', message_uuid: [uuid] });

describe('Sending through Plivo', () => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  function carrierAt(apiUrl: string, more: { timeoutMs?: number; connections?: number } = {}): Carrier {
    const carrier = openPlivo({ ...account, apiUrl, timeoutMs: 2_000, acceptV2: false, ...more });
    open.push(() => carrier.close());
    return carrier;
  }

  async function urlOf(server: Server | ReturnType<typeof createRawServer>, scheme = 'http'): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A carrier that answers over HTTP. */
  function httpServer(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    open.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return urlOf(server);
  }

  /** A carrier that misbehaves on the wire: `act` runs when a whole request has come. */
  async function rawServer(act: (socket: Socket, requests: number) => void, scheme = 'http') {
    const seen = { connections: 0, requests: 0 };
    const sockets = new Set<Socket>();
    const server = createRawServer((socket) => {
      seen.connections += 1;
      sockets.add(socket);
      socket.on('error', () => {});
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        if (!received.includes('"dst"') || !received.endsWith('}')) return;
        received = '';
        seen.requests += 1;
        act(socket, seen.requests);
      });
    });
    open.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return { url: await urlOf(server, scheme), seen };
  }

  describe('makes the request of the official SDK', () => {
    const rows: [name: string, more: Partial<OutboundText>, theirs: Record<string, unknown>][] = [
      ['for an SMS', {}, { message_expiry: 3_600 }],
      ['for an MMS', { media: pictures }, { type: 'mms', media_urls: pictures, message_expiry: 3_600 }],
      ['for a PIN', { isSecret: true }, { message_expiry: 600, log: false }],
    ];
    for (const [name, more, options] of rows) {
      it(name, async () => {
        const requests: { method: unknown; url: unknown; headers: IncomingMessage['headers']; body: unknown }[] = [];
        const url = await httpServer(async (request, response) => {
          let body = '';
          for await (const chunk of request) body += chunk;
          requests.push({ method: request.method, url: request.url, headers: request.headers, body: JSON.parse(body) });
          response.writeHead(202, { 'content-type': 'application/json' }).end(accepted);
        });

        const sdk = new Client(account.authId, account.authToken, {
          url: `${url}/v1/Account/${account.authId}`,
        });
        await sdk.messages.create(text.from, text.to, text.text, { url: text.reportUrl, method: 'POST', ...options });
        expect(await carrierAt(url).send({ ...text, ...more })).to.deep.equal({ kind: 'accepted', carrierId: uuid });

        const [theirs, ours] = requests;
        expect(requests).to.have.length(2);
        expect([ours?.method, ours?.url]).to.deep.equal([theirs?.method, theirs?.url]);
        expect(ours?.body).to.deep.equal(theirs?.body);
        expect(Object.keys(Object(ours?.body))).to.deep.equal(Object.keys(Object(theirs?.body)));
        for (const header of ['authorization', 'content-type', 'content-length', 'host'] as const) {
          expect(ours?.headers[header], header).to.equal(theirs?.headers[header]);
        }
        // Ours to choose: who we are, and that an answer of 150 bytes need not be compressed.
        expect(ours?.headers['user-agent']).to.equal('group-texting');
        expect(ours?.headers['accept-encoding']).to.equal(undefined);
      });
    }

    for (const prefix of ['/carrier', '/carrier/', '/']) {
      it(`below the path of the API's address: ${prefix}`, async () => {
        const paths: unknown[] = [];
        const url = await httpServer((request, response) => {
          paths.push(request.url);
          response.writeHead(202).end(accepted);
        });
        await carrierAt(url + prefix).send(text);
        expect(paths).to.deep.equal([`${prefix.replace(/\/$/, '')}/v1/Account/${account.authId}/Message/`]);
      });
    }
  });

  describe('reads an answer', () => {
    const retry = (reason: string, retryAfterMs: number | null = null, throttled = false): SendVerdict => ({
      kind: 'retry',
      throttled,
      retryAfterMs,
      reason,
    });
    const paused = (errorCode: number, reason: string): SendVerdict => ({ kind: 'paused', errorCode, reason });
    const numberPaused = (reason: string): SendVerdict => ({ kind: 'paused', only: 'number', errorCode: 400, reason });
    const rows: [status: number, body: string, headers: Record<string, string>, expected: SendVerdict][] = [
      [202, accepted, {}, { kind: 'accepted', carrierId: uuid }],
      [200, `{"message_uuid":"${uuid}"}`, {}, { kind: 'accepted', carrierId: uuid }],
      [202, 'queued', {}, { kind: 'unknown', reason: '202 without a message_uuid' }],
      [202, '{"message_uuid":[]}', {}, { kind: 'unknown', reason: '202 without a message_uuid' }],
      [202, '{"message_uuid":[7]}', {}, { kind: 'unknown', reason: '202 without a message_uuid' }],
      [202, `{"message_uuid":["${'x'.repeat(65)}"]}`, {}, { kind: 'unknown', reason: '202 without a message_uuid' }],
      [200, '{"error":"something"}', {}, { kind: 'unknown', reason: '200 without a message_uuid' }],
      [200, 'null', {}, { kind: 'unknown', reason: '200 without a message_uuid' }],
      [204, '', {}, { kind: 'unknown', reason: '204 without a message_uuid' }],
      [429, '{"error":"too many requests"}', {}, retry('429 too many requests', null, true)],
      [429, '', { 'retry-after': '7' }, retry('429', 7_000, true)],
      [429, '', { 'retry-after': '0' }, retry('429', 0, true)],
      [429, '', { 'retry-after': '99999999' }, retry('429', 86_400_000, true)],
      [429, '', { 'retry-after': '-5' }, retry('429', null, true)],
      [429, '', { 'retry-after': 'soon' }, retry('429', null, true)],
      [429, '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, retry('429', 0, true)],
      [503, '{}', { 'retry-after': '2' }, retry('503', 2_000)],
      [500, '{"error":"server error"}', {}, retry('500 server error')],
      [502, '<html>Bad gateway</html>', {}, retry('502')],
      [504, '', {}, retry('504')],
      [302, '', { location: 'https://elsewhere.example/' }, retry('302')],
      [402, '{"error":"insufficient credit"}', {}, paused(900, '402 insufficient credit')],
      [402, '', {}, paused(900, '402')],
      [400, '{"error":"src parameter not present"}', {}, { kind: 'failed', reason: '400 src parameter not present' }],
      [
        400,
        '{"error":"+1 (444) 777-8888 and 14447778888 are\\n no numbers, 28777 is"}',
        {},
        { kind: 'failed', reason: '400 (number) and (number) are no numbers, 28777 is' },
      ],
      [400, '{"error":{"dst":["invalid"]}}', {}, { kind: 'failed', reason: '400 {"dst":["invalid"]}' }],
      [400, 'not json', {}, { kind: 'failed', reason: '400' }],
      [401, '{"error":"authentication failed"}', {}, paused(401, '401 authentication failed')],
      [403, '{"error":"Forbidden"}', {}, paused(403, '403 Forbidden')],
      [403, '', {}, paused(403, '403')],
      [404, '{"error":"not found"}', {}, paused(404, '404 not found')],
      [405, '', {}, paused(405, '405')],
      [
        403,
        '{"error":"Geo Permissions do not allow this"}',
        {},
        { kind: 'failed', reason: '403 Geo Permissions do not allow this' },
      ],
      [403, '{"error":"GEO_PERMISSION_DENIED"}', {}, { kind: 'failed', reason: '403 GEO_PERMISSION_DENIED' }],
      [
        403,
        '{"error":"the destination country is barred"}',
        {},
        { kind: 'failed', reason: '403 the destination country is barred' },
      ],
      [400, '{"error":"Insufficient Credit"}', {}, paused(900, '400 Insufficient Credit')],
      [400, '{"error":"account is suspended"}', {}, paused(910, '400 account is suspended')],
      [403, '{"error":"Your account has been disabled"}', {}, paused(910, '403 Your account has been disabled')],
      [403, '{"error":"OUTBOUND_DISABLED"}', {}, paused(910, '403 OUTBOUND_DISABLED')],
      [422, '{"error":"no outbound messages now"}', {}, paused(422, '422 no outbound messages now')],
      [
        400,
        '{"error":"This caller ID is not allowed for outbound message"}',
        {},
        numberPaused('400 This caller ID is not allowed for outbound message'),
      ],
      [408, '{"error":"request timeout"}', {}, retry('408 request timeout')],
      [413, '', {}, { kind: 'failed', reason: '413' }],
    ];
    for (const [status, body, headers, expected] of rows) {
      it(`${status} ${JSON.stringify(headers)} ${body.slice(0, 60)}: ${expected.kind}`, async () => {
        const url = await httpServer((_, response) => response.writeHead(status, headers).end(body));
        expect(await carrierAt(url).send(text)).to.deep.equal(expected);
      });
    }

    it('with a date to wait for', async () => {
      const at = new Date(Date.now() + 60_000).toUTCString();
      const url = await httpServer((_, response) => response.writeHead(429, { 'retry-after': at }).end());
      const verdict = await carrierAt(url).send(text);
      expect(verdict.kind === 'retry' && verdict.retryAfterMs).to.be.within(55_000, 60_000);
    });

    it('and keeps a long reason short', async () => {
      const url = await httpServer((_, response) =>
        response.writeHead(400).end(JSON.stringify({ error: '😀'.repeat(900) })),
      );
      const verdict = await carrierAt(url).send(text);
      expect(verdict.kind === 'failed' && Array.from(verdict.reason).length).to.be.within(190, 200);
    });

    it('that comes in pieces, cut through a letter', async () => {
      const body = Buffer.from('{"error":"ungültig"}');
      const url = await httpServer((_, response) => {
        response.writeHead(400);
        response.write(body.subarray(0, 14));
        setImmediate(() => response.end(body.subarray(14)));
      });
      expect(await carrierAt(url).send(text)).to.deep.equal({ kind: 'failed', reason: '400 ungültig' });
    });
  });

  describe('knows that a text has not gone out', () => {
    const certain = (reason: string) => ({
      kind: 'retry',
      throttled: false,
      retryAfterMs: null,
      reason: `not sent: ${reason}`,
    });

    it('when nobody listens', async () => {
      const server = createRawServer();
      const url = await urlOf(server);
      await new Promise((resolve) => server.close(resolve));
      const carrier = carrierAt(url, { connections: 1 });
      const verdicts = await Promise.all([1, 2, 3, 4, 5].map(() => carrier.send(text)));
      for (const verdict of verdicts) expect(verdict).to.deep.equal(certain('ECONNREFUSED'));
    });

    it('when the name is not known', async () => {
      const verdict = await carrierAt('http://carrier.invalid').send(text);
      expect(verdict.kind).to.equal('retry');
    });

    it('when TLS fails', async () => {
      const server = await httpServer((_, response) => response.end(accepted));
      const verdict = await carrierAt(server.replace('http:', 'https:')).send(text);
      expect(verdict.kind).to.equal('retry');
    });

    it('when TLS is cut off or never answered', async () => {
      const cut = createRawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
      open.push(() => cut.close());
      expect((await carrierAt(await urlOf(cut, 'https')).send(text)).kind).to.equal('retry');
      const silent = await rawServer(() => {}, 'https');
      expect(await carrierAt(silent.url, { timeoutMs: 100 }).send(text)).to.deep.equal(certain('timed out'));
    });

    it('when no connection was free in time; and then it never goes out', async () => {
      const { url, seen } = await rawServer(() => {});
      const carrier = carrierAt(url, { timeoutMs: 150, connections: 1 });
      const [first, second] = await Promise.all([carrier.send(text), carrier.send(text)]);
      expect(first).to.deep.equal({ kind: 'unknown', reason: 'sent, then: timed out' });
      expect(second).to.deep.equal(certain('timed out'));
      await carrier.close();
      expect(seen.requests).to.equal(1);
    });

    it('when the carrier is closed already', async () => {
      const carrier = carrierAt('http://127.0.0.1:9');
      await carrier.close();
      await carrier.close();
      expect(await carrier.send(text)).to.deep.equal(certain('UND_ERR_DESTROYED'));
    });
  });

  describe('does not claim to know, and does not send again by itself,', () => {
    const head = 'HTTP/1.1 202 ACCEPTED\r\ncontent-length: 200\r\n\r\n';
    const rows: [name: string, act: (socket: Socket) => void][] = [
      ['when the connection is reset instead of an answer', (socket) => socket.resetAndDestroy()],
      ['when the connection is closed instead of an answer', (socket) => socket.end()],
      ['when the answer ends in its status line', (socket) => socket.end('HTTP/1.1 20')],
      ['when the answer ends in its headers', (socket) => socket.end('HTTP/1.1 202 ACCEPTED\r\ncontent-le')],
      ['when the answer ends in its body', (socket) => socket.end(`${head}{"message_uuid":["${uuid}"]}`)],
      ['when the answer is reset in its body', (socket) => socket.write(head, () => socket.resetAndDestroy())],
      ['when the answer is no HTTP', (socket) => socket.end('hello\r\n')],
      ['when no answer comes in time', () => {}],
      ['when the body does not come in time', (socket) => socket.write(head)],
      ['when the body trickles', (socket) => void trickle(socket, head)],
      [
        'when the answer has no end',
        (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n${' '.repeat(70_000)}`),
      ],
      [
        'when the server asks for another protocol',
        (socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      ],
    ];
    function trickle(socket: Socket, first: string) {
      socket.write(first);
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    }
    for (const [name, act] of rows) {
      it(name, async () => {
        const { url, seen } = await rawServer(act);
        const carrier = carrierAt(url, { timeoutMs: 200 });
        const verdict = await carrier.send(text);
        expect(verdict.kind, JSON.stringify(verdict)).to.equal('unknown');
        await carrier.close();
        expect(seen.requests).to.equal(1);
      });
    }

    it('when a kept connection is cut before the first byte of an answer', async () => {
      const { url, seen } = await rawServer((socket, requests) => {
        if (requests === 2) socket.resetAndDestroy();
        else socket.write(`HTTP/1.1 202 ACCEPTED\r\ncontent-length: ${accepted.length}\r\n\r\n${accepted}`);
      });
      const carrier = carrierAt(url, { connections: 1 });
      const kinds = [];
      for (let n = 0; n < 3; n += 1) kinds.push((await carrier.send(text)).kind);
      expect(kinds).to.deep.equal(['accepted', 'unknown', 'accepted']);
      expect(seen).to.deep.equal({ connections: 2, requests: 3 });
    });
  });

  it('takes a refusal for a refusal, although the rest of the answer is lost', async () => {
    const { url } = await rawServer((socket) =>
      socket.end('HTTP/1.1 400 BAD REQUEST\r\ncontent-length: 200\r\n\r\n{"err'),
    );
    expect(await carrierAt(url).send(text)).to.deep.equal({ kind: 'failed', reason: '400' });
  });

  it('sends one text at a time on a connection, and keeps the connection', async () => {
    let under = 0;
    let most = 0;
    const connections = new Set<unknown>();
    const url = await httpServer((request, response) => {
      connections.add(request.socket);
      under += 1;
      most = Math.max(most, under);
      setImmediate(() => {
        under -= 1;
        response.writeHead(202).end(accepted);
      });
    });
    const carrier = carrierAt(url, { connections: 4 });
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => carrier.send(text)));
    expect(verdicts.every(({ kind }) => kind === 'accepted')).to.equal(true);
    expect(most).to.be.at.most(4);
    expect(connections.size).to.equal(4);
  });

  it('takes an answer that has come while this process stood still', async () => {
    const url = await httpServer((_, response) => {
      response.writeHead(202).end(accepted);
      for (const thaws = performance.now() + 400; performance.now() < thaws; );
    });
    const carrier = carrierAt(url, { timeoutMs: 300 });
    expect(await carrier.send(text)).to.deep.equal({ kind: 'accepted', carrierId: uuid });
  });

  it('finishes what is under way when it is closed', async () => {
    const url = await httpServer((_, response) => setTimeout(() => response.writeHead(202).end(accepted), 100));
    const carrier = carrierAt(url);
    const sending = carrier.send(text);
    await carrier.close();
    expect(await sending).to.deep.equal({ kind: 'accepted', carrierId: uuid });
  });
});
