import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { openGuardedPost } from '../../../engine/platform/guarded-post.ts';
import { isPrivate } from '../../../engine/platform/public-addresses.ts';

describe('what is posted to addresses that strangers name', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(request.url === '/redirect' ? 307 : 204, { location: '/elsewhere' }).end();
  });
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => server.close());

  const request = { headers: {}, body: '{}', timeoutMs: 2_000 };

  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]', '0'])
    it(`goes to no private address: ${host}`, async () => {
      const guarded = openGuardedPost({ config: { HOOKS_TO_PRIVATE: false } });
      const refused = await guarded.post(`http://${host}:${port}/`, request).catch((error) => error);
      expect(refused.code ?? refused.cause?.code).to.equal('PRIVATE');
      await guarded.close();
      expect(asked).to.deep.equal([]);
    });

  for (const [address, expected] of [
    ['10.1.2.3', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['192.168.1.1', true],
    ['8.8.8.8', false],
    ['::', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['64:ff9b::a00:1', true],
    ['2002:a00:1::', true],
    ['2606:4700:4700::1111', false],
    ['example', true],
  ] as const)
    it(`${address} is ${expected ? 'private' : 'public'}`, () => expect(isPrivate(address)).to.equal(expected));

  it('follows no redirect', async () => {
    const guarded = openGuardedPost({ config: { HOOKS_TO_PRIVATE: true } });
    expect(await guarded.post(`http://localhost:${port}/redirect`, request)).to.equal(307);
    expect(await guarded.post(`http://127.0.0.1:${port}/`, request)).to.equal(204);
    expect(asked).to.deep.equal(['/redirect', '/']);
    await guarded.close();
  });
});
