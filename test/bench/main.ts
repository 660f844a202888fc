import path from 'node:path';
import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { runCommand } from '../support/command.ts';
import type { Case } from './case.ts';
import { cases } from './cases/index.ts';
import { type Fixture, openFixture } from './fixture.ts';
import { type Measured, measure } from './measure.ts';
import { help, type Options, readOptions } from './options.ts';
import { nameProfiles } from './profiles.ts';
import { publish } from './publish.ts';
import { drawAll, openRun, readRun } from './results.ts';
import { showJudged, showMeasured } from './show.ts';
import { judge } from './thresholds.ts';

/** `npm run bench`: measures the cases one after the other, each on a fixture of its own. */
const root = process.cwd();
const steps = showSteps();
let fixture: Fixture | undefined;

async function main(options: Options): Promise<void> {
  const folder = options.from ?? (await measureAll(options));
  const run = readRun(folder);
  drawAll(folder, run.results);
  if (options.from !== undefined) process.stdout.write(run.results.map(showMeasured).join(''));
  const judged = judge(run.results);
  process.stdout.write(`${showJudged(judged)}Kept in ${path.relative(root, folder)}\n`);
  const isWhole = cases.every(({ name }) => run.results.some((one) => one.case === name));
  if (options.publish) publish(path.join(root, 'docs'), run, { isWhole });
  if (judged.some(({ reached }) => reached === 'none')) process.exitCode = 1;
}

/** Returns the folder of the results. */
async function measureAll(options: Options): Promise<string> {
  await build(root, steps);
  const run = openRun(path.join(root, 'bench-results'));
  for (const chosen of cases.filter(({ name }) => options.names.includes(name))) {
    try {
      const measured = await measureOne(chosen, options);
      process.stdout.write(showMeasured(measured));
      run.add(measured);
    } catch (error) {
      // What the others show is not lost with it.
      steps.fail();
      process.stderr.write(`${chosen.name} could not be measured: ${(error as Error).message}\n`);
      process.exitCode = 1;
      await closeFixture();
    }
  }
  return run.folder;
}

async function measureOne(
  chosen: Case,
  { rounds, share, oldDeliveries, reporting, profile, settings }: Options,
): Promise<Measured> {
  fixture = await openFixture({
    ...{ root, ...chosen, reporting: reporting ?? chosen.reporting, onProgress: steps.begin },
    settings: { ...chosen.settings, ...settings },
    ...(profile === undefined ? {} : { profile }),
  });
  const pids = fixture.pids();
  const measured = await measure(chosen, fixture, { rounds, share, oldDeliveries, onProgress: steps.begin });
  steps.drop();
  await closeFixture();
  if (profile !== undefined) nameProfiles(profile, { pids, prefix: chosen.name });
  return measured;
}

async function closeFixture(): Promise<void> {
  const closing = fixture;
  fixture = undefined;
  await closing?.close();
}

await runCommand({ help, options: readOptions(process.argv.slice(2)), steps, run: main, close: closeFixture });
