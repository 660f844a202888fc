import { Redis } from 'ioredis';

/** An empty Redis database that no other test has at the moment. */
export async function openRedisDatabase(): Promise<Redis & { url: string }> {
  const url = await takeRedisDatabase(process.env.TEST_REDIS_URL ?? '');
  return Object.assign(new Redis(url), { url });
}

/** Empties the database whose turn it is and answers its address; number 0 counts the turns. */
export async function takeRedisDatabase(server: string): Promise<string> {
  const url = new URL(server);
  const redis = new Redis(url.href);
  const [, databases = '16'] = (await redis.config('GET', 'databases')) as string[];
  const index = 1 + ((await redis.incr('worlds')) % (Number(databases) - 1));
  await redis.select(index);
  await redis.flushdb();
  redis.disconnect();
  url.pathname = `/${index}`;
  return url.href;
}
