import { once } from 'node:events';
import { BadConfig, type Config } from '../../platform/config.ts';
import { refuseEviction } from '../../platform/eviction.ts';
import { connectRedis, mastersOf, type RedisClient } from '../../platform/redis.ts';
import { whyRefused } from '../../platform/refusals.ts';
import { whyUntrusted } from '../../platform/untrusted.ts';
import { type Finding, type Found, fault, warning } from './finding.ts';
import { clockFinding } from './mysql.ts';

/** Redis: whether it is there, evicts, keeps what it has over a restart, has room, and what time it has. */
export async function examineRedis(config: Config): Promise<Finding[]> {
  const redis = connectRedis(config.REDIS_URL, 'ask', config);
  try {
    const why = await untilReady(redis);
    if (why !== null) return [{ check: 'redis', ...why }];
    return await examine(redis, config);
  } finally {
    redis.disconnect();
  }
}

/** Null once it answers. */
async function untilReady(redis: RedisClient): Promise<Found | null> {
  let last: Found | null = null;
  redis.on('error', (error: Error) => {
    const untrusted = whyUntrusted(error);
    if (untrusted !== null) last = fault('Redis’ certificate is not trusted', untrusted);
  });
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(WAIT_MS) });
    return null;
  } catch (error) {
    const refused = whyRefused(error);
    if (refused !== null) return fault('Redis is there and refuses us', refused);
    const untrusted = whyUntrusted(error);
    if (untrusted !== null) return fault('Redis’ certificate is not trusted', untrusted);
    return (
      last ?? fault('Redis does not answer', 'start it, or correct REDIS_URL; texts are accepted, and wait for it')
    );
  }
}
const WAIT_MS = 3_000;

async function examine(redis: RedisClient, config: Config): Promise<Finding[]> {
  const found: Found[] = [];
  await refuseEviction({ redis, config }).catch((error: unknown) => {
    if (!(error instanceof BadConfig)) throw error;
    found.push(...error.wrong.map((line) => fault('it may throw jobs away', line)));
  });
  const findings: Finding[] = [];
  for (const node of mastersOf(redis)) {
    // A rented Redis may not let us ask.
    const info = await node.info().catch(() => '');
    found.push(...redisFindings(info));
    const askedAt = Date.now();
    const [seconds, micros] = await node.time().catch(() => [0, 0]);
    const at = Number(seconds) * 1000 + Number(micros) / 1000;
    if (at > 0) findings.push({ check: 'clocks', ...clockFinding('Redis', at - (askedAt + Date.now()) / 2) });
  }
  const well: Found = { state: 'ok', says: 'it keeps what it has' };
  return [...(found.length > 0 ? found : [well]).map((one): Finding => ({ check: 'redis', ...one })), ...findings];
}

/** What `INFO` of a Redis says against it. */
export function redisFindings(info: string): Found[] {
  const said = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const [used, most] = [Number(said('used_memory') ?? 0), Number(said('maxmemory') ?? 0)];
  const [major = 9, minor = 0] = (said('redis_version') ?? '').split('.').map(Number);
  return [
    ...(info !== '' && (major < 6 || (major === 6 && minor < 2))
      ? [fault(`Redis ${said('redis_version')} is too old`, 'Redis 6.2 or newer')]
      : []),
    ...(said('aof_enabled') === '0'
      ? [
          warning(
            'it has no append-only file: after a restart of it queues are made again from MySQL, which takes minutes',
            'set appendonly to yes',
          ),
        ]
      : []),
    ...(most > 0 && used > most * 0.8
      ? [
          warning(
            `${Math.round((used / most) * 100)} % of its memory are used`,
            'give it more: at 100 % it takes no jobs',
          ),
        ]
      : []),
    ...(said('role') === 'slave' ? [fault('it is a replica', 'name the master in REDIS_URL, or Sentinels')] : []),
  ];
}
