import type { Db } from '../../db/connect.ts';
import { allNumbers } from '../../db/groups/numbers.ts';
import type { CarrierName } from '../rules/carriers.ts';

/**
 * The carrier that a number of ours is at. Read once and then again from time to time, because a number may be bought
 * or moved by another process; while MySQL is unavailable the last answer holds.
 */
export function openNumberCarriers(db: Db): (numberId: number) => Promise<CarrierName> {
  let known: ReadonlyMap<number, CarrierName> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    known = new Map((await allNumbers(db)).map(({ id, carrier }) => [id, carrier]));
    readAt = performance.now();
  }

  /** Those who ask at the same moment share one answer. */
  function refresh(): Promise<void> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  return async (numberId) => {
    if (!known.has(numberId)) await refresh();
    // Nobody waits for what is nearly always the same.
    else if (performance.now() - readAt > KEPT_MS) void refresh().catch(() => undefined);
    const carrier = known.get(numberId);
    if (carrier === undefined) throw new Error(`number ${numberId} is not one of ours`);
    return carrier;
  };
}

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
