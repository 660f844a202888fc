import { DatabaseUnavailable, type Db, TlsFailed } from '../../db/connect.ts';
import { addNumbers, findNumber } from '../../db/groups/numbers.ts';
import { configuredNumbers } from './carrier-settings.ts';
import { BadConfig, type Config } from './config.ts';
import type { Logger } from './logger.ts';
import { isSchemaMissing, whyRefused } from './refusals.ts';

/** Every process does it, so that none depends on another having been first. */
export async function addOurNumbers(db: Db, config: Config, log: Logger): Promise<void> {
  try {
    await addNumbers(db, { numbers: configuredNumbers(config), now: new Date() });
    // A text to it would be one to a group: JOIN would reach nobody.
    if ((await findNumber(db, config.SERVICE_NUMBER))?.kind !== 'service')
      throw new BadConfig([
        'SERVICE_NUMBER is a number of the pool, which serves groups; it must be one that never was',
      ]);
  } catch (err) {
    const refused = whyRefused(err);
    if (refused !== null) throw new BadConfig([refused]);
    // `web` says so at /readyz; workers have nothing to do before.
    if (isSchemaMissing(err)) return log.error('the schema is missing or old: run the release line of the Procfile');
    if (!(err instanceof DatabaseUnavailable)) throw err;
    // Somebody has to act; it is tried on, because a certificate may be renewed.
    if (err instanceof TlsFailed) return log.error(err.message);
    log.warn({ err }, 'MySQL is unavailable at the start; new numbers of NUMBER_POOL are added at the next one');
  }
}
