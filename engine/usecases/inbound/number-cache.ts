import { allNumbers, findNumber, type OurNumber } from '../../../db/groups/numbers.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { singleFlight } from '../../platform/single-flight.ts';

/** A number of ours, or undefined: a group's, or the service number. One that this process does not know is looked up. */
export async function ourNumber(runtime: Runtime, phone: string): Promise<OurNumber | undefined> {
  const cache = runtime.use(openNumberCache);
  return (await cache.find(phone)) ?? findNumber(runtime.db, phone);
}

/** Whether a sender is a number of ours, as nearly none is: one that was bought a second ago may be missed. */
export async function isOurs(runtime: Runtime, phone: string): Promise<boolean> {
  return (await runtime.use(openNumberCache).find(phone)) !== undefined;
}

type Numbers = ReadonlyMap<string, OurNumber>;

function openNumberCache({ db }: Runtime): { find(phone: string): Promise<OurNumber | undefined> } {
  let known: Numbers = new Map();
  let readAt = Number.NEGATIVE_INFINITY;

  const read = singleFlight(async () => {
    const all = (await allNumbers(db)).filter(({ kind }) => kind !== 'released');
    known = new Map(all.map((number) => [number.phone, number]));
    readAt = performance.now();
    return known;
  });

  return {
    async find(phone) {
      const found = known.get(phone);
      // One that is not there may be new: it is looked up again, but not for each of a flood of texts to nobody.
      if (performance.now() - readAt < (found === undefined ? MISS_MS : KEPT_MS)) return found;
      return (await read()).get(phone);
    },
  };
}

/** Numbers are bought or added at a start, and given back rarely: a few seconds' delay hurts nobody. */
const KEPT_MS = 10_000;
const MISS_MS = 1_000;
