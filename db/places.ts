/** One statement for the same question about each of these; the first binding of each is its place among them. */
export function inPlaces(asked: readonly unknown[], question: string): string {
  return asked.map(() => question).join(' UNION ALL ');
}

/** The rows that belong to each of those that were asked about, in their order. */
export function byPlace<T extends { place: number }>(asked: readonly unknown[], found: readonly T[]): T[][] {
  const all = asked.map((): T[] => []);
  // A union gives a number as MySQL likes it.
  for (const row of found) all[Number(row.place)]?.push(row);
  return all;
}
