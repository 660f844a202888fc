/** Which of our numbers serves whom. */

export type PoolNumber = { id: number; load: number };
/** A pair of person and number that another membership holds (`taken`), or that rests since it was freed. */
export type NumberPair = { personId: number; numberId: number; groupId: number; taken: boolean };

/** The free number with the least load for the creator: the group’s main number. Null where none is free. */
export function pickMain({
  pool,
  pairs,
  personId,
}: {
  pool: readonly PoolNumber[];
  pairs: readonly NumberPair[];
  personId: number;
}): number | null {
  return pickFor({ pool, pairs, personId, groupId: null, main: null });
}

/** A pair that a group gets, at best, where nothing else is free: taken, or freed by another group lately. */
export function isInTheWay({ taken, groupId: lastGroupId }: NumberPair, groupId: number | null): boolean {
  return taken || lastGroupId !== groupId;
}

/**
 * The number through which somebody reaches a group: its main number, or where they already hold a membership
 * through that one, the free number with the least load. A pair that another group freed lately rests, unless
 * nothing else is free. Null where nothing is.
 */
export function pickFor({ pool, pairs, personId, groupId, main }: Pick): number | null {
  const theirs = pairs.filter((pair) => pair.personId === personId && isInTheWay(pair, groupId));
  const taken = new Set(theirs.filter((pair) => pair.taken).map((pair) => pair.numberId));
  const resting = new Set(theirs.filter((pair) => !pair.taken).map((pair) => pair.numberId));
  const ranked = pool
    .filter((number) => !taken.has(number.id))
    .sort((a, b) => rank(a) - rank(b) || a.load - b.load || a.id - b.id);
  return ranked[0]?.id ?? null;

  function rank(number: PoolNumber): number {
    if (resting.has(number.id)) return 2;
    return number.id === main ? 0 : 1;
  }
}
type Pick = {
  pool: readonly PoolNumber[];
  pairs: readonly NumberPair[];
  personId: number;
  groupId: number | null;
  main: number | null;
};
