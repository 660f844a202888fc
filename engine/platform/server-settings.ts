import { MYSQL_EXPECTED, readMysqlAddress } from '../../db/mysql-address.ts';
import { BadAddress } from '../../db/server-address.ts';
import { readRedisAddress } from './redis-address.ts';

/** What is wrong with the settings of MySQL and Redis, and of what is kept there, for an operator who starts the program. */
export function wrongServerSettings(config: Partial<Record<string, unknown>>): string[] {
  const { MYSQL_URL, REDIS_URL, MYSQL_CONNECTIONS, REDIS_PREFIX, REDIS_TLS_CA, REDIS_TLS_VERIFY } = config;
  const isSecure = typeof REDIS_URL === 'string' && REDIS_URL.startsWith('rediss');
  return [
    // A COMMIT whose answer is lost is looked up over another one.
    ...(MYSQL_CONNECTIONS === 1 ? ['MYSQL_CONNECTIONS must be 0 or at least 2'] : []),
    ...KEPT.filter((name) => Number(config[name] ?? 0) > 0 && Number(config[name]) < FEWEST_DAYS).map(
      (name) => `${name} must be 0 or at least ${FEWEST_DAYS}`,
    ),
    ...(/[{}\s]/.test(String(REDIS_PREFIX ?? '')) ? ['REDIS_PREFIX must hold no braces and no spaces'] : []),
    ...(REDIS_TLS_CA && !isSecure ? ['REDIS_TLS_CA is set but there is no TLS: write rediss:// in REDIS_URL'] : []),
    ...(REDIS_TLS_VERIFY === false && !isSecure
      ? ['REDIS_TLS_VERIFY is 0 but there is no TLS: write rediss:// in REDIS_URL']
      : []),
    ...wrongOf(MYSQL_URL, (url) => {
      // Nothing good comes of a default database.
      if (readMysqlAddress(url).database === undefined) throw new BadAddress(MYSQL_EXPECTED);
    }),
    ...wrongOf(REDIS_URL, readRedisAddress),
  ];
}

const KEPT = ['KEEP_TEXTS_DAYS', 'KEEP_DELIVERIES_DAYS', 'KEEP_INBOUND_DAYS'];
/** Texts are tried for a day, and mutes count what was missed in seven. */
const FEWEST_DAYS = 7;

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
