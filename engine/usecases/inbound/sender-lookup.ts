import { type FoundSender, findSenders, type SenderQuery } from '../../../db/messages/senders.ts';
import { type Batcher, batched } from '../../platform/batch.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { stagedFor } from '../../platform/staged-for.ts';
import { type EarlierTexts, limitsFor } from './flood-limits.ts';

/**
 * Returns who a text is from, their membership at that number, and whether they text too much; undefined for a phone
 * that we do not know. Texts that arrive during a lookup share the next one.
 */
export function lookUpSender(runtime: Runtime, query: SenderQuery): Promise<FoundSender | undefined> {
  return runtime.use(openBatcher).add(query);
}

function openBatcher(runtime: Runtime): Batcher<SenderQuery, FoundSender | undefined> {
  return batched({ max: TEXTS_AT_ONCE, lingerMs: 0, parallel: 1, flush: (queries) => lookUpSenders(runtime, queries) });
}

const TEXTS_AT_ONCE = 64;

/**
 * Nearly always one statement. Each text also counts the earlier texts of its phone in this batch, which MySQL does not
 * have yet. One statement takes one limit and one text per phone, so texts with equal counts share a statement.
 */
async function lookUpSenders(runtime: Runtime, queries: readonly SenderQuery[]): Promise<(FoundSender | undefined)[]> {
  const answers = new Map<SenderQuery, FoundSender | undefined>();
  const earlier = new Map(queries.map((query) => [query, earlierTextsOf(query, queries)]));
  for (let rest = queries; rest.length > 0; rest = rest.filter((query) => !answers.has(query))) {
    const { any, same } = earlier.get(rest[0] as SenderQuery) as EarlierTexts;
    const equals = rest.filter((query) => earlier.get(query)?.any === any && earlier.get(query)?.same === same);
    const alike = [...new Map(equals.map((query) => [query.phone, query])).values()];
    const limits = limitsFor(runtime, { any, same }, new Date());
    const found = await findSenders(runtime.db, alike, { ...limits, stagedFor: stagedFor(runtime) });
    for (const [at, query] of alike.entries()) answers.set(query, found[at]);
  }
  return queries.map((query) => answers.get(query));
}

/** A text that the carrier delivered several times counts once, and gets the same result each time. */
function earlierTextsOf({ carrierId, phone, hash }: SenderQuery, all: readonly SenderQuery[]): EarlierTexts {
  const before = all.slice(
    0,
    all.findIndex((other) => other.carrierId === carrierId),
  );
  const theirs = before.filter((other) => other.phone === phone);
  const distinct = [...new Map(theirs.map((other) => [other.carrierId, other])).values()];
  return { any: distinct.length, same: distinct.filter((other) => other.hash.equals(hash)).length };
}
