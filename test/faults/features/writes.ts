/**
 * Something that a member did, which leaves a value in place of the one before. `until`: when it was answered; null where
 * nobody knows whether it happened, or when.
 */
export type Write<T> = { value: T; from: number; until: number | null };

/**
 * What the value may be in the end, where the last write counts: that of each write after whose answer none began that
 * happened for certain. The value of before them all is possible only where none happened for certain.
 */
export function possibleEnds<T>(before: T, writes: readonly Write<T>[]): Set<T> {
  const certain = writes.filter(({ until }) => until !== null);
  const lastFrom = Math.max(...certain.map(({ from }) => from));
  const ends = writes.filter(({ until }) => until === null || until >= lastFrom).map(({ value }) => value);
  return new Set([...(certain.length === 0 ? [before] : []), ...ends]);
}
