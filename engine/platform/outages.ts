import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable, type Db, onUnavailable, row } from '../../db/connect.ts';
import type { Logger } from './logger.ts';
import type { RedisClient } from './redis.ts';

/** Says in the log when Redis goes and when it is back: a line each. A connection that is replaced within a second is neither. */
export function watchRedis(redis: RedisClient, log: Logger): void {
  let doubt: NodeJS.Timeout | null = null;
  let isSaid = false;
  let code: string | undefined;

  function say(): void {
    isSaid = true;
    log.warn({ code }, 'Redis is unavailable: texts are kept and go out when it is back');
  }
  function settle(): void {
    if (doubt !== null) clearTimeout(doubt);
    doubt = null;
  }
  redis.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? error.message;
  });
  redis.on('close', () => {
    if (!isSaid) doubt ??= setTimeout(say, DOUBT_MS).unref();
  });
  redis.on('ready', () => {
    settle();
    if (isSaid) log.info('Redis is available again');
    isSaid = false;
  });
  redis.on('end', settle);
}

/** The same of MySQL, which is asked until it answers once a statement or a connection has failed. Returns what ends it. */
export function watchMysql(db: Db, log: Logger): () => void {
  const closing = new AbortController();
  let isLooking = false;

  async function look(): Promise<void> {
    let isSaid = false;
    for (;;) {
      const error = await row(db, 'SELECT 1').then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (closing.signal.aborted) return;
      if (!(error instanceof DatabaseUnavailable)) break;
      if (!isSaid)
        log.warn({ reason: error.message }, 'MySQL is unavailable: calls and webhooks are refused until it is back');
      isSaid = true;
      await sleep(LOOK_EVERY_MS, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
    if (isSaid) log.info('MySQL is available again');
  }

  onUnavailable(db, () => {
    if (isLooking || closing.signal.aborted) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  });
  return () => closing.abort();
}

const DOUBT_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
