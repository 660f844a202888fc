import { Cluster, Redis, type RedisOptions, ReplyError } from 'ioredis';
import { linesOf } from './push-settings.ts';
import { type RedisAddress, readRedisAddress } from './redis-address.ts';

/** One Redis, or a Redis Cluster; every key that we write has a hash tag, so what belongs together is on one node. */
export type RedisClient = Redis | Cluster;

/**
 * What a connection is for, which says how long it waits for Redis. A connection that is asked something and hears nothing for
 * `socketTimeout` is closed and opened anew: Redis may be well while this one way to it is dead.
 */
const USES = {
  /** Caches, counters, slots: gives up fast, and says so, while Redis is unavailable. */
  ask: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1_000, socketTimeout: 1_000 },
  /** A worker's queues: outlasts a failover. */
  work: { maxRetriesPerRequest: null, enableReadyCheck: false, commandTimeout: 10_000, socketTimeout: 2_000 },
  /** Waits in Redis for jobs, up to `BLOCK_SECONDS` at a time. */
  block: { maxRetriesPerRequest: null, enableReadyCheck: false, socketTimeout: 3_000 },
  /** Only subscribes: has to be asked now and then whether it lives. */
  listen: { maxRetriesPerRequest: null, enableReadyCheck: false, socketTimeout: 2_000 },
} as const satisfies Record<string, RedisOptions>;
export type RedisUse = keyof typeof USES;

/** How long Redis may hold back an answer to somebody who waits for jobs. */
export const BLOCK_SECONDS = 1;
const CONNECT_MS = 2_000;
const PING_EVERY_MS = 3_000;

/**
 * Connects to the Redis of this address; to a cluster where it is a list of addresses with commas between, one of which
 * that answers is enough; to the master that Sentinels name. Tries again for ever; what a command does meanwhile depends on
 * the use. The only way to Redis. Throws `BadAddress`.
 */
export function connectRedis(urls: string, use: RedisUse, more: RedisSettings = {}): RedisClient {
  const redis = open(urls, { ...USES[use], connectTimeout: CONNECT_MS }, more);
  if (use === 'listen') keepAsking(redis);
  if (use === 'block') {
    if (redis instanceof Redis) endForerunners(redis);
    else redis.on('+node', (node: Redis) => endForerunners(node));
  }
  return redis;
}

/** What stands in settings beside the address. */
export type RedisSettings = { REDIS_TLS_CA?: string; REDIS_TLS_VERIFY?: boolean; REDIS_PREFIX?: string };

/** Everything that holds keys of ours: the Redis itself, or the masters of the cluster. */
export function mastersOf(redis: RedisClient): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}

/** Redis is there, and what it answers is an error. */
export function isErrorReply(error: unknown): boolean {
  return error instanceof ReplyError;
}

function open(urls: string, uses: RedisOptions, settings: RedisSettings): RedisClient {
  const { cluster, options: place } = withTls(readRedisAddress(urls), settings);
  const { REDIS_PREFIX: keyPrefix = '' } = settings;
  // A client that tells its name first holds itself ready when that is answered or given up, also where its connection was closed
  // meanwhile: it then never connects again, or sends what it had to send again and again, without end.
  const options = { ...uses, disableClientInfo: true, ...(keyPrefix === '' ? {} : { keyPrefix }) };
  if (cluster === null) {
    return new Redis({
      ...options,
      ...place,
      retryStrategy,
      sentinelRetryStrategy: retryStrategy,
      sentinelCommandTimeout: CONNECT_MS,
      reconnectOnError: isReadOnly,
    });
  }
  const { enableOfflineQueue = true, maxRetriesPerRequest, ...ofNodes } = options;
  return new Cluster([...cluster], {
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    // A cluster asks again where one Redis would: of another node, or of the same when it has found its place.
    maxRedirections: maxRetriesPerRequest === null ? PATIENT_REDIRECTIONS : IMPATIENT_REDIRECTIONS,
    // The certificates of nodes are for their names.
    ...(place.tls === undefined ? {} : { dnsLookup: (name, found) => found(null, name) }),
    redisOptions: { ...ofNodes, ...place, maxRetriesPerRequest: maxRetriesPerRequest ?? null },
  });
}

function withTls({ cluster, options }: RedisAddress, settings: RedisSettings): RedisAddress {
  if (options.tls === undefined) return { cluster, options };
  const { REDIS_TLS_CA: ca = '', REDIS_TLS_VERIFY: isVerified = true } = settings;
  const more = { ...(ca === '' ? {} : { ca: linesOf(ca) }), ...(isVerified ? {} : { rejectUnauthorized: false }) };
  const tls = { ...more, ...options.tls };
  return { cluster, options: { ...options, tls, ...(options.sentinelTLS === undefined ? {} : { sentinelTLS: tls }) } };
}

function retryStrategy(times: number): number {
  return Math.min(times * 100, 1_000);
}

/** After a failover the old master is a replica: another connection finds the new one, and asks it the same. */
function isReadOnly(error: Error): 2 | false {
  return error.message.startsWith('READONLY') ? ASKED_ANEW : false;
}

const ASKED_ANEW = 2;
const PATIENT_REDIRECTIONS = 100;
const IMPATIENT_REDIRECTIONS = 3;

/** Whether it answers does not matter here: where it does not, the connection is closed and opened anew. */
function keepAsking(redis: RedisClient): void {
  const timer = setInterval(() => void redis.ping().catch(() => undefined), PING_EVERY_MS);
  timer.unref();
  redis.once('end', () => clearInterval(timer));
}

/**
 * Redis does not notice that a connection is dead, and goes on giving jobs to those who waited on it: so each new
 * connection ends the one before it.
 */
function endForerunners(redis: Redis): void {
  let before: Identity | null = null;
  redis.on('connect', async () => {
    const forerunner = before;
    // Asked now, because what waits for jobs is asked again as soon as this is answered.
    before = await identify(redis).catch(() => null);
    if (forerunner !== null && before !== null && forerunner.run === before.run) await endClient(redis, forerunner.id);
  });
}

/** Numbers of clients begin anew when Redis does. */
type Identity = { id: number; run: string };

async function identify(redis: Redis): Promise<Identity> {
  const [id, server] = await Promise.all([redis.client('ID'), redis.info('server')]);
  return { id, run: /run_id:(\w+)/.exec(server)?.[1] ?? '' };
}

/** On a connection of its own, because the one that waits for jobs is answered after those. */
async function endClient(redis: Redis, id: number): Promise<void> {
  const usher = redis.duplicate(USES.work);
  usher.on('error', () => undefined);
  // It may be gone already; or Redis is unavailable again, and the next connection does it.
  await usher.client('KILL', 'ID', id).catch(() => undefined);
  usher.disconnect();
}
