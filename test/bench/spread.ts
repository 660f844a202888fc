/** What the rounds of one figure say together. */
export type Spread = { median: number; min: number; max: number; rounds: number[] };

export function spreadOf(rounds: readonly number[]): Spread {
  const sorted = rounds.toSorted((a, b) => a - b);
  return {
    median: shareOf(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    rounds: [...rounds],
  };
}

/** The value below which that share of the (ascending) values lies; between two, their mean by weight. */
export function shareOf(ascending: readonly number[], share: number): number {
  const place = (ascending.length - 1) * share;
  const [low = Number.NaN, high = low] = ascending.slice(Math.floor(place), Math.floor(place) + 2);
  return low + (high - low) * (place - Math.floor(place));
}
