import { DatabaseUnavailable } from '../../db/connect.ts';

export type Failed = { error: unknown };

/**
 * Does work on all of these at once; where that fails, on each alone, so that a bad one fails no others. Where the
 * database is unavailable all fail: nobody waits for it once for each.
 */
export async function togetherOrAlone<Item, Result>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<(Result | Failed)[]> {
  try {
    return [...(await work(items))];
  } catch (error) {
    if (items.length === 1 || error instanceof DatabaseUnavailable) return items.map(() => ({ error }));
    const alone: (Result | Failed)[] = [];
    for (const item of items) alone.push(...(await togetherOrAlone([item], work)));
    return alone;
  }
}
