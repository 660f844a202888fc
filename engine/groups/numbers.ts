import type { Tx } from '../../db/connect.ts';
import { findUncounted, readNumberLoads, saveNumberLoad } from '../../db/groups/number-load.ts';
import { findServing, pairsOf } from '../../db/groups/numbers.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { isInTheWay, type NumberPair, pickFor, pickMain } from '../rules/numbers.ts';
import type { Roster } from '../rules/types.ts';

/**
 * Picks the numbers of a new group: its main one, which is the creator's (who comes first), and each member's. The caller
 * has locked the people, so no other call gives them a number meanwhile. Throws OutOfNumbers if none is free.
 */
export async function assignNumbers(
  runtime: Runtime,
  tx: Tx,
  { personIds, now }: { personIds: readonly number[]; now: Date },
) {
  const { pool, pairs } = await readPool(runtime, tx, personIds, now);
  const mainId = pickMain({ pool, pairs, personId: personIds[0] ?? 0 });
  const main = pool.find(({ id }) => id === mainId);
  if (main === undefined) throw new OutOfNumbers(pool.length);
  const byPerson = new Map(
    personIds.map((personId) => {
      const numberId = pickFor({ pool, pairs, personId, groupId: null, main: main.id });
      if (numberId === null) throw new OutOfNumbers(pool.length);
      return [personId, numberId];
    }),
  );
  return { main, byPerson };
}

/** Picks the number through which a newcomer, locked by the caller, reaches a group. Throws OutOfNumbers if none is free. */
export async function assignNumber(
  runtime: Runtime,
  tx: Tx,
  { personId, roster, now }: { personId: number; roster: Roster; now: Date },
): Promise<number> {
  const groupId = roster.group.id;
  const pairs = await readPairs(runtime, tx, [personId], now);
  const main = (await findServing(tx, roster.group.number)) ?? null;
  // Nearly always: the load of all numbers is read only for the rest.
  if (main !== null && !pairs.some((pair) => pair.numberId === main.id && isInTheWay(pair, groupId))) return main.id;
  const pool = await readNumberLoads(tx);
  const numberId = pickFor({ pool, pairs, personId, groupId, main: main?.id ?? null });
  if (numberId === null) throw new OutOfNumbers(pool.length);
  return numberId;
}

/** Counts the memberships of each number that was not counted in the last minute. Returns how many numbers. */
export async function countNumberLoads({ db }: Runtime, now = new Date()): Promise<number> {
  const uncounted = await findUncounted(db, new Date(now.getTime() - COUNT_MS));
  for (const numberId of uncounted) await saveNumberLoad(db, { numberId, now });
  return uncounted.length;
}
const COUNT_MS = 60_000;

/** No number of the pool is free for somebody. `poolSize` is how many there were. */
export class OutOfNumbers extends DomainError {
  constructor(readonly poolSize: number) {
    super('UNAVAILABLE', { subtype: 'number', retryAfter: 5 });
  }
}

async function readPool(runtime: Runtime, tx: Tx, personIds: readonly number[], now: Date) {
  return { pairs: await readPairs(runtime, tx, personIds, now), pool: await readNumberLoads(tx) };
}

async function readPairs(runtime: Runtime, tx: Tx, personIds: readonly number[], now: Date): Promise<NumberPair[]> {
  const restSince = new Date(now.getTime() - runtime.config.PAIR_REST_DAYS * 86_400_000);
  const pairs = await pairsOf(tx, { personIds, restSince });
  return pairs.map((pair) => ({ ...pair, taken: pair.taken === 1 }));
}
