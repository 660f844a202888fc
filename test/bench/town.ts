import type { Random } from '../faults/random.ts';
import { shareOf } from './spread.ts';
import { lastRecipients, type Said } from './turns-model.ts';

/** What groups there are, by their members: most are families and friends, few are parishes. An assumption, not a measurement. */
const MIX = [
  { share: 0.7, members: 5 },
  { share: 0.25, members: 20 },
  { share: 0.05, members: 100 },
] as const;

export const SIZES = MIX.map(({ members }) => members);

export function sizeOfGroup(random: Random): number {
  let left = random.next();
  for (const { share, members } of MIX) {
    left -= share;
    if (left < 0) return members;
  }
  return MIX[0].members;
}

/** Texts that a message becomes, on average: its sender gets none. */
const TEXTS_A_MESSAGE = MIX.reduce((sum, { share, members }) => sum + share * (members - 1), 0);

/** `busy`: the share of what all numbers together may send; `groupsANumber`: those that share one. */
export type Town = { numbers: number; groupsANumber: number; busy: number; seconds: number; numberMs: number };

/**
 * Seconds to the last recipient, by the size of the group, of what a country of such groups says: each of its messages comes at any
 * moment from any group. Counted from the first third on, when the lines are as long as they stay.
 */
export function waitsIn(town: Town, random: Random): { members: number; p50: number; p99: number }[] {
  const { numbers, groupsANumber, busy, seconds, numberMs } = town;
  const count = Math.round((numbers * busy * seconds * 1_000) / numberMs / TEXTS_A_MESSAGE);
  const sizes = Uint8Array.from({ length: numbers * groupsANumber }, () => sizeOfGroup(random));
  const moments = Float64Array.from({ length: count }, () => random.next() * seconds * 1_000).sort();
  const said = Array.from(moments, (at): Said => {
    const group = Math.floor(random.next() * sizes.length);
    return { at, number: group % numbers, group, recipients: (sizes[group] ?? 1) - 1 };
  });
  const ends = lastRecipients(said, { numberMs, accountMs: 0 });
  return SIZES.map((members) => {
    const waits = said
      .flatMap(({ at, group }, index) =>
        sizes[group] === members && at > (seconds * 1_000) / 3 ? [((ends[index] ?? at) - at) / 1_000] : [],
      )
      .sort((a, b) => a - b);
    return { members, p50: shareOf(waits, 0.5), p99: shareOf(waits, 0.99) };
  });
}
