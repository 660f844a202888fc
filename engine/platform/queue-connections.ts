import type { Logger } from './logger.ts';
import { connectRedis, type RedisClient, type RedisSettings, type RedisUse } from './redis.ts';

export type QueueConnections = {
  create(type: 'client' | 'subscriber' | 'bclient'): RedisClient;
  /** Ends the waits for jobs: what comes is not taken any more. Each queue may say so. */
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
  const waiting: Waiting[] = [];
  let client: RedisClient | undefined;
  let subscriber: RedisClient | undefined;
  return {
    create(type) {
      if (type === 'bclient') {
        const one = waitingOnce(open('block'));
        waiting.push(one);
        return one.redis;
      }
      if (type === 'client') {
        client ??= open(works ? 'work' : 'ask');
        return client;
      }
      subscriber ??= open('listen');
      return subscriber;
    },
    stopWaiting() {
      for (const { stop } of waiting.splice(0)) stop();
    },
    // Bull closes only the connections that it made itself.
    close() {
      for (const redis of opened.splice(0)) disconnect(redis);
    },
  };
}

/** One that has ended and is told to end again never says that it has, if it is of a cluster, and answers nothing from then on. */
function disconnect(redis: RedisClient): void {
  if (redis.status !== 'end' && redis.status !== 'disconnecting') redis.disconnect();
}

/**
 * Bull waits for a job once for each of its places, all on one connection, and Redis gives jobs to all of these, one after the
 * other, whether anybody listens: a process that stands still would be given so many that another could have had. So one waits at
 * a time. Once that is stopped, those who would be next end at once, and that one with its connection, or soon where a connection
 * never says that it has ended.
 */
function waitingOnce(redis: RedisClient): Waiting {
  const wait = redis.brpoplpush.bind(redis) as (...parts: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  let giveUp = () => {};
  const waitNow = (parts: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      giveUp = () => reject(new Error(CLOSED));
      if (isStopped) giveUp();
      else wait(...parts).then(resolve, reject);
    });
  const waits = (...parts: unknown[]) => {
    const mine = last.then(() => waitNow(parts));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    redis: Object.assign(redis, { brpoplpush: waits }),
    stop() {
      isStopped = true;
      disconnect(redis);
      setTimeout(() => giveUp(), ENDS_WITHIN_MS).unref();
    },
  };
}
type Waiting = { redis: RedisClient; stop(): void };

/** By this Bull knows that a wait was ended, not lost. */
const CLOSED = 'Connection is closed.';
/** A job that Redis has given away already still comes in this time. */
const ENDS_WITHIN_MS = 3_000;

/** What Node or Redis calls an error, short enough for a log. */
export function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? error.message;
}
