import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { openMediaAccess } from '../../../engine/carriers/media-access.ts';
import { openGuardedGet } from '../../../engine/platform/guarded-get.ts';

describe('what is fetched from addresses in messages', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    const port = (server.address() as AddressInfo).port;
    const to = { '/away': `http://localhost:${port}/there`, '/bad': 'http://[', '/none': undefined }[request.url ?? ''];
    if (request.url === '/asks' && request.headers.authorization === undefined) return response.writeHead(401).end();
    if (request.url === '/never') return response.writeHead(200, { 'content-length': 100 }).write('some');
    if (request.url !== '/away' && request.url !== '/bad' && request.url !== '/none') return response.end('contents');
    response.writeHead(302, to === undefined ? {} : { location: to }).end();
  });
  const guarded = openGuardedGet();
  let base = '';
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => asked.splice(0));
  after(async () => {
    await guarded.close();
    server.closeAllConnections();
    server.close();
  });

  const get = (
    url: string,
    { known = base, timeoutMs = 5_000, mostBytes = 8, authorization = null as string | null } = {},
  ) =>
    guarded.get(url, {
      ...{ mostBytes, timeoutMs },
      isKnown: ({ origin }) => origin === known,
      authorization: () => authorization,
    });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      ({ code, cause, name }) => (typeof code === 'string' ? code : (cause?.code ?? name)),
    );

  for (const [url, code] of [
    ['https://127.0.0.1:1/', 'PRIVATE'],
    ['https://localhost:1/', 'PRIVATE'],
    ['https://[::ffff:10.0.0.1]/', 'PRIVATE'],
    ['https://169.254.169.254/latest', 'PRIVATE'],
    ['http://media.example/', 'NOT_HTTPS'],
    ['ftp://media.example/', 'NOT_HTTPS'],
  ] as const)
    it(`${url} is refused: ${code}`, async () => expect(await codeOf(get(url))).to.equal(code));

  it('is what the settings vouch for, by plain http and on this machine', async () => {
    const { status, bytes } = await get(`${base}/a`);
    expect([status, bytes.toString()]).to.deep.equal([200, 'contents']);
  });

  it('follows a redirect only to where it would go itself', async () => {
    expect(await codeOf(get(`${base}/away`))).to.equal('NOT_HTTPS');
    expect(asked).to.deep.equal(['/away -']);
    expect((await get(`${base}/bad`)).status).to.equal(302);
    expect((await get(`${base}/none`)).status).to.equal(302);
  });

  it('reads no more than it may, and for no longer', async () => {
    expect(await codeOf(get(`${base}/a`, { mostBytes: 7 }))).to.equal('TOO_LARGE');
    expect(await codeOf(get(`${base}/never`, { timeoutMs: 50 }))).to.equal('TimeoutError');
  });

  it('says who we are where it is asked to, and to nobody else', async () => {
    expect((await get(`${base}/asks`)).status).to.equal(401);
    expect((await get(`${base}/asks`, { authorization: 'Basic x' })).status).to.equal(200);
    expect(asked).to.deep.equal(['/asks -', '/asks -', '/asks Basic x']);
    const { authorization } = openMediaAccess({
      apiUrl: 'https://api.plivo.com',
      domain: 'plivo.com',
      authorization: 'x',
    });
    const told = (url: string) => authorization(new URL(url));
    expect([told('https://media.plivo.com/a'), told('https://plivo.com/a')]).to.deep.equal(['x', 'x']);
    for (const other of ['http://media.plivo.com/a', 'https://notplivo.com/a', 'https://plivo.com.example/a'])
      expect(told(other), other).to.equal(null);
  });
});
