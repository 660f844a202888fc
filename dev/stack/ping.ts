import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { readMysqlAddress } from '../../db/mysql-address.ts';
import { readRedisAddress } from '../../engine/platform/redis-address.ts';

const milliseconds = 2000;

/** Rejects unless the MySQL or MariaDB at this address lets us in. */
export async function pingMysql(url: string): Promise<void> {
  const connection = await createConnection({ ...readMysqlAddress(url), connectTimeout: milliseconds });
  try {
    await connection.ping();
  } finally {
    connection.destroy();
  }
}

/** Rejects unless the Redis at this address, or the first of a cluster's list, lets us in and has its data loaded. */
export async function pingRedis(urls: string): Promise<void> {
  const { cluster, options } = readRedisAddress(urls);
  const client = new Redis({
    ...options,
    ...cluster?.[0],
    lazyConnect: true,
    connectTimeout: milliseconds,
    commandTimeout: milliseconds,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
