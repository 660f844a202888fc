import { once } from 'node:events';
import { type Db, openDb } from '../../db/connect.ts';
import { type Carriers, openCarriers } from '../carriers/open.ts';
import { carriersSetUp, mainCarrier } from './carrier-settings.ts';
import { BadConfig, type Config } from './config.ts';
import { type KnownNumbers, openKnownNumbers } from './known-numbers.ts';
import { type Logger, openLogger } from './logger.ts';
import { addOurNumbers } from './our-numbers.ts';
import { watchMysql, watchRedis } from './outages.ts';
import { openQueues, type Queues } from './queues.ts';
import { connectRedis, type RedisClient } from './redis.ts';
import { whyRefused } from './refusals.ts';
import { openRegistry, type Registry } from './registry.ts';
import { openRosters, type Rosters } from './roster-cache.ts';
import { refuseOtherSystem } from './same-system.ts';
import { withTimeLimit } from './time-limit.ts';
import { whyUntrusted } from './untrusted.ts';

/** Everything that a process has open. It comes first in whatever does I/O. */
export type Runtime = {
  config: Config;
  log: Logger;
  db: Db;
  redis: RedisClient;
  rosters: Rosters;
  carriers: Carriers;
  /** What is known of a number of ours, by its id. */
  carrierOf: KnownNumbers['carrierOf'];
  classOf: KnownNumbers['classOf'];
  campaignOf: KnownNumbers['campaignOf'];
  campaignPaces: KnownNumbers['campaignPaces'];
  queues: Queues;
  /** Opens on first use, keeps, and closes with the runtime what a room above needs one of in each process. */
  use: Registry<Runtime>['use'];
  /** Closes in the reverse order of opening; what is running is finished first. */
  close(): Promise<void>;
};

export type ProcessType = 'web' | 'fanout' | 'sender' | 'clock';

/** Does work with the carriers of the settings, and nothing else of a runtime. */
export async function withCarriers<T>(config: Config, work: (carriers: Carriers) => Promise<T>): Promise<T> {
  const carriers = openCarriers(config, { setUp: carriersSetUp(config), main: mainCarrier(config) });
  try {
    return await work(carriers);
  } finally {
    await carriers.close();
  }
}
export type { Carriers };

/** Opens in order. Neither MySQL nor Redis has to be there yet: each use says whether it is. */
export async function openRuntime(config: Config, options: { process: ProcessType }): Promise<Runtime> {
  const log = openLogger({ level: config.LOG_LEVEL, process: options.process });
  const db = openDb(config.MYSQL_URL, { size: config.MYSQL_CONNECTIONS || DB_CONNECTIONS[options.process] });
  const stopWatching = watchMysql(db, log);
  await addOurNumbers(db, config, log).catch(async (error: unknown) => {
    stopWatching();
    await db.destroy();
    throw error;
  });
  const redis = await openRedis(config, log).catch(async (error: unknown) => {
    stopWatching();
    await db.destroy();
    throw error;
  });
  await refuseOtherSystem({ db, redis, config }).catch(async (error: unknown) => {
    redis.disconnect();
    stopWatching();
    await db.destroy();
    throw error;
  });
  const rosters = openRosters({ db, redis, config });
  const carriers = openCarriers(config, { setUp: carriersSetUp(config), main: mainCarrier(config) });
  const works = options.process === 'fanout' || options.process === 'sender';
  const numbers = openKnownNumbers(db);
  const queues = openQueues({ config, log, works, carrierOf: numbers.carrierOf });
  const registry = openRegistry<Runtime>(() => runtime, {
    withinMs: CLOSE_MS,
    onError: (err) => log.warn({ err }, 'something failed to close'),
  });
  async function close(): Promise<void> {
    // A server that does not answer must not hold up the end.
    await withTimeLimit(CLOSE_MS, queues.close(), () => undefined);
    await registry.close();
    await carriers.close();
    redis.disconnect();
    stopWatching();
    await withTimeLimit(CLOSE_MS, db.destroy(), () => undefined);
  }
  const runtime: Runtime = { config, log, db, redis, rosters, carriers, ...numbers, queues, use: registry.use, close };
  return runtime;
}

/** For each of the three that may have to wait. */
const CLOSE_MS = 500;
export const DB_CONNECTIONS: Record<ProcessType, number> = { web: 20, fanout: 8, sender: 10, clock: 4 };

/** For caches, counters and slots. Waits a moment for the connection, so that the first calls find it. */
async function openRedis(config: Config, log: Logger): Promise<RedisClient> {
  if (!config.REDIS_TLS_VERIFY)
    log.error(
      'REDIS_TLS_VERIFY is 0: the certificate of Redis is not verified, and who is between may read and write everything',
    );
  const redis = connectRedis(config.REDIS_URL, 'ask', config);
  watchRedis(redis, log);
  await once(redis, 'ready', { signal: AbortSignal.timeout(REDIS_TIMEOUT_MS) }).catch((err) => {
    const refused = whyRefused(err);
    if (refused !== null) {
      redis.disconnect();
      throw new BadConfig([refused]);
    }
    const untrusted = whyUntrusted(err);
    if (untrusted !== null) log.error(untrusted);
  });
  return redis;
}
const REDIS_TIMEOUT_MS = 1_500;
