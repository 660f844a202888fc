import { Redis } from 'ioredis';

/** An empty Redis database that no other test has at the moment. The servers have 16; number 0 counts whose turn it is. */
export async function openRedisDatabase(): Promise<Redis & { url: string }> {
  const url = new URL(process.env.TEST_REDIS_URL ?? '');
  const counter = new Redis(url.href);
  url.pathname = `/${1 + ((await counter.incr('worlds')) % 15)}`;
  counter.disconnect();
  const redis = new Redis(url.href);
  await redis.flushdb();
  return Object.assign(redis, { url: url.href });
}
