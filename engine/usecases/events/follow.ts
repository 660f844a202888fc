/** In how many milliseconds deliveries are looked at again of which none has moved for so long: ever more seldom. */
export function followAgainMs(stillMs: number): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, stillMs / 4));
}

const LEAST_MS = 500;
const MOST_MS = 60_000;
