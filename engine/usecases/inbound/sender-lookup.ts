import { type Arrival, type Arrived, findArrived } from '../../../db/messages/arrivals.ts';
import { type Batcher, batched } from '../../platform/batch.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { limitsFor, type Mates } from './flood-limits.ts';

/**
 * Who a text is from, where they stand, and whether they text too much; undefined for a phone that was never met. Texts
 * that come while others are being looked up are looked up together.
 */
export function lookUp(runtime: Runtime, arrival: Arrival): Promise<Arrived | undefined> {
  return runtime.use(openBatcher).add(arrival);
}

function openBatcher(runtime: Runtime): Batcher<Arrival, Arrived | undefined> {
  return batched({ max: TEXTS_AT_ONCE, lingerMs: 0, parallel: 1, flush: (arrivals) => lookUpAll(runtime, arrivals) });
}

const TEXTS_AT_ONCE = 64;

/**
 * Nearly always one statement. Of several texts of one phone each is counted with those before it, which MySQL does not
 * have yet, and a statement has one limit and one text of a phone: so those with as many before them go together.
 */
async function lookUpAll(runtime: Runtime, arrivals: readonly Arrival[]): Promise<(Arrived | undefined)[]> {
  const answers = new Map<Arrival, Arrived | undefined>();
  const mates = new Map(arrivals.map((arrival) => [arrival, matesOf(arrival, arrivals)]));
  for (let rest = arrivals; rest.length > 0; rest = rest.filter((arrival) => !answers.has(arrival))) {
    const { any, same } = mates.get(rest[0] as Arrival) as Mates;
    const equals = rest.filter((arrival) => mates.get(arrival)?.any === any && mates.get(arrival)?.same === same);
    const alike = [...new Map(equals.map((arrival) => [arrival.phone, arrival])).values()];
    const found = await findArrived(runtime.db, alike, limitsFor(runtime, { any, same }, new Date()));
    for (const [at, arrival] of alike.entries()) answers.set(arrival, found[at]);
  }
  return arrivals.map((arrival) => answers.get(arrival));
}

/** The same text, brought several times, is one, and what is said of it is the same each time. */
function matesOf({ carrierId, phone, hash }: Arrival, all: readonly Arrival[]): Mates {
  const before = all.slice(
    0,
    all.findIndex((other) => other.carrierId === carrierId),
  );
  const theirs = before.filter((other) => other.phone === phone);
  const distinct = [...new Map(theirs.map((other) => [other.carrierId, other])).values()];
  return { any: distinct.length, same: distinct.filter((other) => other.hash.equals(hash)).length };
}
