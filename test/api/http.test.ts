import { connect } from 'node:net';
import { expect } from 'chai';
import { explainedIn } from '../support/answered.ts';
import { openWorld, type World } from '../support/world.ts';

describe('HTTP in general', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  const ask = (path: string, init: RequestInit = {}) => fetch(`${world.url}${path}`, init);
  const post = (body: string, type: string, path = '/member/find') =>
    ask(path, { method: 'POST', body, headers: { 'content-type': type } });
  const FORM = 'application/x-www-form-urlencoded';

  const unknown = ['/', '/nope', '/member/find/', '/Member/find', '//member/find', '/member%2Ffind', '/member'];
  for (const path of unknown) {
    it(`answers 404 at ${path}`, async () => {
      const answer = await ask(path);
      expect(answer.status).to.equal(404);
      expect(await explainedIn(answer)).to.deep.equal({ status: 'ERROR', error_type: 'UNKNOWN_URL' });
    });
  }

  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    it(`answers 405 to ${method}`, async () => {
      for (const [path, allowed] of Object.entries({
        '/member/find': 'GET, POST',
        '/healthz': 'GET, HEAD',
        '/docs': 'GET',
        '/plivo/message': 'GET, POST',
      })) {
        const answer = await ask(path, { method });
        expect(answer.status, path).to.equal(405);
        expect(await explainedIn(answer)).to.deep.equal({ status: 'ERROR', error_type: 'METHOD_NOT_ALLOWED' });
        expect(answer.headers.get('allow'), path).to.equal(allowed);
      }
    });
  }

  it('answers 405 to HEAD, also of a webhook, which comes by POST or GET', async () => {
    expect((await ask('/member/find', { method: 'HEAD' })).status).to.equal(405);
    expect((await ask('/plivo/status?d=1-1-0-1', { method: 'HEAD' })).status).to.equal(405);
    expect((await ask('/plivo/status?d=1-1-0-1')).status).to.equal(403);
  });

  it('says the same to a query, a form and JSON', async () => {
    for (const as of ['query', 'form', 'json'] as const) {
      const { http, body } = await world.call('/member/find', { number: '12' }, { as });
      expect(http).to.equal(200);
      expect(body).to.deep.equal({ status: 'ERROR', error_type: 'INVALID_NUMBER', error_subtype: '12' });
    }
  });

  for (const [what, body, type] of [
    ['a form', 'number=12', FORM],
    ['JSON', '{"number":"12"}', 'application/json'],
  ] as const) {
    it(`reads ${what} that begins with a byte order mark`, async () => {
      const answer = await post(`\uFEFF${body}`, type);
      expect(await answer.json()).to.include({ error_type: 'INVALID_NUMBER', error_subtype: '12' });
    });
  }

  it('takes the body before the query', async () => {
    const answer = await post('number=34', FORM, '/member/find?number=12');
    expect(await answer.json()).to.include({ error_subtype: '34' });
  });

  const malformed: [string, string, string, string][] = [
    ['JSON that is no object', '[1]', 'application/json', 'body'],
    ['JSON that breaks off', '{"number":', 'application/json', 'body'],
    ['JSON that goes 60,000 deep', '['.repeat(60_000), 'application/json', 'body'],
    ['a list for a number', '{"number":["+14445556666"]}', 'application/json', 'number'],
    ['broken percent-encoding', 'number=%E9%', FORM, 'number'],
    ['a field twice', 'number=1&number=2', FORM, 'number'],
    ['another content type', 'number=1', 'text/plain', 'content-type'],
  ];
  for (const [what, body, type, field] of malformed) {
    it(`answers 400 to ${what}`, async () => {
      const answer = await post(body, type);
      expect(answer.status).to.equal(400);
      expect(await explainedIn(answer)).to.deep.equal({
        status: 'ERROR',
        error_type: 'BAD_REQUEST',
        error_subtype: field,
      });
    });
  }

  it('answers 400 to a compressed body', async () => {
    const headers = { 'content-type': FORM, 'content-encoding': 'gzip' };
    const answer = await ask('/member/find', { method: 'POST', body: 'number=1', headers });
    expect(await answer.json()).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'content-encoding' });
  });

  it('answers 400 before it asks who is calling', async () => {
    const { http, body } = await world.call('/message/get', { 'sid[$ne]': '' });
    expect(http).to.equal(400);
    expect(body).to.include({ error_subtype: 'sid' });
  });

  it('takes a body of 64 KiB and answers 413 to one byte more', async () => {
    const full = `number=12&pad=${'x'.repeat(65_536 - 14)}`;
    expect((await post(full, FORM)).status).to.equal(200);
    const answer = await post(`${full}x`, FORM);
    expect(answer.status).to.equal(413);
    expect(await explainedIn(answer)).to.deep.equal({ status: 'ERROR', error_type: 'TOO_LARGE' });
  });

  it('answers 413 to a body without a length, and does not read it to its end', async () => {
    const chunk = `${(8_192).toString(16)}\r\n${'x'.repeat(8_192)}\r\n`;
    const head = `POST /member/find HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(head, chunk);
    expect(answer).to.match(/^HTTP\/1\.1 413 /);
    expect(answer).to.contain('TOO_LARGE');
  });

  it('takes a query as long as a body and answers 413 to a longer one', async () => {
    const query = 'number=12&pad=';
    expect((await ask(`/member/find?${query}${'x'.repeat(65_536 - query.length)}`)).status).to.equal(200);
    const answer = await ask(`/member/find?${query}${'x'.repeat(90_000)}`);
    expect(answer.status).to.equal(413);
    expect(answer.headers.get('x-request-id')).to.match(/^[\w-]{36}$/);
    // Too early for the way to us to be known.
    expect(await answer.json())
      .to.include({ error_type: 'TOO_LARGE' })
      .and.have.property('message')
      .that.matches(/larger than 80 KiB/);
  });

  for (const as of ['query', 'form', 'json'] as const) {
    it(`takes 200 fields and answers 400 to one more, as ${as}`, async () => {
      const fields = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, at] as const));
      expect((await world.call('/member/find', fields(200), { as })).body).to.include({ error_type: 'MISSING_FIELDS' });
      const { http, body } = await world.call('/member/find', fields(201), { as });
      expect(http).to.equal(400);
      expect(body).to.include({ error_type: 'BAD_REQUEST', error_subtype: as === 'query' ? 'query' : 'body' });
    });
  }

  it('takes a list of members on top of that', async () => {
    const pairs = Array.from({ length: 101 }, (_, at) => [
      [`name_${at}`, `Member ${at}`],
      [`number_${at}`, `+1415555${2000 + at}`],
    ]).flat();
    const params = { ...Object.fromEntries(pairs), group: 'Many', name: 'Ann', number: '+14155551999' };
    expect((await world.call('/group/create', params)).body).to.include({ status: 'OK' });
  });

  it('answers 400 to a Content-Type of more than 200 characters, wherever it comes', async () => {
    const type = (length: number) => 'application/json;'.padEnd(length, 'x');
    expect(await (await post('{}', type(200))).json()).to.include({ error_type: 'MISSING_FIELDS' });
    for (const path of ['/member/find', '/plivo/message', '/stripe/webhook', '/ops', '/docs', '/nope']) {
      const answer = await post('{}', type(201), path);
      expect([path, answer.status]).to.deep.equal([path, 400]);
      expect(await answer.json()).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'content-type' });
    }
  });

  describe('headers', () => {
    it('give every answer an id, our own or a plain one of a proxy', async () => {
      expect((await ask('/healthz')).headers.get('x-request-id')).to.match(/^[\w-]{36}$/);
      const given = await ask('/nope', { headers: { 'x-request-id': 'proxy-1234.5' } });
      expect(given.headers.get('x-request-id')).to.equal('proxy-1234.5');
      const odd = await ask('/healthz', { headers: { 'x-request-id': '"><script>' } });
      expect(odd.headers.get('x-request-id')).to.match(/^[\w-]{36}$/);
    });

    it('forbid to keep, to frame and to guess the answers', async () => {
      const { headers } = await ask('/member/find');
      expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
      expect(headers.get('x-powered-by')).to.equal(null);
    });
  });

  describe('for operators and readers', () => {
    for (const path of ['/healthz', '/readyz']) {
      it(`answers HEAD of ${path}, as balancers ask it`, async () => {
        const answer = await ask(path, { method: 'HEAD' });
        expect(answer.status).to.equal(200);
        expect(await answer.text()).to.equal('');
      });
    }

    it('keeps an idle connection open for longer than the 60 s of a balancer', async () => {
      const answer = await ask('/healthz', { headers: { connection: 'keep-alive' } });
      expect(answer.headers.get('keep-alive')).to.equal('timeout=75');
    });

    it('lives and is ready', async () => {
      expect(await (await ask('/healthz')).json()).to.deep.equal({ status: 'OK' });
      expect(await (await ask('/readyz')).json()).to.deep.equal({ status: 'OK', degraded: [] });
    });

    it('is not ready while a migration is missing', async () => {
      const { db } = world.runtime;
      const [last] = (await db('knex_migrations').orderBy('id', 'desc').limit(1)) as { id: number; name: string }[];
      await db('knex_migrations').where({ id: last?.id }).delete();
      const answer = await ask('/readyz');
      await db('knex_migrations').insert(last);
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '5']);
      expect(await answer.json()).to.include({ error_type: 'UNAVAILABLE', error_subtype: 'schema' });
      expect((await ask('/readyz')).status).to.equal(200);
    });

    it('serves the reference from itself, without a script in a page', async () => {
      const page = await (await ask('/docs')).text();
      expect(Buffer.byteLength(page)).to.be.lessThan(300_000);
      expect(page).not.to.match(/<script>|(?:src|href)="https?:/);
      const paths = [...page.matchAll(/(?:src|href)="(\/[^"#]+)/g)].map(([, path = '']) => path);
      expect(paths).to.include.members([
        '/docs/try.js',
        '/docs/pages.css',
        '/docs/guide',
        '/docs/tasks',
        '/docs/errors',
      ]);
      for (const path of new Set(paths)) expect((await ask(path)).status, path).to.equal(200);
      expect(await (await ask('/openapi.json')).json()).to.have.property('openapi', '3.1.0');
    });
  });

  /** Writes a head, then chunks until the other side has had enough; answers what came back. */
  function raw(head: string, chunk: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port } = new URL(world.url);
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      let sent = 0;
      const write = () => {
        while (answer === '' && sent < 10_000 && socket.writable) {
          sent++;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on('data', (some) => {
        answer += some.toString();
      });
      socket.on('drain', write);
      socket.on('close', () => (sent < 10_000 ? resolve(answer) : reject(new Error('it was read to its end'))));
      socket.on('error', () => socket.destroy());
      socket.write(head);
      write();
    });
  }
});
