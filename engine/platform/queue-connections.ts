import type { Logger } from './logger.ts';
import { connectRedis, type RedisClient, type RedisUse } from './redis.ts';

export type QueueConnections = { create(type: 'client' | 'subscriber' | 'bclient'): RedisClient; close(): void };

/**
 * Bull asks for three connections a queue; the first two are shared. A process that only adds jobs fails at once
 * while Redis is unavailable instead of gathering commands: what it could not queue is in MySQL.
 */
export function openQueueConnections(url: string, { works, log }: { works: boolean; log: Logger }): QueueConnections {
  const opened: RedisClient[] = [];
  function open(use: RedisUse): RedisClient {
    const redis = connectRedis(url, use);
    redis.setMaxListeners(100);
    redis.on('error', (err) => log.debug({ code: codeOf(err) }, 'redis connection had an error'));
    opened.push(redis);
    return redis;
  }
  let client: RedisClient | undefined;
  let subscriber: RedisClient | undefined;
  return {
    create(type) {
      if (type === 'bclient') return open('block');
      if (type === 'client') {
        client ??= open(works ? 'work' : 'ask');
        return client;
      }
      subscriber ??= open('listen');
      return subscriber;
    },
    // Bull closes only the connections that it made itself.
    close() {
      for (const redis of opened) redis.disconnect();
    },
  };
}

/** What Node or Redis calls an error, short enough for a log. */
export function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? error.message;
}
