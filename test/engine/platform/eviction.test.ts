import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openGuard } from '../../../dev/stack/guard.ts';
import { freePort } from '../../../dev/stack/port.ts';
import { redisSettings } from '../../../dev/stack/redis.ts';
import { BadConfig, readConfig } from '../../../engine/platform/config.ts';
import { refuseEviction } from '../../../engine/platform/eviction.ts';
import { connectRedis, type RedisClient } from '../../../engine/platform/redis.ts';
import { startRedisServer } from '../../support/redis-server.ts';

const settings = {
  ...{ MYSQL_URL: 'mysql://db/app', PUBLIC_URL: 'https://app.example', SERVICE_NUMBER: '+12015550100' },
  ...{ PLIVO_AUTH_ID: 'MATEST', PLIVO_AUTH_TOKEN: 'token' },
};

describe('workers on a Redis', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-eviction-'));
  const guard = openGuard(folder);
  const closing: (() => unknown)[] = [];
  let url: string;
  let admin: RedisClient;

  before(async () => {
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...redisSettings];
    const server = await startRedisServer(guard, { folder, args, url });
    closing.push(() => server.kill());
    admin = connectRedis(url, 'work');
    closing.push(() => admin.disconnect());
    for (const [name, may] of Object.entries({
      informed: ['-config'],
      configured: ['-info'],
      poor: ['-info', '-config'],
    }))
      await admin.call('ACL', 'SETUSER', name, 'on', '>secret', '~*', '&*', '+@all', ...may);
  });
  after(async () => {
    for (const close of closing.toReversed()) await close();
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What they say when they start as this user. */
  const start = async (user: string, more: Record<string, string> = {}) => {
    const REDIS_URL = url.replace('//', `//${user}:secret@`);
    const redis = connectRedis(REDIS_URL, 'work');
    try {
      await refuseEviction({ redis, config: readConfig({ ...settings, REDIS_URL, ...more }) });
      return 'started';
    } catch (error) {
      if (error instanceof BadConfig) return error.message;
      throw error;
    } finally {
      redis.disconnect();
    }
  };
  const known = { REDIS_POLICY_UNKNOWN: '1' };
  const evicting = /^wrong settings: REDIS_URL names a Redis with maxmemory-policy allkeys-lru; it must be noeviction$/;

  for (const user of ['informed', 'configured'])
    it(`that lets them ask one way (${user}) start with noeviction, and with nothing else`, async () => {
      expect(await start(user)).to.equal('started');
      await admin.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      try {
        expect(await start(user)).to.match(evicting);
        expect(await start(user, known)).to.match(evicting);
      } finally {
        await admin.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      }
    });

  it('that lets them ask neither way start only where a setting says so, which the refusal names', async () => {
    expect(await start('poor')).to.match(/^wrong settings: [^\n]*REDIS_POLICY_UNKNOWN=1$/);
    expect(await start('poor', known)).to.equal('started');
  });

  it('that is unavailable start, and wait for it', async () => {
    const redis = connectRedis(`redis://127.0.0.1:${await freePort()}`, 'ask');
    redis.on('error', () => undefined);
    await refuseEviction({ redis, config: readConfig({ ...settings, REDIS_URL: url }) });
    redis.disconnect();
  });
});
