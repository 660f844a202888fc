/** Of several things the one whose key is most like a word; null of none. The first wins where two are alike. */
export function nearest<T>(
  word: string,
  things: readonly T[],
  keyOf: (thing: T) => string,
): { of: T; distance: number } | null {
  let best: { of: T; distance: number } | null = null;
  for (const of of things) {
    const distance = editDistance(word, keyOf(of));
    if (best === null || distance < best.distance) best = { of, distance };
  }
  return best;
}

/** Insertions, deletions and changes that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const now = [line];
    for (let column = 1; column <= to.length; column++) {
      const change = (above[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      now.push(Math.min(change, (above[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1));
    }
    above = now;
  }
  return above[to.length] ?? 0;
}
