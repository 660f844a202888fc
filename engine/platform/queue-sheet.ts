import type { Config } from './config.ts';
import { queueKey, queueNames } from './queue-names.ts';
import type { RedisClient } from './redis.ts';
import { settings } from './settings.ts';

/** `oldestMs`: how long ago the job that is next, or was begun first, was queued; null where there is none. */
export type QueueLine = {
  queue: string;
  state: 'waiting' | 'active' | 'delayed';
  jobs: number;
  oldestMs: number | null;
  /** No process takes it: QUEUE_SHARDS was more when it was filled. */
  left: boolean;
};

/**
 * Every queue of ours, each state, and what is left in queues of a larger QUEUE_SHARDS. `redis` has no prefix: names of Bull's
 * keys hold it.
 */
export async function readQueueSheet(redis: RedisClient, config: Config): Promise<QueueLine[]> {
  const ours = queueNames(config);
  const larger = queueNames({ ...config, QUEUE_SHARDS: settings.QUEUE_SHARDS.max });
  const lines = await Promise.all(
    larger.map(async (queue) => {
      const left = !ours.includes(queue);
      const found = await Promise.all(states.map((state) => readLine(redis, { config, queue, state, left })));
      return left && found.every(({ jobs }) => jobs === 0) ? [] : found;
    }),
  );
  return lines.flat();
}

/** The queues of a larger QUEUE_SHARDS in which something is left; every sender looks, by one command a queue. */
export async function readLeftQueues(redis: RedisClient, config: Config): Promise<string[]> {
  const ours = queueNames(config);
  const larger = queueNames({ ...config, QUEUE_SHARDS: settings.QUEUE_SHARDS.max }).filter(
    (one) => !ours.includes(one),
  );
  const found = await Promise.all(
    larger.map(async (name) => {
      const held = await redis.exists(...['wait', 'delayed'].map((of) => queueKey(config, name, of)));
      return held > 0 ? [name] : [];
    }),
  );
  return found.flat();
}

const states = ['waiting', 'active', 'delayed'] as const;

async function readLine(
  redis: RedisClient,
  { config, queue, state, left }: Pick<QueueLine, 'queue' | 'state' | 'left'> & { config: Config },
): Promise<QueueLine> {
  const key = queueKey(config, queue, state === 'waiting' ? 'wait' : state);
  const jobs = state === 'delayed' ? await redis.zcard(key) : await redis.llen(key);
  const [first] =
    jobs === 0 ? [] : state === 'delayed' ? await redis.zrange(key, 0, 0) : await redis.lrange(key, -1, -1);
  const queuedAt = first === undefined ? null : await redis.hget(queueKey(config, queue, first), 'timestamp');
  return { queue, state, jobs, oldestMs: queuedAt === null ? null : Math.max(0, Date.now() - Number(queuedAt)), left };
}
