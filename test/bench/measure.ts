import type { Case, Contestant, Effort, Ratio } from './case.ts';
import type { Figures } from './figures.ts';
import type { Fixture } from './fixture.ts';
import { type Spread, spreadOf } from './spread.ts';

export type Measured = {
  case: string;
  title: string;
  contestants: { name: string; figures: Record<string, Spread> }[];
  ratios: { name: string; spread: Spread }[];
  /** Who could not take part, and why. */
  absent: { name: string; why: string }[];
};

/**
 * Runs a case: rounds of everybody to warm up, then the measured rounds, interleaved, so that whatever slows the
 * machine for a while slows all of them.
 */
export async function measure(
  chosen: Case,
  fixture: Fixture,
  { rounds: wanted, ...effort }: Effort & { rounds: number },
): Promise<Measured> {
  const entrants = await chosen.prepare(fixture, effort);
  const contestants = entrants.filter((entrant): entrant is Contestant => 'round' in entrant);
  const taken = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]));
  const rounds = Math.min(wanted, chosen.mostRounds ?? wanted);
  const first = chosen.mostRounds === 0 ? 1 : 1 - (chosen.warmUps ?? 1);
  const last = Math.max(rounds, first);
  for (let round = first; round <= last; round++) {
    for (const { name, round: run } of contestants) {
      effort.onProgress(`${chosen.name}, ${round <= 0 ? 'warming up' : `round ${round} of ${last}`}: ${name}`);
      const figures = await run();
      if (round > 0) taken.get(name)?.push(figures);
    }
  }
  return {
    case: chosen.name,
    title: chosen.title,
    contestants: [...taken].map(([name, samples]) => ({ name, figures: spreads(samples) })),
    ratios: chosen.ratios
      .filter(({ over, under }) => taken.has(over[0]) && taken.has(under[0]))
      .map((ratio) => ({ name: ratio.name, spread: compare(ratio, taken) })),
    absent: entrants.flatMap((entrant) => ('absent' in entrant ? [{ name: entrant.name, why: entrant.absent }] : [])),
  };
}

function spreads(samples: readonly Figures[]): Record<string, Spread> {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  return Object.fromEntries(names.map((name) => [name, spreadOf(samples.map((sample) => sample[name] ?? 0))]));
}

/** Within each round, so that what slowed both of them falls out. */
export function compare({ over, under }: Ratio, taken: ReadonlyMap<string, readonly Figures[]>): Spread {
  const valuesOf = ([who, figure]: [string, string]) => taken.get(who)?.map((sample) => sample[figure] ?? 0) ?? [];
  const below = valuesOf(under);
  return spreadOf(valuesOf(over).map((value, at) => value / (below[at] ?? Number.NaN)));
}
