import type { showSteps } from '../../dev/progress.mjs';
import type { Ended } from '../../dev/system/processes.ts';
import { gatherCopies } from './copies.ts';
import type { Fault } from './fault.ts';
import type { Fixture } from './fixture.ts';
import { openRandom } from './random.ts';
import { listenToReports } from './reports.ts';
import { type Result, type Round, runFault } from './round.ts';
import { showLine } from './show.ts';
import { comeLate } from './verdict.ts';

/** `wrong`: promises that were not kept, beyond those of each fault. */
export type Run = { results: Result[]; wrong: string[] };

export type RunOptions = Pick<Round, 'rate' | 'watchGaps'> & {
  /** In place of each fault's own. */
  times: number | undefined;
  seed: number;
  json: boolean;
  steps: ReturnType<typeof showSteps>;
};

/** Each fault in turn, on one fixture. */
export async function runFaults(fixture: Fixture, some: readonly Fault[], options: RunOptions): Promise<Run> {
  const { seed, rate, watchGaps, steps } = options;
  const reports = await listenToReports(fixture);
  const copies = gatherCopies(fixture);
  const results: Result[] = [];
  const wrong: string[] = [];
  for (const fault of some) {
    try {
      const result = await runFault(fixture, fault, {
        times: options.times ?? fault.times,
        // Each fault has its own choices, so that one alone makes the same as in a whole run.
        random: openRandom(seed ^ hashOf(fault.name)),
        rate,
        reports,
        copies,
        watchGaps,
        onProgress: steps.begin,
      });
      results.push(result);
      steps.drop();
      if (!options.json) process.stdout.write(showLine(result));
    } catch (error) {
      // What the others have shown is not lost with it; those that follow have nothing to run on.
      steps.fail();
      const left = some.slice(some.indexOf(fault) + 1).map(({ name }) => name);
      wrong.push(`${fault.name} could not be judged: ${(error as Error).message}`);
      if (left.length > 0) wrong.push(`Not run after it: ${left.join(', ')}`);
      break;
    }
  }
  reports.stop();
  return { results, wrong: [...wrong, ...comeLate(results, copies())] };
}

export function sayUnclean(ended: readonly Ended[]): string[] {
  return ended
    .filter(({ how, ms }) => how !== 'code 0' || ms > 10_000)
    .map(({ name, how, ms }) => `${name} did not stop cleanly: ${how} after ${Math.round(ms)} ms`);
}

function hashOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return hash;
}
