import { networkOf } from './networks.ts';
import type { Source } from './numbers.ts';
import { priceOf } from './prices.ts';
import { countUnits } from './units.ts';

type Sent = { to: string; text: string; media: readonly string[]; source: Source };

/** What the account pays for a text to a handset, fees of the network included: units and dollars. */
export function chargeFor({ to, text, media, source }: Sent): { units: number; dollars: number } {
  const type = media.length > 0 ? 'mms' : 'sms';
  const { kind, registered } = source;
  const price = priceOf({ type, kind, network: networkOf(to), registered });
  const units = type === 'mms' ? 1 : countUnits(text);
  return { units, dollars: Number(price.amount(units)) + Number(price.fees(units)) };
}
