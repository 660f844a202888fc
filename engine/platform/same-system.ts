import { randomBytes } from 'node:crypto';
import { DatabaseUnavailable, type Db } from '../../db/connect.ts';
import { takeSystemName } from '../../db/system-name.ts';
import { BadConfig, type Config } from './config.ts';
import { keys } from './keys.ts';
import type { RedisClient } from './redis.ts';
import { isSchemaMissing } from './refusals.ts';

/**
 * Two systems that share their keys would send each other's texts: throws `BadConfig` where Redis belongs to another
 * database. Where Redis, MySQL or the table is not there yet nobody can know; nothing is waited for.
 */
export async function refuseOtherSystem({
  db,
  redis,
  config,
}: {
  db: Db;
  redis: RedisClient;
  config: Config;
}): Promise<void> {
  const ours = await takeSystemName(db, randomBytes(16).toString('base64url')).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable || isSchemaMissing(error)) return null;
    throw error;
  });
  if (ours === null) return;
  const theirs = await claim(redis, ours).catch(() => ours);
  if (theirs === ours || theirs === null) return;
  throw new BadConfig([
    `REDIS_URL${config.REDIS_PREFIX === '' ? '' : ' with this REDIS_PREFIX'} names a Redis that serves another database: name another one or set REDIS_PREFIX, or empty it if that database is gone`,
  ]);
}

async function claim(redis: RedisClient, name: string): Promise<string | null> {
  await redis.set(keys.system, name, 'NX');
  return redis.get(keys.system);
}
