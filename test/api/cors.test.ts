import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openWorld, type World } from '../support/world.ts';

const app = 'https://app.example';

describe('pages of other origins', () => {
  let world: World;
  let url: string;
  const servers: { stop(): Promise<void> }[] = [];
  const serve = async (origins: string[]) => {
    const { runtime } = world;
    const config = { ...runtime.config, CORS_ORIGINS: origins, THROTTLE_PER_MINUTE: 1 };
    const server = await listen(createApp(runtimeWith(runtime, { config })), { port: 0, host: '127.0.0.1' });
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  };
  before(async () => {
    world = await openWorld({ workers: false });
    url = await serve([app]);
  });
  after(async () => {
    for (const server of servers) await server.stop();
    await world.close();
  });

  type How = { origin?: string; at?: string; method?: string; headers?: Record<string, string> };
  const ask = (path: string, { origin = app, at = url, method = 'GET', headers = {} }: How = {}) =>
    fetch(`${at}${path}`, { method, headers: { origin, ...headers } });
  const preflight = (path: string, how: How = {}) =>
    ask(path, {
      ...how,
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');

  it('are allowed where CORS_ORIGINS names them: asked before, in answers and in errors', async () => {
    const first = await preflight('/message/send');
    expect(first.status).to.equal(204);
    expect(allowed(first)).to.equal(app);
    expect(first.headers.get('access-control-allow-methods')).to.equal('GET, POST');
    expect(first.headers.get('access-control-allow-headers')).to.match(/Authorization.*Idempotency-Key/);
    const answer = await ask('/message/grand/total');
    expect([answer.status, allowed(answer), answer.headers.get('vary')]).to.deep.equal([200, app, 'Origin']);
    const refused = await ask('/message/send', { method: 'POST' });
    expect([refused.status, allowed(refused)]).to.deep.equal([401, app]);
    expect(answer.headers.get('access-control-allow-credentials')).to.equal(null);
  });

  it('read how long they have to wait', async () => {
    await ask('/group/invite/check?invite_code=none');
    const answer = await ask('/group/invite/check?invite_code=none');
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
    expect(answer.headers.get('access-control-expose-headers')).to.include('Retry-After');
  });

  it('are refused where it does not: other origins, and what is no call of the API', async () => {
    for (const [path, origin] of [
      ['/message/send', 'https://evil.example'],
      ['/message/send', `${app}.evil.example`],
      ['/message/send', 'null'],
      ['/ops', app],
      ['/plivo/message', app],
      ['/stripe/webhook', app],
      ['/healthz', app],
    ] as const) {
      const answer = await preflight(path, { origin });
      expect(answer.status, path).to.not.equal(204);
      expect(allowed(answer), `${path} ${origin}`).to.equal(null);
    }
  });

  it('are none as it comes, and all with *', async () => {
    const [none, all] = [await serve([]), await serve(['*'])];
    expect((await preflight('/message/send', { at: none })).status).to.equal(405);
    expect(allowed(await ask('/message/grand/total', { at: none }))).to.equal(null);
    expect(allowed(await ask('/message/grand/total', { at: all }))).to.equal('*');
  });
});
