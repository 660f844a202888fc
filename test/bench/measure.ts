import type { Case, Effort, Figures, Ratio } from './case.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { Stage } from './stage.ts';

export type Measured = {
  case: string;
  title: string;
  contestants: { name: string; figures: Record<string, Spread> }[];
  ratios: { name: string; spread: Spread; floor: number | null; holds: boolean }[];
};

/**
 * Runs a case: one round of everybody to warm up, then the measured rounds, interleaved, so that whatever slows the
 * machine for a while slows all of them.
 */
export async function measure(
  chosen: Case,
  stage: Stage,
  { rounds, effort, onProgress }: { rounds: number; effort: Effort; onProgress: (step: string) => void },
): Promise<Measured> {
  const contestants = await chosen.prepare(stage, effort);
  const taken = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, round: run } of contestants) {
      onProgress(round === 0 ? `Warming up: ${name}` : `Round ${round} of ${rounds}: ${name}`);
      const figures = await run();
      if (round > 0) taken.get(name)?.push(figures);
    }
  }
  return {
    case: chosen.name,
    title: chosen.title,
    contestants: [...taken].map(([name, samples]) => ({ name, figures: spreads(samples) })),
    ratios: chosen.ratios.map((ratio) => compare(ratio, taken)),
  };
}

function spreads(samples: readonly Figures[]): Record<string, Spread> {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  return Object.fromEntries(names.map((name) => [name, spreadOf(samples.map((sample) => sample[name] ?? 0))]));
}

function compare({ name, over, under, floor }: Ratio, taken: Map<string, Figures[]>): Measured['ratios'][number] {
  const valuesOf = ([who, figure]: [string, string]) => taken.get(who)?.map((sample) => sample[figure] ?? 0) ?? [];
  const below = valuesOf(under);
  const spread = spreadOf(valuesOf(over).map((value, at) => value / (below[at] ?? Number.NaN)));
  return { name, spread, floor: floor ?? null, holds: floor === undefined || spread.median >= floor };
}
