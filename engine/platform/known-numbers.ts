import type { Db } from '../../db/connect.ts';
import { readCampaignPaces } from '../../db/deliveries/campaigns.ts';
import { allNumbers } from '../../db/groups/numbers.ts';
import type { CarrierName } from '../rules/carriers.ts';
import type { NumberClass } from '../rules/number-class.ts';
import { openKept } from './kept.ts';

/** What is known of a number of ours, by its id: the carrier that it is at, its class, and the campaign that it is in. */
export type KnownNumbers = {
  carrierOf(numberId: number): Promise<CarrierName>;
  classOf(numberId: number): Promise<NumberClass>;
  campaignOf(numberId: number): Promise<string | null>;
  /** The segments a second of the campaigns that have a pace. */
  campaignPaces(): Promise<ReadonlyMap<string, number>>;
};

export function openKnownNumbers(db: Db): KnownNumbers {
  const kept = openKept(async () => {
    const [numbers, paces] = [await allNumbers(db), await readCampaignPaces(db)];
    return { numbers: new Map<number, Known>(numbers.map((number) => [number.id, number])), paces };
  });

  /** One that is not known may have been bought by another process. */
  async function find(numberId: number): Promise<Known> {
    const number = (await kept.get()).numbers.get(numberId) ?? (await kept.refresh()).numbers.get(numberId);
    if (number === undefined) throw new Error(`number ${numberId} is not one of ours`);
    return number;
  }

  return {
    carrierOf: async (numberId) => (await find(numberId)).carrier,
    classOf: async (numberId) => (await find(numberId)).class,
    campaignOf: async (numberId) => (await find(numberId)).campaign,
    campaignPaces: async () => (await kept.get()).paces,
  };
}
type Known = { carrier: CarrierName; class: NumberClass; campaign: string | null };

/** What goes through numbers of ours, by the carrier that each of the numbers is at. */
export async function groupByCarrier<T extends { numberId: number }>(
  carrierOf: (numberId: number) => Promise<CarrierName>,
  all: readonly T[],
): Promise<Map<CarrierName, T[]>> {
  const grouped = new Map<CarrierName, T[]>();
  for (const one of all) {
    const carrier = await carrierOf(one.numberId);
    grouped.set(carrier, [...(grouped.get(carrier) ?? []), one]);
  }
  return grouped;
}
