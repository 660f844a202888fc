/** Which of our numbers serves whom. */

/** `rests`: 1 while an operator lets it rest. */
export type PoolNumber = { id: number; load: number; rests?: number };
/** A pair of person and number that a membership holds, or held lately. */
export type NumberPair = { personId: number; numberId: number; groupId: number; state: PairState };
/**
 * `taken` by a membership; `resting` since it was freed; `left`, long ago, by a member who may still come back; `lapsed`
 * with a staged group that nobody turned on in time.
 */
export type PairState = 'taken' | 'resting' | 'left' | 'lapsed';

/** A pair that a group gets, at best, where nothing else is free: another membership’s, or freed by another group lately. */
export function isInTheWay({ state, groupId: lastGroupId }: NumberPair, groupId: number | null): boolean {
  return state !== 'resting' || lastGroupId !== groupId;
}

/**
 * The number through which somebody reaches a group: its main number, or where they already hold a membership through
 * that one, the free number with the least load. A pair that another group freed lately rests, unless nothing else is
 * free, and so does a number that an operator lets rest; one of a group that they left is given away last. Null where there is
 * none.
 */
export function pickFor({ pool, pairs, personId, groupId, main }: Pick): number | null {
  const theirs = pairs.filter((pair) => pair.personId === personId && isInTheWay(pair, groupId));
  const held = new Map<number, number>();
  for (const { numberId, state } of theirs) held.set(numberId, Math.max(ranks[state], held.get(numberId) ?? 0));
  const ranked = pool
    .filter(({ id }) => held.get(id) !== ranks.taken)
    .sort((a, b) => rank(a) - rank(b) || a.load - b.load || a.id - b.id);
  return ranked[0]?.id ?? null;

  function rank({ id, rests }: PoolNumber): number {
    const own = held.get(id) ?? (id === main ? 0 : 1);
    return rests === 1 ? Math.max(own, ranks.resting) : own;
  }
}

/** From what may be given away at once to what may not be. */
const ranks: Record<PairState, number> = { lapsed: 2, resting: 3, left: 4, taken: 5 };

type Pick = {
  pool: readonly PoolNumber[];
  pairs: readonly NumberPair[];
  personId: number;
  groupId: number | null;
  main: number | null;
};
