import { allNumbers, type OurNumber } from '../db/numbers.ts';
import type { Runtime } from './runtime.ts';

/** A number of ours, or undefined: a group's, or the service number. */
export async function ourNumber(runtime: Runtime, phone: string): Promise<OurNumber | undefined> {
  const known = shelves.get(runtime);
  const found = known?.numbers.get(phone);
  const age = known === undefined ? Number.POSITIVE_INFINITY : Date.now() - known.readAt;
  // One that is not there may be new: it is looked up again, but not for each of a flood of texts to nobody.
  if (known !== undefined && age < (found === undefined ? MISS_MS : KEPT_MS)) return found;
  const numbers = new Map((await allNumbers(runtime.db)).map((number) => [number.phone, number]));
  shelves.set(runtime, { numbers, readAt: Date.now() });
  return numbers.get(phone);
}

/** Numbers are bought or added at a start, and never taken away: a few seconds' delay hurts nobody. */
const KEPT_MS = 10_000;
const MISS_MS = 1_000;
const shelves = new WeakMap<Runtime, { numbers: Map<string, OurNumber>; readAt: number }>();
