import type { Db } from '../../db/connect.ts';
import { readCampaignPaces } from '../../db/deliveries/campaigns.ts';
import { allNumbers } from '../../db/groups/numbers.ts';
import type { CarrierName } from '../rules/carriers.ts';
import type { NumberClass } from '../rules/number-class.ts';

/** What is known of a number of ours, by its id: the carrier that it is at, its class, and the campaign that it is in. */
export type KnownNumbers = {
  carrierOf(numberId: number): Promise<CarrierName>;
  classOf(numberId: number): Promise<NumberClass>;
  campaignOf(numberId: number): Promise<string | null>;
  /** The segments a second of the campaigns that have a pace. */
  campaignPaces(): Promise<ReadonlyMap<string, number>>;
};

/**
 * Read once and then again from time to time, because a number may be bought, moved or set by another process; while MySQL is
 * unavailable the last answer holds.
 */
export function openKnownNumbers(db: Db): KnownNumbers {
  let known: ReadonlyMap<number, Known> = new Map();
  let paces: ReadonlyMap<string, number> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const [numbers, campaigns] = [await allNumbers(db), await readCampaignPaces(db)];
    known = new Map(numbers.map((number) => [number.id, number]));
    paces = campaigns;
    readAt = performance.now();
  }

  /** Those who ask at the same moment share one answer. */
  function refresh(): Promise<void> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  async function have(isKnown: boolean): Promise<void> {
    if (!isKnown) await refresh();
    // Nobody waits for what is nearly always the same.
    else if (performance.now() - readAt > KEPT_MS) void refresh().catch(() => undefined);
  }

  async function find(numberId: number): Promise<Known> {
    await have(known.has(numberId));
    const number = known.get(numberId);
    if (number === undefined) throw new Error(`number ${numberId} is not one of ours`);
    return number;
  }

  return {
    carrierOf: async (numberId) => (await find(numberId)).carrier,
    classOf: async (numberId) => (await find(numberId)).class,
    campaignOf: async (numberId) => (await find(numberId)).campaign,
    async campaignPaces() {
      await have(readAt > Number.NEGATIVE_INFINITY);
      return paces;
    },
  };
}
type Known = { carrier: CarrierName; class: NumberClass; campaign: string | null };

const KEPT_MS = 10_000;

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
