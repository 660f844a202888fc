import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { onStopRequest } from '../../dev/stop-request.ts';
import { faults } from './cases/index.ts';
import { help, type Options, readOptions } from './options.ts';
import { openRandom } from './random.ts';
import { listenToReports } from './reports.ts';
import { type Result, runFault } from './round.ts';
import { showLine, showResults } from './show.ts';
import { openStage, type Stage } from './stage.ts';

/** `npm run test:faults`: breaks everything in turn, on a stage of its own, and shows a table. */
const root = process.cwd();
const steps = showSteps();
let stage: Stage | undefined;

async function main(options: Options): Promise<void> {
  const { seed, groups, members, rate, paced } = options;
  if (!options.json) process.stdout.write(`Seed ${seed}: repeat with --seed ${seed}\n`);
  await build(root, steps);
  stage = await openStage({ root, seed, groups, members, paced, onProgress: steps.begin });
  const reports = await listenToReports(stage);
  const results: Result[] = [];
  for (const fault of faults.filter(({ name }) => options.only.includes(name))) {
    const result = await runFault(stage, fault, {
      times: options.times ?? fault.times,
      // Each fault has its own choices, so that one alone makes the same as in a whole run.
      random: openRandom(seed ^ hashOf(fault.name)),
      rate,
      reports,
      onProgress: steps.begin,
    });
    results.push(result);
    steps.drop();
    if (!options.json) process.stdout.write(showLine(result));
  }
  reports.stop();
  const wrong = results.some(({ broken }) => broken.length > 0);
  steps.begin('Stopping');
  const ended = await stage.close({ keep: options.keep });
  const bad = ended.filter(({ how, ms }) => how !== 'code 0' || ms > 10_000);
  steps.drop();
  if (options.keep) process.stdout.write(`Logs are in ${stage.folder}\n`);
  stage = undefined;
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, results }, null, 1)}\n`);
  else process.stdout.write(showResults(results));
  for (const { name, how, ms } of bad)
    process.stdout.write(`${name} did not stop cleanly: ${how} after ${Math.round(ms)} ms\n`);
  if (wrong || bad.length > 0) process.exitCode = 1;
}

function hashOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return hash;
}

async function end(code: number): Promise<void> {
  steps.drop();
  await stage?.close();
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
