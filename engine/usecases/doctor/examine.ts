import { openDb } from '../../../db/connect.ts';
import { BadConfig, type Config, readConfig } from '../../platform/config.ts';
import { nearMissesIn } from '../../platform/near-misses.ts';
import { withCarriers } from '../../platform/runtime.ts';
import { examineAddress } from './address.ts';
import { examineCarriers } from './carriers.ts';
import type { Finding } from './finding.ts';
import { examineMedia } from './media.ts';
import { examineMysql } from './mysql.ts';
import { examineRedis } from './redis.ts';
import { examineService } from './service.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Looks at everything that an operator sets up: settings, MySQL, Redis, the carriers, PUBLIC_URL, and how the service does. Over
 * connections of its own. A check that finds nothing wrong is one line `ok`; of a setting that is wrong the rest cannot be
 * looked at.
 */
export async function examine(env: Env): Promise<Finding[]> {
  const misses = nearMissesIn(env).map(
    (says): Finding => ({ check: 'settings', state: 'warning', says, mend: 'correct its name, or take it away' }),
  );
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    const wrong = error.wrong.map(
      (says): Finding => ({ check: 'settings', state: 'fault', says, mend: 'correct it; the rest is looked at then' }),
    );
    return [...wrong, ...misses];
  }
  const well: Finding[] = misses.length > 0 ? misses : [{ check: 'settings', state: 'ok', says: 'all are right' }];
  return [...well, ...(await examineAll(config))];
}

async function examineAll(config: Config): Promise<Finding[]> {
  const db = openDb(config.MYSQL_URL, { size: 2 });
  try {
    const { findings, isThere } = await examineMysql(db);
    const others = await withCarriers(config, (carriers) =>
      Promise.all([
        examineRedis(config),
        examineCarriers(isThere ? db : null, { carriers, config }),
        examineAddress(config, carriers),
        examineMedia(config),
        isThere ? examineService(db, config) : [],
      ]),
    );
    return [...findings, ...others.flat()];
  } finally {
    await db.destroy();
  }
}
