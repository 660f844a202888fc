import { type Sql, transact } from '../../db/connect.ts';
import { markReleased, type NumberSettings, unmarkReleased } from '../../db/groups/number-settings.ts';
import { addNumbers, addToPool, insertOrdered, reinstate } from '../../db/groups/numbers.ts';
import { campaignOf } from '../platform/carrier-settings.ts';
import type { Config } from '../platform/config.ts';
import type { Carriers } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';

type At = { carriers: Carriers; config: Config };

/** Buys a number at the main carrier, the chosen one or any, as a growing pool does; it is handed out at once, or by the clock once it may text. */
export async function buyNumber(
  sql: Sql,
  { carriers, config }: At,
  { country, chosen, now }: { country: string; chosen: string | null; now: Date },
): Promise<{ phone: string; isReady: boolean }> {
  const { phone, isReady } = await carriers.numbers.buy({ country, ...(chosen === null ? {} : { phone: chosen }) });
  const number = { phone, carrier: carriers.main };
  // Paid for from here on, so it is remembered before anything else can fail.
  await insertOrdered(sql, { ...number, campaign: campaignOf(config, number), now });
  if (isReady) await addToPool(sql, phone);
  return { phone, isReady };
}

/** Hands out a number that the account has, such as one that was ported. Returns why not, or null. */
export async function importNumber(
  sql: Sql,
  { carriers, config }: At,
  { phone, carrier, now }: { phone: string; carrier: CarrierName; now: Date },
): Promise<'the carrier is not set up' | 'the account does not have it' | 'it cannot send texts yet' | null> {
  const at = carriers.all.get(carrier);
  if (at === undefined) return 'the carrier is not set up';
  const found = (await at.account.listNumbers()).find((number) => number.phone === phone);
  if (found === undefined) return 'the account does not have it';
  if (!found.sms) return 'it cannot send texts yet';
  const number = { phone, carrier, campaign: campaignOf(config, { phone, carrier }) };
  await addNumbers(sql, { numbers: [{ ...number, kind: 'pool' }], now });
  await reinstate(sql, number);
  return null;
}

/**
 * Gives a retired number that serves nobody back to its carrier. Ours no more before the carrier is asked: no membership may
 * come to a number that somebody else may have by then. Returns why not, or null; throws what the carrier says against it.
 */
export async function releaseNumber(
  sql: Sql,
  { carriers }: Pick<At, 'carriers'>,
  number: Pick<NumberSettings, 'phone' | 'kind' | 'carrier'>,
): Promise<'the carrier is not set up' | 'it is not retired, or serves somebody' | null> {
  const at = carriers.all.get(number.carrier);
  if (at === undefined) return 'the carrier is not set up';
  if (!(await transact(sql, (tx) => markReleased(tx, number.phone)))) return 'it is not retired, or serves somebody';
  try {
    await at.numbers.release(number.phone);
    return null;
  } catch (error) {
    await unmarkReleased(sql, number);
    throw error;
  }
}
