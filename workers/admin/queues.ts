import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../engine/platform/config.ts';
import { type QueueLine, readQueueSheet } from '../../engine/platform/queue-sheet.ts';
import { connectRedis } from '../../engine/platform/redis.ts';
import { configIn } from './at-carriers.ts';
import { type Call, type Command, Misuse, NotPossible, type Outcome } from './command.ts';
import { tableOf } from './table.ts';

export const queuesShow: Command = {
  words: ['queues', 'show'],
  takes: [],
  does: 'shows each queue in Redis: how many jobs wait, are worked on and are delayed, and how old the oldest is; also what is left in queues of a larger QUEUE_SHARDS, which senders that start, or the sweeper, send',
  examples: ['queues show', 'queues show --json'],
  run: ({ env }) =>
    withQueues(env, async (read) => {
      const queues = await read();
      const cells = queues.map(({ queue, state, jobs, oldestMs, left }) => [
        ...[left ? `${queue} (nobody takes it)` : queue, state, String(jobs), oldestMs === null ? '' : ageOf(oldestMs)],
      ]);
      return { text: tableOf(['queue', 'state', 'jobs', 'oldest'], cells), json: { queues } };
    }),
};

export const queuesDrain: Command = {
  words: ['queues', 'drain'],
  takes: [],
  options: { '--wait <minutes>': 'how long at most; 10 where it is not said' },
  does: 'waits until no sending queue holds a job and nothing is fanned out, and says each second what is left: before QUEUE_SHARDS is changed. Stop fanout first, so that nothing new comes: texts are accepted meanwhile. The exit code is 1 where something is left',
  examples: ['queues drain', 'queues drain --wait 30'],
  run: ({ env, options, tell }) =>
    withQueues(env, async (read) => {
      const minutes = options.wait ?? '10';
      if (!/^\d{1,4}$/.test(minutes)) throw new Misuse(`"${minutes}" is no number of minutes.`);
      const until = performance.now() + Number(minutes) * 60_000;
      for (;;) {
        const left = (await read()).filter(isUnderWay);
        const jobs = left.reduce((sum, line) => sum + line.jobs, 0);
        if (jobs === 0) return { text: 'Nothing is under way.', json: { jobs, queues: left } };
        const where = left.map(({ queue, state, jobs: count }) => `${queue} ${state} ${count}`).join(', ');
        if (performance.now() >= until)
          return { text: `${jobs} jobs are left: ${where}.`, json: { jobs, queues: left }, failed: true };
        tell(`${jobs} jobs: ${where}`);
        await sleep(LOOK_MS);
      }
    }),
};

const LOOK_MS = 1_000;

/** Tries that wait for their backoff, and alerts by push, are in queues that no setting renames. */
function isUnderWay({ queue, state, jobs }: QueueLine): boolean {
  if (jobs === 0 || queue === 'push') return false;
  return queue !== 'fanout' || state !== 'delayed';
}

function ageOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

async function withQueues(
  env: Call['env'],
  work: (read: () => Promise<QueueLine[]>) => Promise<Outcome>,
): Promise<Outcome> {
  const config: Config = configIn(env);
  const redis = connectRedis(config.REDIS_URL, 'ask', { ...config, REDIS_PREFIX: '' });
  redis.on('error', () => undefined);
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(WAIT_MS) }).catch(() => {
      throw new NotPossible('The Redis that REDIS_URL names does not answer: doctor says why.');
    });
    return await work(() => readQueueSheet(redis, config));
  } finally {
    redis.disconnect();
  }
}

const WAIT_MS = 3_000;
