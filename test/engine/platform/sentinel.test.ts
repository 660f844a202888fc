import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { openGuard } from '../../../dev/stack/guard.ts';
import { freePort } from '../../../dev/stack/port.ts';
import { connectRedis } from '../../../engine/platform/redis.ts';
import { startGroup } from '../../support/group.ts';
import { openSentinels, type Sentinels } from '../../support/redis-sentinel.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a Redis that Sentinels watch', () => {
  let sentinels: Sentinels;
  let world: World;
  before(async () => {
    sentinels = await openSentinels();
    world = await openWorld({ env: { REDIS_URL: sentinels.url } });
  });
  after(async () => {
    await world?.close();
    await sentinels?.close();
  });

  it('may fail over to its replica under texts: each arrives once, and all connections find the new master', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid']);
    const { Ann = '', Bob = '', Cid = '' } = phones;
    const doWorkersWait = () =>
      sentinels.onMaster(async (master) => {
        const [normal, listening] = await Promise.all(
          ['NORMAL', 'PUBSUB'].map((type) => master.call('CLIENT', 'LIST', 'TYPE', type)),
        );
        return String(normal).includes('cmd=brpoplpush') && listening !== '';
      });
    await until('workers wait at the master and listen to it', doWorkersWait);
    const said = Array.from({ length: 10 }, (_, at) => `Text ${at}`);
    for (const [at, text] of said.entries()) {
      if (at === 3) await sentinels.killMaster();
      expect(await world.text(Ann, number, text)).to.equal(200);
    }
    await world.quiet();
    for (const phone of [Bob, Cid])
      expect(
        world
          .textsTo(phone)
          .map(({ text }) => text.replace('Ann: ', ''))
          .filter((text) => said.includes(text))
          .sort(),
      ).to.deep.equal(said);
    await until('workers wait at the new master and listen to it', doWorkersWait);
    expect(await world.logIn(Bob)).to.match(/\S{16}/);
  });
});

describe('a Redis that has become a replica', () => {
  it('is asked anew, on another connection, until it takes writes', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-replica-'));
    const guard = openGuard(folder);
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const server = await startRedisServer(guard, { folder, args: ['--port', String(port), '--dir', folder], url });
    const [admin, redis] = [new Redis(url), connectRedis(url, 'work')];
    await redis.set('seat', 'taken');
    await admin.replicaof('127.0.0.1', '1');
    const refused = once(redis, 'close');
    const written = redis.set('seat', 'free');
    await refused;
    await admin.replicaof('NO', 'ONE');
    expect(await written).to.equal('OK');
    for (const one of [admin, redis]) one.disconnect();
    await server.kill();
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  });
});
