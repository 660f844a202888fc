import { expect } from 'chai';
import { startGroup, type TestGroup } from '../support/group.ts';
import { type, typeJson } from '../support/operator.ts';
import { envOf } from '../support/settings.ts';
import { openWorkers } from '../support/workers.ts';
import { openWorld, type World } from '../support/world.ts';

describe('an operator and queues', () => {
  let world: World;
  let env: Record<string, string>;
  let group: TestGroup;
  before(async () => {
    world = await openWorld({ workers: false, env: { QUEUE_SHARDS: '2' } });
    env = envOf(world.runtime.config);
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    expect(await world.text(group.phones.Ann ?? '', group.number, 'Hello')).to.equal(200);
  });
  after(() => world.close());

  type Line = { queue: string; state: string; jobs: number; oldestMs: number | null; left: boolean };
  const show = async (more: Record<string, string> = {}) =>
    ((await typeJson('queues show', { ...env, ...more })).queues as Line[]).filter(({ jobs }) => jobs > 0);

  it('show what waits in each, and how old it is', async () => {
    const waiting = (await show()).find(({ queue, state }) => queue === 'fanout' && state === 'waiting');
    expect(waiting).to.include({ jobs: 1, left: false });
    expect(waiting?.oldestMs).to.be.a('number').within(0, 600_000);
    expect((await type('queues show', env)).out).to.match(/sms-1 *│ delayed *│ +0 │/);
  });

  it('show what a larger QUEUE_SHARDS left behind, which nobody takes', async () => {
    const batch = { id: 1, part: 0, to: [1], afterMs: 0 };
    const send = { messageId: 999_999, attempt: 1, numberId: 1, urgent: false, batches: [batch], atMs: null };
    await world.runtime.queues.addSends([send]);
    expect((await show()).find(({ queue }) => queue === 'sms-1')).to.include({ state: 'waiting', left: false });
    const after = await show({ QUEUE_SHARDS: '1' });
    expect(after.find(({ queue }) => queue === 'sms-1')).to.include({ state: 'waiting', left: true });
    expect((await type('queues show', { ...env, QUEUE_SHARDS: '1' })).out).to.contain('sms-1 (nobody takes it)');
  });

  it('are drained when nothing is under way, and how far that is is told', async () => {
    expect((await type('queues drain --wait soon', env)).code).to.equal(2);
    const tooSoon = await type('queues drain --wait 0', env);
    expect([tooSoon.code, /\d+ jobs are left: .*fanout waiting/.test(tooSoon.out)]).to.deep.equal([1, true]);
    const draining = type('queues drain', env);
    const workers = await openWorkers(world);
    try {
      const { code, out, err } = await draining;
      expect([code, out]).to.deep.equal([0, 'Nothing is under way.\n']);
      expect(err).to.match(/^\d+ jobs: /);
      expect(await show()).to.deep.equal([]);
      expect(world.textsTo(group.phones.Bob ?? '')).to.have.length(2);
    } finally {
      await workers.close();
    }
  });

  it('need a Redis that answers', async () => {
    const { code, err } = await type('queues show', { ...env, REDIS_URL: 'redis://127.0.0.1:1' });
    expect([code, /does not answer: doctor says why/.test(err)]).to.deep.equal([1, true]);
  });
});
