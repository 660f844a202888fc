import type { Logger } from './logger.ts';
import { connectRedis, type RedisClient, type RedisSettings, type RedisUse } from './redis.ts';

export type QueueConnections = {
  create(type: 'client' | 'subscriber' | 'bclient'): RedisClient;
  /** Ends the waits for jobs: what comes is not taken any more. */
  stopWaiting(): void;
  close(): void;
};

/**
 * Bull asks for three connections a queue; the first two are shared. A process that only adds jobs fails at once
 * while Redis is unavailable instead of gathering commands: what it could not queue is in MySQL.
 */
export function openQueueConnections(
  config: { REDIS_URL: string } & RedisSettings,
  { works, log }: { works: boolean; log: Logger },
): QueueConnections {
  // Bull has a prefix of its own.
  const settings = { ...config, REDIS_PREFIX: '' };
  const opened: RedisClient[] = [];
  function open(use: RedisUse): RedisClient {
    const redis = connectRedis(config.REDIS_URL, use, settings);
    redis.setMaxListeners(100);
    redis.on('error', (err) => log.debug({ code: codeOf(err) }, 'redis connection had an error'));
    opened.push(redis);
    return redis;
  }
  const waiting: RedisClient[] = [];
  let client: RedisClient | undefined;
  let subscriber: RedisClient | undefined;
  return {
    create(type) {
      if (type === 'bclient') {
        const redis = open('block');
        waiting.push(redis);
        return waitingOnce(redis);
      }
      if (type === 'client') {
        client ??= open(works ? 'work' : 'ask');
        return client;
      }
      subscriber ??= open('listen');
      return subscriber;
    },
    stopWaiting() {
      for (const redis of waiting) redis.disconnect();
    },
    // Bull closes only the connections that it made itself.
    close() {
      for (const redis of opened) redis.disconnect();
    },
  };
}

/**
 * Bull waits for a job once for each of its places, all on one connection, and Redis gives jobs to all of these, one after the
 * other, whether anybody listens: a process that stands still would be given so many that another could have had. So one waits at
 * a time.
 */
function waitingOnce(redis: RedisClient): RedisClient {
  const wait = redis.brpoplpush.bind(redis) as (...parts: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const waits = (...parts: unknown[]) => {
    const mine = last.then(() => wait(...parts));
    last = mine.catch(() => undefined);
    return mine;
  };
  return Object.assign(redis, { brpoplpush: waits });
}

/** What Node or Redis calls an error, short enough for a log. */
export function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? error.message;
}
