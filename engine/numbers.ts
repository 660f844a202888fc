import type { Tx } from '../db/connect.ts';
import { pairsOf, poolLoads } from '../db/numbers.ts';
import { unavailable } from './errors.ts';
import { pickFor, pickMain } from './rules/numbers.ts';
import type { Roster } from './rules/types.ts';
import type { Runtime } from './runtime.ts';

/**
 * The numbers of a new group: its main one, which is that of the creator (who comes first), and each member's. The
 * people are locked by the caller, so nobody else gives them a number meanwhile. Throws UNAVAILABLE where none is free.
 */
export async function assignNumbers(
  runtime: Runtime,
  tx: Tx,
  { personIds, now }: { personIds: readonly number[]; now: Date },
) {
  const { pool, pairs } = await readPool(runtime, tx, personIds, now);
  const mainId = pickMain({ pool, pairs, personId: personIds[0] ?? 0 });
  const main = pool.find(({ id }) => id === mainId);
  if (main === undefined) throw unavailable('number');
  const byPerson = new Map(
    personIds.map((personId) => [personId, orNone(pickFor({ pool, pairs, personId, groupId: null, main: main.id }))]),
  );
  return { main, byPerson };
}

/** The number through which a newcomer, locked by the caller, reaches a group. Throws UNAVAILABLE where none is free. */
export async function assignNumber(
  runtime: Runtime,
  tx: Tx,
  { personId, roster, now }: { personId: number; roster: Roster; now: Date },
): Promise<number> {
  const { pool, pairs } = await readPool(runtime, tx, [personId], now);
  const main = pool.find(({ phone }) => phone === roster.group.number)?.id ?? null;
  return orNone(pickFor({ pool, pairs, personId, groupId: roster.group.id, main }));
}

async function readPool(runtime: Runtime, tx: Tx, personIds: readonly number[], now: Date) {
  const restSince = new Date(now.getTime() - runtime.config.PAIR_REST_DAYS * 86_400_000);
  const pairs = await pairsOf(tx, { personIds, restSince });
  return { pool: await poolLoads(tx), pairs: pairs.map((pair) => ({ ...pair, taken: pair.taken === 1 })) };
}

function orNone(numberId: number | null): number {
  if (numberId === null) throw unavailable('number');
  return numberId;
}
