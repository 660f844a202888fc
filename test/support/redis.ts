import { Redis } from 'ioredis';

/** An empty Redis database that no other test has at the moment. The servers have 16; number 0 counts whose turn it is. */
export async function openRedisDatabase(): Promise<Redis> {
  const redis = new Redis(process.env.TEST_REDIS_URL ?? '');
  await redis.select(1 + ((await redis.incr('worlds')) % 15));
  await redis.flushdb();
  return redis;
}
