import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** One Redis, or a Redis Cluster; every key that we write has a hash tag, so what belongs together is on one node. */
export type RedisClient = Redis | Cluster;
export type Patience = Pick<
  RedisOptions,
  'maxRetriesPerRequest' | 'enableReadyCheck' | 'enableOfflineQueue' | 'commandTimeout'
>;

/**
 * Connects to the Redis of this address; to a cluster where it is a list of addresses with commas between, of which one
 * that answers is enough. Tries again for ever; what a command does meanwhile is a matter of `patience`.
 */
export function connectRedis(urls: string, patience: Patience): RedisClient {
  const [first = '', ...more] = urls.split(',');
  const retryStrategy = (times: number) => Math.min(times * 100, 1_000);
  if (more.length === 0) return new Redis(first, { ...patience, retryStrategy });
  const { enableOfflineQueue = true, maxRetriesPerRequest, ...ofNodes } = patience;
  return new Cluster([first, ...more], {
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    // A cluster asks again where one Redis would: of another node, or of the same when it has found its place.
    maxRedirections: maxRetriesPerRequest === null ? PATIENT_REDIRECTIONS : IMPATIENT_REDIRECTIONS,
    // The certificates of nodes are for their names.
    ...(isSecure(first) ? { dnsLookup: (name, found) => found(null, name) } : {}),
    redisOptions: { ...ofNodes, maxRetriesPerRequest: maxRetriesPerRequest ?? null, ...loginOf(first) },
  });
}

const PATIENT_REDIRECTIONS = 100;
const IMPATIENT_REDIRECTIONS = 3;

/** Everything that holds keys of ours: the Redis itself, or the masters of the cluster. */
export function mastersOf(redis: RedisClient): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}

/** Nodes are found by asking one; the login is the same for all. */
function loginOf(url: string): RedisOptions {
  const { username, password } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(isSecure(url) ? { tls: {} } : {}),
  };
}

function isSecure(url: string): boolean {
  return url.startsWith('rediss:');
}
