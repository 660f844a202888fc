import { allNumbers, type OurNumber } from '../../../db/groups/numbers.ts';
import type { Runtime } from '../../platform/runtime.ts';

/** A number of ours, or undefined: a group's, or the service number. */
export async function ourNumber(runtime: Runtime, phone: string): Promise<OurNumber | undefined> {
  const known = shelves.get(runtime);
  const found = known?.numbers.get(phone);
  const age = known === undefined ? Number.POSITIVE_INFINITY : Date.now() - known.readAt;
  // One that is not there may be new: it is looked up again, but not for each of a flood of texts to nobody.
  if (known !== undefined && age < (found === undefined ? MISS_MS : KEPT_MS)) return found;
  return (await readShelf(runtime)).get(phone);
}

/** Those who ask at the same moment share one answer. */
function readShelf(runtime: Runtime): Promise<Numbers> {
  const asked = reading.get(runtime);
  if (asked !== undefined) return asked;
  const answer = allNumbers(runtime.db)
    .then((all) => {
      const numbers: Numbers = new Map(all.map((number) => [number.phone, number]));
      shelves.set(runtime, { numbers, readAt: Date.now() });
      return numbers;
    })
    .finally(() => reading.delete(runtime));
  reading.set(runtime, answer);
  return answer;
}

type Numbers = ReadonlyMap<string, OurNumber>;
const reading = new WeakMap<Runtime, Promise<Numbers>>();

/** Numbers are bought or added at a start, and never taken away: a few seconds' delay hurts nobody. */
const KEPT_MS = 10_000;
const MISS_MS = 1_000;
const shelves = new WeakMap<Runtime, { numbers: Numbers; readAt: number }>();
