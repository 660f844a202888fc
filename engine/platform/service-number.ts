import type { Sql } from '../../db/connect.ts';
import { findNumber, type OurNumber } from '../../db/groups/numbers.ts';
import { unavailable } from './errors.ts';
import type { Runtime } from './runtime.ts';

/** The row of our number that belongs to no group. Throws UNAVAILABLE where it is not there yet. */
export async function serviceNumberOf({ config }: Pick<Runtime, 'config'>, sql: Sql): Promise<OurNumber> {
  const service = await findNumber(sql, config.SERVICE_NUMBER);
  if (service === undefined) throw unavailable('service number');
  return service;
}
