import { type Network, networks } from './networks.ts';
import type { NumberClass } from './number-class.ts';

/**
 * What a text costs, in dollars. From the data of www.plivo.com/sms/pricing/us and /ca, generated on 2026-04-01 (in
 * github.com/baibhavplivo/plivodotcom-design2: src/data/pricing-cache.ts and src/data/sms-pricing-page.ts). Carrier fees
 * are those of registered numbers; what is not registered pays `unregistered` in their place (the page's footnote; for
 * "Sprint, and Verizon" it says 0.080, which is read as 0.0080 for Sprint). Fees of Canada's short codes and of
 * networks abroad are left out: the product sends neither.
 *
 * Assumptions: what is not registered pays its surcharge for SMS alone, abroad costs as the US, and TotalRate is without the carrier's fee, since message records show
 * `carrier_fees` apart (github.com/plivo/plivo-node: lib/resources/messages.js).
 */
const rates: Record<'sms' | 'mms', Record<NumberClass, number>> = {
  sms: { long: 0.0077, tollfree: 0.0079, short: 0.0077 },
  mms: { long: 0.018, tollfree: 0.02, short: 0.02 },
};
const fees: Record<string, { sms: number; mms: number; unregistered?: number }> = {
  'AT&T': { sms: 0.0035, mms: 0.009, unregistered: 0.01 },
  'T-Mobile': { sms: 0.0045, mms: 0.01, unregistered: 0.008 },
  Verizon: { sms: 0.004, mms: 0.0065, unregistered: 0.01 },
  'US Cellular & Other Carrier Networks': { sms: 0.005, mms: 0.01 },
  'Bell & Virgin': { sms: 0.0088, mms: 0.031 },
  'Rogers & Fido': { sms: 0.0097, mms: 0.0194 },
  Telus: { sms: 0.01, mms: 0.02 },
  '': { sms: 0, mms: 0 },
};

/** A price as reports write it; `amount` and `fees` are for `units` units. */
export type Price = { rate: string; feeRate: string; amount(units: number): string; fees(units: number): string };
export type Charged = { type: 'sms' | 'mms'; kind: NumberClass; network: Network; registered: boolean };

/** Each price is written once: every report passes here. */
export function priceOf({ type, kind, network, registered }: Charged): Price {
  const at = (type === 'mms' ? 6 : 0) + kinds.indexOf(kind) * 2 + (registered ? 1 : 0);
  return prices.get(network)?.[at] ?? free;
}

const kinds: NumberClass[] = ['long', 'tollfree', 'short'];
const prices = new Map(
  networks.map((network) => [
    network,
    (['sms', 'mms'] as const).flatMap((type) =>
      kinds.flatMap((kind) => [false, true].map((registered) => writePrice({ type, kind, network, registered }))),
    ),
  ]),
);
const free = price(0, 0);

function writePrice({ type, kind, network, registered }: Charged): Price {
  const fee = fees[network.name] ?? { sms: 0, mms: 0 };
  const surcharge = registered || kind !== 'long' || type === 'mms' ? undefined : fee.unregistered;
  return price(rates[type][kind], surcharge ?? fee[type]);
}

function price(rate: number, fee: number): Price {
  return { rate: rate.toFixed(5), feeRate: fee.toFixed(5), amount: times(rate), fees: times(fee) };
}

function times(one: number): (units: number) => string {
  const written: string[] = [];
  return (units) => {
    written[units] ??= (one * units).toFixed(5);
    return written[units];
  };
}

/** Nothing is charged for a text that failed: support.plivo.com/hc/en-us/articles/360041315292. */
export const unpaid: Pick<Price, 'amount' | 'fees'> = { amount: () => '0.00000', fees: () => '0.00000' };
