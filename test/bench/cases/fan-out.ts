import { Redis } from 'ioredis';
import { addToJobs, newJobs } from '../../../engine/delivery/job-plan.ts';
import { readConfig } from '../../../engine/platform/config.ts';
import type { SendJob } from '../../../engine/platform/jobs.ts';
import { openLogger } from '../../../engine/platform/logger.ts';
import { openQueues, type Queues } from '../../../engine/platform/queues.ts';
import type { Case, Contestant } from '../case.ts';
import type { Fixture } from '../fixture.ts';
import { shareOf } from '../spread.ts';

const RECIPIENTS = 100;
const TIMES = 200;

export const QUEUED = 'as the engine queues them';
export const MEDIAN = 'ms, median';

/** What it takes to put the deliveries of one message into the sending queue; nobody works there meanwhile. */
export const fanOut: Case = {
  name: 'fan-out',
  reporting: 'none',
  title: `${RECIPIENTS} deliveries of a message into the queue`,
  async prepare(fixture, { share }) {
    const { queues, empty } = openQuietQueues(fixture);
    const times = Math.round(TIMES * share);
    const alone = (jobs: readonly SendJob[]) =>
      jobs.flatMap(({ batches, ...job }) =>
        batches.flatMap(({ to, ...batch }) =>
          to.map((personId): SendJob => ({ ...job, batches: [{ ...batch, id: personId, to: [personId] }] })),
        ),
      );
    return [
      adder({ name: QUEUED, times, empty, add: (jobs) => queues.addSends(jobs) }),
      adder({ name: 'a job a recipient, in one go', times, empty, add: (jobs) => queues.addSends(alone(jobs)) }),
      adder({
        name: 'a job a recipient, one after the other',
        ...{ times: Math.ceil(times / 4), empty },
        async add(jobs) {
          for (const job of alone(jobs)) await queues.addSends([job]);
        },
      }),
    ];
  },
  ratios: [
    {
      name: 'one after the other ÷ as the engine does',
      over: ['a job a recipient, one after the other', MEDIAN],
      under: [QUEUED, MEDIAN],
    },
  ],
};

function adder(how: {
  name: string;
  times: number;
  empty(): Promise<unknown>;
  add(jobs: readonly SendJob[]): Promise<void>;
}): Contestant {
  return {
    name: how.name,
    async round() {
      const taken: number[] = [];
      for (let messageId = 1; messageId <= how.times; messageId++) {
        const jobs = jobsOf(messageId);
        const start = performance.now();
        await how.add(jobs);
        taken.push(performance.now() - start);
      }
      await how.empty();
      taken.sort((a, b) => a - b);
      return { [MEDIAN]: shareOf(taken, 0.5), 'ms, p99': shareOf(taken, 0.99) };
    },
  };
}

function jobsOf(messageId: number): SendJob[] {
  const plan = newJobs();
  const slot = { queuedAt: new Date(), atMs: null };
  const all = {
    messageId,
    numberId: 1,
    groupId: 1,
    part: 0,
    attempt: 0,
    cost: 1,
    urgent: false,
    size: 1,
    slot,
  } as const;
  for (let personId = 1; personId <= RECIPIENTS; personId++) addToJobs(plan, { ...all, personId });
  return plan.jobs;
}

/** In a database of their own on the fixture's Redis. */
function openQuietQueues(fixture: Fixture): { queues: Queues; empty(): Promise<unknown> } {
  const url = new URL(fixture.redisUrl);
  url.pathname = '/9';
  const config = readConfig({
    ...{ MYSQL_URL: fixture.mysqlUrl, REDIS_URL: url.href, PUBLIC_URL: fixture.api, SERVICE_NUMBER: '+12025550100' },
    ...{ PLIVO_AUTH_ID: fixture.auth.authId, PLIVO_AUTH_TOKEN: fixture.auth.authToken },
  });
  const queues = openQueues({ config, log: openLogger({ level: 'silent', process: 'bench' }), works: true });
  const redis = new Redis(url.href);
  fixture.onClose(async () => {
    await queues.close();
    redis.disconnect();
  });
  return { queues, empty: () => redis.flushdb() };
}
