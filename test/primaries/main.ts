import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { findSpider, NO_SPIDER } from '../spider/servers.ts';
import { runCommand } from '../support/command.ts';
import { makeCrowds, measureAll, type Round } from './figures.ts';
import { type Fixture, openFixture } from './fixture.ts';
import { commitHalves } from './halves.ts';
import { help, type Options, readOptions } from './options.ts';
import { killUnderLoad, lookAround, makeStage, stopAndStart } from './rehearsal.ts';
import { sayKilling, sayRounds } from './show.ts';

/** `npm run test:primaries`: two primaries behind a router of connections by group, what works so, and what it costs. */
const root = process.cwd();
const steps = showSteps();
let fixture: Fixture | undefined;

async function main(options: Options): Promise<void> {
  const plugins = findSpider();
  if (plugins === undefined) {
    process.stdout.write(NO_SPIDER);
    return;
  }
  print(`Seed ${options.seed}: repeat with --seed ${options.seed}`);
  await build(root, steps);
  fixture = await openFixture({ root, plugins, carrierMs: 50, keep: options.keep, onProgress: steps.begin });
  const on = fixture;
  // First what is measured: a primary that was killed leaves its links to fail once each.
  const broken = options.only === 'rehearsal' ? [] : await measure(on, options);
  if (options.only !== 'measurement') broken.push(...(await rehearse(on, options)));
  steps.begin('Stopping');
  await fixture.close();
  steps.drop();
  if (options.keep) print(`Logs are in ${on.folder}`);
  for (const line of broken) print(line);
  if (broken.length > 0) process.exitCode = 1;
}

async function rehearse(on: Fixture, options: Options): Promise<string[]> {
  const broken: string[] = [];
  steps.begin('Making groups on both');
  const stage = await makeStage(on);
  steps.begin('Looking around');
  broken.push(...(await lookAround(on, stage)));
  steps.begin('STOP and START of somebody of both');
  broken.push(...(await stopAndStart(on, stage)));
  for (const cell of [on.second, on.first]) {
    steps.begin(`Killing primary ${cell.name} under load`);
    const killing = await killUnderLoad(on, stage, { ...options, cell });
    steps.end();
    for (const line of sayKilling(killing)) print(line);
    broken.push(...killing.broken);
  }
  steps.begin('Committing over both');
  const halves = await commitHalves(on);
  steps.end();
  for (const line of halves) print(line);
  return broken;
}

async function measure(on: Fixture, { rounds }: Options): Promise<string[]> {
  steps.begin('Making groups for the measurement');
  const crowds = await makeCrowds(on);
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round++)
    measured.push(await measureAll(on, { crowds, onProgress: (way) => steps.begin(`Round ${round}: ${way}`) }));
  steps.end();
  for (const line of sayRounds(measured)) print(line);
  return measured.flatMap((round) =>
    Object.entries(round).flatMap(([way, { lost, doubled }]) =>
      lost + doubled > 0 ? [`${way}: ${lost} lost, ${doubled} doubled`] : [],
    ),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runCommand({
  help,
  options: readOptions(process.argv.slice(2)),
  steps,
  run: main,
  close: async () => void (await fixture?.close()),
});
