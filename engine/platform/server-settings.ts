import { MYSQL_EXPECTED, readMysqlAddress } from '../../db/mysql-address.ts';
import { BadAddress } from '../../db/server-address.ts';
import { readRedisAddress } from './redis-address.ts';

/** What is wrong with the addresses of MySQL and Redis, for an operator who starts the program. */
export function wrongServerSettings({ MYSQL_URL, REDIS_URL }: Partial<Record<string, unknown>>): string[] {
  return [
    ...wrongOf(MYSQL_URL, (url) => {
      // Nothing good comes of a default database.
      if (readMysqlAddress(url).database === undefined) throw new BadAddress(MYSQL_EXPECTED);
    }),
    ...wrongOf(REDIS_URL, readRedisAddress),
  ];
}

function wrongOf(url: unknown, read: (url: string) => unknown): string[] {
  if (typeof url !== 'string') return [];
  try {
    read(url);
    return [];
  } catch (error) {
    if (error instanceof BadAddress) return [error.message];
    throw error;
  }
}
