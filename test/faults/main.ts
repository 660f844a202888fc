import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { onStopRequest } from '../../dev/stop-request.ts';
import { faults } from './cases/index.ts';
import type { Fault } from './fault.ts';
import { type Fixture, openFixture } from './fixture.ts';
import { findLeaks } from './leaks.ts';
import { help, type Options, readOptions } from './options.ts';
import { openRandom } from './random.ts';
import { listenToReports } from './reports.ts';
import { type Result, runFault } from './round.ts';
import { showLine, showResults } from './show.ts';
import { canMount } from './small-disk.ts';
import { soakFor } from './soak.ts';
import { comeLate, gatherCopies } from './verdict.ts';

/** `npm run test:faults`: breaks everything in turn, on a fixture of its own, and shows a table. */
const root = process.cwd();
const steps = showSteps();
let fixture: Fixture | undefined;

async function main(options: Options): Promise<void> {
  const { seed } = options;
  const wanted = faults.filter(({ name }) => options.only.includes(name));
  const plain = [
    ...wanted.filter(({ onSmallDisk }) => !onSmallDisk),
    ...(options.soak > 0 ? [soakFor(options.soak)] : []),
  ];
  const cramped = wanted.filter(({ onSmallDisk }) => onSmallDisk);
  if (!options.json) process.stdout.write(`Seed ${seed}: repeat with --seed ${seed}\n`);
  await build(root, steps);
  const runs: Run[] = [];
  if (plain.length > 0) runs.push(await runAll(plain, options, { smallDisk: false }));
  if (cramped.length > 0 && canMount()) runs.push(await runAll(cramped, options, { smallDisk: true }));
  const results = runs.flatMap((run) => run.results);
  const wrong = [...runs.flatMap((run) => run.wrong)];
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, results, wrong }, null, 1)}\n`);
  else process.stdout.write(showResults(results));
  for (const line of wrong) process.stdout.write(`${line}\n`);
  if (cramped.length > 0 && !canMount())
    process.stdout.write(
      `Left out, because only root may mount a small disk: ${cramped.map(({ name }) => name).join(', ')}\n`,
    );
  if (wrong.length > 0 || results.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
}

/** `wrong`: promises that were not kept, beyond those of each fault. */
type Run = { results: Result[]; wrong: string[] };

/** Each fault in turn, on one fixture. */
async function runAll(some: readonly Fault[], options: Options, { smallDisk }: { smallDisk: boolean }): Promise<Run> {
  const { seed, groups, members, rate, paced, database } = options;
  fixture = await openFixture({ root, seed, groups, members, paced, smallDisk, database, onProgress: steps.begin });
  const reports = await listenToReports(fixture);
  const copies = gatherCopies(fixture);
  const results: Result[] = [];
  for (const fault of some) {
    const result = await runFault(fixture, fault, {
      times: options.times ?? fault.times,
      // Each fault has its own choices, so that one alone makes the same as in a whole run.
      random: openRandom(seed ^ hashOf(fault.name)),
      rate,
      reports,
      copies,
      onProgress: steps.begin,
    });
    results.push(result);
    steps.drop();
    if (!options.json) process.stdout.write(showLine(result));
  }
  reports.stop();
  const late = comeLate(results, copies());
  steps.begin('Stopping');
  const leaks = findLeaks(fixture);
  const ended = await fixture.close({ keep: options.keep });
  const bad = ended.filter(({ how, ms }) => how !== 'code 0' || ms > 10_000);
  steps.drop();
  if (options.keep) process.stdout.write(`Logs are in ${fixture.folder}\n`);
  fixture = undefined;
  const unclean = bad.map(({ name, how, ms }) => `${name} did not stop cleanly: ${how} after ${Math.round(ms)} ms`);
  return { results, wrong: [...late, ...leaks, ...unclean] };
}

function hashOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return hash;
}

async function end(code: number): Promise<void> {
  steps.drop();
  await fixture?.close();
  process.exit(code);
}

onStopRequest(
  () => void end(130),
  () => process.exit(130),
);
const options = readOptions(process.argv.slice(2));
if (options === 'help') process.stdout.write(help);
else if ('wrong' in options) {
  process.stderr.write(`${options.wrong}\n\n${help}`);
  process.exitCode = 2;
} else {
  await main(options).catch(async (error: Error) => {
    steps.fail();
    process.stderr.write(`${error.stack}\n`);
    await end(1);
  });
}
