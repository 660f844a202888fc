import { expect } from 'chai';
import { commitProbe } from '../../../db/commit-probe.ts';
import { openDb } from '../../../db/connect.ts';
import { batched } from '../../../engine/platform/batch.ts';
import { openRuntime } from '../../../engine/platform/runtime.ts';
import { openWatchdog, type Watchdog } from '../../../engine/platform/watchdog.ts';
import { openGate } from '../../support/gate.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('the watchdog of a worker', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  /** The connection of a process that has just started may not be there yet. */
  const add = (id: number) =>
    until('the job is queued', () =>
      world.runtime.queues.addFanOut([id]).then(
        () => true,
        () => false,
      ),
    );
  const takes = (queue: string) => queue === 'fanout';
  const idle = async () => [];
  const often = { stuckMs: 20, everyMs: 5 };

  it('barks when jobs wait and none is taken', async () => {
    await add(1);
    await new Promise<void>((onStuck) =>
      openWatchdog(world.runtime, { jobs: { takes, behind: idle }, onStuck, ...often }),
    );
  });

  it('is silent as long as jobs are taken, and while one runs however long', async () => {
    const worker = await openRuntime(world.runtime.config, { process: 'fanout' });
    const barks: string[] = [];
    let watchdog: Watchdog | undefined;
    let looks = 0;
    const { depths } = worker.queues;
    // The job that runs sees the watchdog look a hundred times, while others wait behind it.
    const seen = new Promise<void>((resolve) => {
      Object.assign(worker.queues, {
        depths: async () => {
          looks += 1;
          if (looks === 100) resolve();
          return depths();
        },
      });
    });
    async function messages(): Promise<void> {
      // Not before: until its first job comes, a worker that has just started is one that takes none.
      watchdog ??= openWatchdog(worker, {
        jobs: { takes, behind: idle },
        onStuck: () => barks.push('stuck'),
        ...often,
      });
      await watchdog.watched(() => seen)();
    }
    for (let id = 1; id <= 40; id++) await add(id);
    worker.queues.workFanOut({ messages, dispatch: async () => {}, retry: async () => {} });
    await seen;
    watchdog?.stop();
    await worker.queues.drain();
    await worker.close();
    expect(barks).to.deep.equal([]);
  });

  it('does not mind jobs of queues that are for others', async () => {
    await add(99);
    const barks: string[] = [];
    let looks = 0;
    await new Promise<void>((resolve) => {
      const { depths } = world.runtime.queues;
      const queues = {
        ...world.runtime.queues,
        depths: async () => {
          looks += 1;
          if (looks === 20) resolve();
          return depths();
        },
      };
      const onStuck = () => barks.push('stuck');
      openWatchdog(
        { ...world.runtime, queues },
        { jobs: { takes: (queue) => queue !== 'fanout', behind: idle }, onStuck, ...often },
      );
    });
    expect(barks).to.deep.equal([]);
  });

  it('barks when what has begun never ends, while texts that it could move get old', async () => {
    const behind = async () => [{ ageMs: 1_000 }];
    await new Promise<void>((onStuck) => {
      const watchdog = openWatchdog(world.runtime, { jobs: { takes, behind }, onStuck, ...often });
      void watchdog.watched(() => new Promise<void>(() => undefined))();
    });
  });

  it('barks at a batcher that stands still, in a process that takes no jobs', async () => {
    let end = () => {};
    const stands = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { add } = batched<number, number>({
      max: 1,
      lingerMs: 0,
      parallel: 1,
      flush: (items) => stands.then(() => items),
    });
    const added = add(1);
    await new Promise<void>((onStuck) => openWatchdog(world.runtime, { onStuck, ...often }));
    end();
    expect(await added).to.equal(1);
  });

  it('is silent at a batcher that waits for a MySQL which answers, but commits nothing', async () => {
    const holder = openDb(world.runtime.config.MYSQL_URL, { size: 1 });
    await commitProbe(holder);
    await holder.raw('BEGIN');
    await holder.raw('SELECT * FROM commit_probes FOR UPDATE');
    const { add, close } = batched<number, number>({
      max: 1,
      lingerMs: 0,
      flush: async (items) => {
        await done;
        return items;
      },
    });
    let finish = () => {};
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    void add(1);
    let looks = 0;
    const jobs = { takes: () => false, behind: idle };
    const { depths } = world.runtime.queues;
    await new Promise<void>((onStuck) => {
      const queues = {
        ...world.runtime.queues,
        depths: async () => {
          looks += 1;
          // The looks before this one have asked, in vain.
          if (looks === 3) await holder.raw('ROLLBACK');
          return depths();
        },
      };
      openWatchdog({ ...world.runtime, queues }, { jobs, onStuck, ...often });
    });
    finish();
    await close();
    await holder.destroy();
    expect(looks).to.be.at.least(3);
  });

  it('asks over connections of its own: that those of the process are dead does not keep it from seeing', async () => {
    const gate = await openGate(world.runtime.config.REDIS_URL);
    const dead = await openRuntime({ ...world.runtime.config, REDIS_URL: gate.url }, { process: 'web' });
    gate.silence();
    try {
      await new Promise<void>((onStuck) =>
        openWatchdog(dead, { jobs: { takes, behind: idle }, onStuck, stuckMs: 20, everyMs: 5 }),
      );
    } finally {
      await dead.close();
      await gate.close();
    }
  });
});
