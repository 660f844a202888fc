import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { connectRedis } from '../../../engine/platform/redis.ts';
import { type Gate, openGate } from '../../support/gate.ts';
import { startGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('connections to Redis that go silent while Redis is well', () => {
  let world: World;
  let gate: Gate;
  let workers: Workers;
  before(async () => {
    world = await openWorld({ workers: false });
    gate = await openGate(world.runtime.config.REDIS_URL);
    const config = { ...world.runtime.config, REDIS_URL: gate.url };
    workers = await openWorkers({ ...world, runtime: { ...world.runtime, config } });
  });
  after(async () => {
    await workers.close();
    await gate.close();
    await world.close();
  });

  it('are opened anew by every worker, and what waits goes out', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Deaf' });
    const { Alice = '', Bob = '' } = group.phones;
    for (const said of ['One', 'Two']) {
      gate.silence();
      await world.text(Alice, group.number, said);
      await until(`${said} has arrived`, async () =>
        world.simulator.textsTo(Bob).some(({ text }) => text.endsWith(said)),
      );
    }
  });

  it('fail a command in time and work for the next ones', async () => {
    for (const use of ['ask', 'work'] as const) {
      const redis = connectRedis(gate.url, use);
      redis.on('error', () => undefined);
      await until('it answers', () =>
        redis.ping().then(
          () => true,
          () => false,
        ),
      );
      gate.silence();
      await redis.ping().catch(() => undefined);
      await until('it answers again', () =>
        redis.ping().then(
          () => true,
          () => false,
        ),
      );
      redis.disconnect();
    }
  });

  it('come back also where what they asked first is given up while they are closed', async () => {
    // What a client may say of itself before it is ready.
    gate.swallow(/setinfo/i, { times: 4 });
    const connections = [];
    const began = performance.now();
    for (let at = 0; at < 4; at++) {
      const redis = connectRedis(gate.url, 'work');
      redis.on('error', () => undefined);
      connections.push(redis);
      await sleep(25);
    }
    await Promise.all(connections.map((redis) => redis.ping()));
    gate.swallow(/setinfo/i, { times: 0 });
    // It would be given up after ten seconds: then each of them is about to connect anew.
    await sleep(9_990 - (performance.now() - began));
    gate.cut();
    gate.open();
    await sleep(500);
    const answers = connections.map((redis) => Promise.race([redis.ping(), sleep(8_000, 'no answer', { ref: false })]));
    expect(await Promise.all(answers)).to.deep.equal(connections.map(() => 'PONG'));
    for (const redis of connections) redis.disconnect();
  });

  it('that only hear news are asked whether they live', async () => {
    const redis = connectRedis(gate.url, 'listen');
    redis.on('error', () => undefined);
    const heard: string[] = [];
    redis.on('message', (_channel, news) => heard.push(news));
    await redis.subscribe('news');
    gate.silence();
    await until('news are heard again', async () => {
      await world.runtime.redis.publish('news', 'hear, hear');
      return heard.length > 0;
    });
    expect(heard[0]).to.equal('hear, hear');
    redis.disconnect();
  });
});
