import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { DatabaseUnavailable } from '../../../db/connect.ts';
import { readConfig } from '../../../engine/platform/config.ts';
import { AHEAD_MS, DISPATCH_STEP_MS, JOB_SHAPE, type SendJob } from '../../../engine/platform/jobs.ts';
import { openLogger } from '../../../engine/platform/logger.ts';
import { openQueues, type Queues } from '../../../engine/platform/queues.ts';
import { readTryName, tryName } from '../../../engine/rules/try-name.ts';
import { openGate } from '../../support/gate.ts';
import { openRedisDatabase } from '../../support/redis.ts';
import { until } from '../../support/rows.ts';

describe('the queues', () => {
  let redis: Awaited<ReturnType<typeof openRedisDatabase>>;
  const opened: Queues[] = [];

  beforeEach(async () => {
    redis = await openRedisDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queues) => queues.close()));
    redis.disconnect();
  });

  function open(env: Record<string, string> = {}, works = true): Queues {
    const config = readConfig({
      MYSQL_URL: 'mysql://127.0.0.1/none',
      REDIS_URL: redis.url,
      PUBLIC_URL: 'http://127.0.0.1',
      PLIVO_AUTH_ID: 'MA',
      PLIVO_AUTH_TOKEN: 'token',
      SERVICE_NUMBER: '+12015550100',
      ...env,
    });
    const queues = openQueues({ config, log: openLogger({ level: 'silent', process: 'test' }), works });
    opened.push(queues);
    return queues;
  }

  function send(some: Partial<SendJob>): SendJob {
    return {
      messageId: 1,
      numberId: 1,
      attempt: 1,
      atMs: null,
      urgent: false,
      batches: [{ id: 1, part: 0, afterMs: 0, to: [1] }],
      ...some,
    };
  }

  /** Works off the queue until `count` sends came; returns them. */
  async function takeSends(queues: Queues, count: number): Promise<SendJob[]> {
    const taken: SendJob[] = [];
    await new Promise<void>((resolve) => {
      queues.workSends(async (job) => {
        taken.push(job);
        if (taken.length === count) resolve();
      });
    });
    await queues.drain();
    return taken;
  }

  it('spread sends over the shards by number, and a worker of all shards gets each once', async () => {
    const queues = open({ QUEUE_SHARDS: '3' });
    await queues.addSends(Array.from({ length: 12 }, (_, at) => send({ messageId: at, numberId: at })));
    for (const shard of [0, 1, 2]) expect(await redis.llen(`{gtx-sms-${shard}}:sms-${shard}:wait`)).to.equal(4);
    const taken = await takeSends(queues, 12);
    expect(taken.map(({ messageId }) => messageId).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 12 }, (_, at) => at),
    );
  });

  it('of a larger QUEUE_SHARDS are worked off too, also what is still put there while processes are replaced', async () => {
    const before = open({ QUEUE_SHARDS: '4' });
    await before.addSends([send({ messageId: 1, numberId: 3 })]);
    const now = open({ QUEUE_SHARDS: '2' });
    const taken: number[] = [];
    now.workSends(async ({ messageId }) => void taken.push(messageId));
    await until('it is taken', async () => taken.length === 1);
    const soon = { atMs: Date.now() + 1_000 };
    await before.addSends([2, 3, 4, 5].map((at) => send({ ...soon, messageId: at, numberId: at })));
    await until('all are', async () => taken.length === 5);
    expect(taken.toSorted()).to.deep.equal([1, 2, 3, 4, 5]);
    await now.drain();
  });

  it('keep a job that only MySQL stops in its place until MySQL is back, for more tries than a job has', async () => {
    const queues = open();
    await queues.addSends([send({})]);
    let tries = 0;
    await new Promise<void>((resolve) => {
      queues.workSends(async () => {
        tries += 1;
        if (tries < 6) throw new DatabaseUnavailable('MySQL is unavailable');
        resolve();
      });
    });
    await queues.drain();
    expect(tries).to.equal(6);
    expect(await redis.keys('*:d*')).to.deep.equal([]);
  });

  it('wait for a job that runs where Redis is gone while the process stops, and fail in nothing that nobody hears', async () => {
    const gate = await openGate(redis.url);
    const queues = open({ REDIS_URL: gate.url });
    await queues.addSends([send({})]);
    let finish = () => {};
    const job = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await new Promise<void>((started) => {
      queues.workSends(() => {
        started();
        return job;
      });
    });
    const unheard: unknown[] = [];
    const note = (error: unknown) => unheard.push(error);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
    try {
      gate.freeze();
      const order: string[] = [];
      const drained = queues.drain().then(() => order.push('drained'));
      // As long as it takes to cut a wait short and to fail to connect again.
      await sleep(4_500);
      order.push('done');
      gate.open();
      finish();
      await drained;
      expect({ order, unheard }).to.deep.equal({ order: ['done', 'drained'], unheard: [] });
    } finally {
      await gate.close();
      process.removeListener('unhandledRejection', note);
      for (const other of others) process.on('unhandledRejection', other);
    }
  });

  it('give a process that stands still one job at most, however many places it has', async () => {
    const gate = await openGate(redis.url);
    try {
      const others = open({}, false);
      open({ REDIS_URL: gate.url }).workSends(async () => {});
      // Long enough for all of its places to wait.
      await sleep(500);
      gate.freeze();
      await others.addSends(Array.from({ length: 10 }, (_, at) => send({ messageId: at + 1 })));
      await sleep(500);
      const jobs = (await others.depths()).filter(({ state }) => state === 'waiting').map((one) => one.jobs);
      expect(Math.max(...jobs)).to.be.at.least(9);
    } finally {
      gate.open();
      await Promise.all(opened.splice(0).map((queues) => queues.close()));
      await gate.close();
    }
  });

  it('leave nothing behind of jobs that are done', async () => {
    const queues = open();
    await queues.addSends([send({}), send({ messageId: 2 })]);
    await takeSends(queues, 2);
    expect(await redis.keys('*:d*')).to.deep.equal([]);
  });

  it('take the same fan-out, retry and moment of a dispatch once, however often it is asked for', async () => {
    const queues = open();
    const at = Date.now() + 60_000;
    await Promise.all(Array.from({ length: 5 }, () => queues.addFanOut([7])));
    await Promise.all(
      Array.from({ length: 5 }, () => queues.addRetry({ messageId: 1, personId: 2, part: 0, attempt: 1 }, at)),
    );
    const moment = Math.floor(at / DISPATCH_STEP_MS) * DISPATCH_STEP_MS;
    await Promise.all(Array.from({ length: 5 }, (_, more) => queues.addDispatch(moment - more)));
    expect(await redis.lrange('{gtx-fanout}:fanout:wait', 0, -1)).to.deep.equal(['m7']);
    const delayed = await redis.zrange('{gtx-fanout}:fanout:delayed', 0, -1);
    expect(delayed.sort()).to.deep.equal([`dispatch${moment}`, 'r1-2-0-1']);
  });

  it('put messages into a job together, as many as are written at once', async () => {
    const queues = open();
    await queues.addFanOut(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(await redis.lrange('{gtx-fanout}:fanout:wait', 0, -1)).to.have.members(['m1x16', 'm17x4']);
    const taken: number[] = [];
    await new Promise<void>((resolve) => {
      queues.workFanOut({
        async messages(ids) {
          taken.push(...ids);
          if (taken.length === 20) resolve();
        },
        dispatch: async () => undefined,
        retry: async () => undefined,
      });
    });
    expect(taken.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('queue a text again that got another slot, though its old job is still there', async () => {
    const queues = open();
    const [first, second] = [Date.now() + 60_000, Date.now() + 61_000];
    await queues.addSends([send({ atMs: first })]);
    await queues.addSends([send({ atMs: first })]);
    await queues.addSends([send({ atMs: second, batches: [{ id: 2, part: 0, afterMs: 0, to: [1] }] })]);
    expect(await redis.zcard('{gtx-sms-0}:sms-0:delayed')).to.equal(2);
  });

  it('give a job as long before its slot as it may be claimed, and urgent ones before others that wait', async () => {
    const queues = open();
    const atMs = Date.now() + AHEAD_MS + 120;
    await queues.addSends([send({ messageId: 1 }), send({ messageId: 2, urgent: true }), send({ messageId: 3, atMs })]);
    const taken = await takeSends(queues, 3);
    expect(Date.now()).to.be.at.least(atMs - AHEAD_MS);
    expect(taken.map(({ messageId }) => messageId)).to.deep.equal([2, 1, 3]);
  });

  it('put what is due in a quarter of a second into a job, of all messages and numbers, and hand on each of it', async () => {
    const queues = open();
    const quarter = Math.ceil((Date.now() + AHEAD_MS + 400) / 250) * 250;
    const soon = Array.from({ length: 60 }, (_, at) =>
      send({ messageId: at + 1, numberId: at + 1, atMs: quarter + at, urgent: at === 7 }),
    );
    await queues.addSends([...soon, send({ messageId: 100, atMs: quarter + 300 })]);
    expect(await redis.zcard('{gtx-sms-0}:sms-0:delayed')).to.equal(4);
    const taken = await takeSends(queues, 61);
    expect(taken.map(({ messageId }) => messageId).sort((a, b) => a - b)).to.deep.equal([
      ...soon.map(({ messageId }) => messageId),
      100,
    ]);
  });

  it('hand on again all of a job of which one fails, when the others have ended', async () => {
    const queues = open();
    const atMs = Date.now();
    await queues.addSends([1, 2, 3].map((messageId) => send({ messageId, numberId: messageId, atMs })));
    const tries: number[] = [];
    const ended: number[] = [];
    await new Promise<void>((resolve) => {
      queues.workSends(async ({ messageId }) => {
        tries.push(messageId);
        if (tries.length > 3) expect(ended).to.include.members([1, 3]);
        if (messageId === 2 && tries.length === 2) throw new Error('this one fails');
        await new Promise(setImmediate);
        ended.push(messageId);
        if (ended.length === 5) resolve();
      });
    });
    await queues.drain();
    expect(tries).to.deep.equal([1, 2, 3, 1, 2, 3]);
  });

  it('say how much room there is in the fullest one', async () => {
    const queues = open({ QUEUE_SHARDS: '2', QUEUE_DEPTH: '100' });
    expect(await queues.room()).to.equal(100);
    const late = Date.now() + 60_000;
    await queues.addSends([
      send({}),
      send({ messageId: 2 }),
      send({ messageId: 3, atMs: late }),
      send({ messageId: 4, numberId: 2 }),
    ]);
    expect(await queues.room()).to.equal(97);
  });

  it('queue everything although Redis has forgotten its scripts', async () => {
    const queues = open();
    await queues.addFanOut([1]);
    await redis.script('FLUSH');
    await queues.addSends(Array.from({ length: 10 }, (_, at) => send({ messageId: at })));
    await queues.addFanOut([2]);
    expect(await redis.llen('{gtx-sms-0}:sms-0:wait')).to.equal(10);
    expect(await redis.lrange('{gtx-fanout}:fanout:wait', 0, -1)).to.have.members(['m1', 'm2']);
  });

  it('try a job that fails again, and drain waits for the one that runs', async () => {
    const queues = open();
    let tries = 0;
    const isDone = new Promise<void>((resolve) => {
      queues.workFanOut({
        async messages() {
          tries++;
          if (tries === 1) throw 'no Error at all';
          await redis.set('done', tries);
          resolve();
        },
        dispatch: async () => undefined,
        retry: async () => undefined,
      });
    });
    await queues.addFanOut([1]);
    await isDone;
    await queues.drain();
    expect(await redis.get('done')).to.equal('2');
  });

  it('put a job of another shape back, and never hand it on', async () => {
    const queues = open();
    const [queue] = queues.all.filter(({ name }) => name === 'sms-0');
    const { messageId, ...older } = send({});
    const foreign = { shape: JOB_SHAPE + 1, message: messageId, ...older };
    await queue?.add('send', foreign, { jobId: 'd1-1', backoff: 60_000 });
    await queues.addSends([send({ messageId: 2 })]);
    expect((await takeSends(queues, 1)).map((job) => job.messageId)).to.deep.equal([2]);
    expect((await queue?.getJob('d1-1'))?.data).to.deep.equal(foreign);
    expect(await queue?.getDelayedCount()).to.equal(1);
  });

  it('fail at once while Redis is unavailable, where jobs are only added', async () => {
    const queues = open({ REDIS_URL: 'redis://127.0.0.1:1' }, false);
    for (const added of [queues.addFanOut([1]), queues.addDispatch(0), queues.addSends([send({})]), queues.room()]) {
      const failed = await added.then(
        () => null,
        (error: unknown) => error,
      );
      expect(failed).to.be.instanceOf(Error);
    }
  });

  it('name every try so that it can be read back, and read nothing else as one', () => {
    const number = fc.integer({ min: 0, max: 10 ** 12 });
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 60_000 }),
        (messageId, personId, part, attempt) => {
          const of = { messageId, personId, part, attempt };
          expect(readTryName(tryName(of))).to.deep.equal(of);
          expect(tryName(of)).to.match(/^[\d-]{7,64}$/);
        },
      ),
    );
    for (const name of [
      '',
      '1',
      '1-2-3',
      '1-2-3-4-5',
      'a-b-c-d',
      '1-2-3-x',
      ' 1-2-3-4',
      '1-2-3-4\n',
      '-1-2-3-4',
      `${'9'.repeat(16)}-1-1-1`,
    ])
      expect(readTryName(name), name).to.equal(null);
  });
});
