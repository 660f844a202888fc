import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { onStopRequest } from '../../dev/stop-request.ts';
import { cases } from './cases/index.ts';
import { judge } from './marks.ts';
import { type Measured, measure } from './measure.ts';
import { help, type Options, readOptions } from './options.ts';
import { nameProfiles } from './profiles.ts';
import { showJudged, showMeasured } from './show.ts';
import { openStage, type Stage } from './stage.ts';

/** `npm run bench`: measures the cases one after the other, each on a stage of its own. */
const root = process.cwd();
const steps = showSteps();
let stage: Stage | undefined;

async function main(options: Options): Promise<void> {
  await build(root, steps);
  const results: Measured[] = [];
  for (const chosen of cases.filter(({ name }) => options.names.includes(name))) {
    const { rounds, share, reporting, profile } = options;
    stage = await openStage({
      ...{ root, settings: {}, ...chosen, reporting: reporting ?? chosen.reporting, onProgress: steps.begin },
      ...(profile === undefined ? {} : { profile }),
    });
    const pids = stage.pids();
    results.push(await measure(chosen, stage, { rounds, share, onProgress: steps.begin }));
    steps.drop();
    await stage.close();
    stage = undefined;
    if (profile !== undefined) nameProfiles(profile, { pids, prefix: chosen.name });
    process.stdout.write(showMeasured(results.at(-1) as Measured));
  }
  const judged = judge(results);
  process.stdout.write(`${showJudged(judged)}Kept in ${keep(options, results)}\n`);
  if (judged.some(({ reached }) => reached === 'none')) process.exitCode = 1;
}

function keep(options: Options, results: readonly Measured[]): string {
  const folder = path.join(root, 'bench-results');
  mkdirSync(folder, { recursive: true });
  const at = new Date();
  const file = path.join(folder, `${at.toISOString().replace(/[:.]/g, '-')}.json`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  writeFileSync(file, `${JSON.stringify({ at, machine, options, results }, null, 1)}\n`);
  return path.relative(root, file);
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
    process.stderr.write(`${error.message}\n`);
    await end(1);
  });
}
