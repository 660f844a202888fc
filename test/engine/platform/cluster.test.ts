import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { sweep } from '../../../engine/delivery/sweep.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { openQueues } from '../../../engine/platform/queues.ts';
import { mastersOf } from '../../../engine/platform/redis.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openRedisCluster, type RedisCluster } from '../../support/redis-cluster.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

/** A part of the turns, and a sending queue, for each node. */
const SETTINGS = { QUEUE_SHARDS: '3', TURN_SHARDS: '3', NUMBER_MPS: '20', ACCOUNT_MPS: '50' };

describe('a Redis Cluster of three nodes, with three sending queues and turns in three parts', () => {
  let cluster: RedisCluster;
  let world: World;
  const groups: TestGroup[] = [];

  before(async () => {
    cluster = await openRedisCluster(3);
    world = await openWorld({ env: { ...SETTINGS, REDIS_URL: cluster.url } });
    // The same people each time, so that each group has another number, and every queue gets one.
    const phones = { Ann: '+13025551001', Bob: '+13025551002', Cy: '+13025551003' };
    for (const name of ['Owls', 'Larks', 'Wrens'])
      groups.push(await startGroup(world, ['Ann', 'Bob', 'Cy'], { name, phones }));
  });
  after(async () => {
    await world?.close();
    await cluster?.close();
  });

  it('brings every text to everybody once, through all queues', async () => {
    expect(new Set(groups.map(({ numberId }) => numberId % 3)).size).to.equal(3);
    const [bob, cy] = ['+13025551002', '+13025551003'].map((phone) => world.simulator.textsTo(phone).length);
    await Promise.all(groups.map(({ number }) => world.text('+13025551001', number, `Hello from ${number}`)));
    await world.quiet();
    for (const [phone, before] of [
      ['+13025551002', bob],
      ['+13025551003', cy],
    ] as const) {
      const arrived = world.simulator.textsTo(phone).slice(before);
      expect(arrived.map(({ from, text }) => text.includes(`Hello from ${from}`))).to.deep.equal([true, true, true]);
    }
  });

  it('has the turns of each number in its part, and parts on several nodes', async () => {
    const held = await Promise.all(mastersOf(world.runtime.redis).map((node) => node.keys('*:fair-queue:plivo:next')));
    expect(held.flat()).to.have.members([0, 1, 2].map((shard) => `${keys.fairQueue('plivo', shard)}:next`));
    expect(held.filter((some) => some.length > 0).length).to.be.above(1);
    const shared = await Promise.all(mastersOf(world.runtime.redis).map((node) => node.keys('*:leased:account')));
    expect(shared.flat()).to.have.length.at.most(1);
  });

  it('has queues on every node, and each queue whole on one', async () => {
    const held = await Promise.all(mastersOf(world.runtime.redis).map((node) => node.keys('{gtx-[^t]*')));
    const queues = held.map((keys) => [...new Set(keys.map((key) => key.split(':')[0]))]);
    expect(queues.every((names) => names.length > 0)).to.equal(true);
    expect(queues.flat().sort()).to.deep.equal([
      '{gtx-fanout}',
      '{gtx-hooks}',
      '{gtx-push}',
      '{gtx-sms-0}',
      '{gtx-sms-1}',
      '{gtx-sms-2}',
    ]);
  });

  it('counts tries and says that it is well', async () => {
    expect(await world.logIn('+13025551002')).to.match(/\S{16}/);
    const ready = await fetch(`${world.url}/readyz`);
    expect(await ready.json()).to.include({ status: 'OK' });
    expect(await world.runtime.queues.depths()).to.have.length(18);
  });

  it('lets its workers go when they stop, though all places of all queues wait for jobs, and keeps none of their connections', async () => {
    const connected = async () => {
      const held = await Promise.all(mastersOf(world.runtime.redis).map((node) => node.client('LIST')));
      return held.flatMap((one) => String(one).trim().split('\n')).length;
    };
    const before = await connected();
    const config = { ...world.runtime.config, REDIS_PREFIX: 'apart:' };
    const workers = openQueues({ config, log: world.runtime.log, works: true });
    const taken = new Promise<void>((resolve) => workers.workPushes(async () => resolve()));
    workers.workSends(async () => undefined);
    workers.workHooks(async () => undefined);
    workers.workFanOut({ messages: async () => {}, dispatch: async () => {}, retry: async () => {} });
    await workers.addPushes([{ messageId: 1, to: [1] }]);
    await taken;
    expect(await connected()).to.be.above(before);
    await workers.drain();
    await workers.close();
    await until('its connections are gone', async () => (await connected()) <= before);
  });

  it('goes on where a node was killed and started again: every text comes once, and none too fast', async () => {
    const before = world.simulator.accepted.length;
    const sayAll = (text: string) =>
      Promise.all(
        groups.map(({ number }) =>
          until('it is taken', async () => (await world.text('+13025551001', number, text)) === 200),
        ),
      );
    await sayAll('Before');
    const startAgain = await cluster.kill(1);
    await sleep(500);
    await startAgain();
    await sayAll('After');
    const expected = groups.flatMap(({ number }) =>
      ['+13025551002', '+13025551003'].flatMap((to) => ['Before', 'After'].map((text) => `${number} ${to} ${text}`)),
    );
    const arrived = () =>
      world.simulator.accepted.slice(before).map(({ from, to, text }) => `${from} ${to} ${text.slice('Ann: '.length)}`);
    await until('all have come', async () => {
      await sweep(world.runtime);
      return new Set(arrived()).size >= expected.length;
    });
    await world.quiet();
    expect(arrived()).to.have.members(expected);
  });
});
