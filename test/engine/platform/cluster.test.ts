import { expect } from 'chai';
import { mastersOf } from '../../../engine/platform/redis.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openRedisCluster, type RedisCluster } from '../../support/redis-cluster.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a Redis Cluster of three nodes, with three sending queues', () => {
  let cluster: RedisCluster;
  let world: World;
  const groups: TestGroup[] = [];

  before(async () => {
    cluster = await openRedisCluster(3);
    world = await openWorld({ env: { REDIS_URL: cluster.url, QUEUE_SHARDS: '3', NUMBER_MPS: '500' } });
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

  it('has queues on every node, and each queue whole on one', async () => {
    const held = await Promise.all(mastersOf(world.runtime.redis).map((node) => node.keys('{gtx-*')));
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
});
