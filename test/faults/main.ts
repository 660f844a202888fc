import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { runCommand } from '../support/command.ts';
import { defaultBudgets } from '../support/default-budgets.ts';
import { accountLimits } from './cases/broadcast.ts';
import { faults, nothing } from './cases/index.ts';
import type { Fault } from './fault.ts';
import { type Fixture, type FixtureOptions, openFixture } from './fixture.ts';
import { findLeaks } from './leaks.ts';
import { help, type Options, readOptions } from './options.ts';
import { canSetClock } from './redis-clock.ts';
import { type Run, runFaults, sayUnclean } from './run.ts';
import { isKept, showResults } from './show.ts';
import { canMount } from './small-disk.ts';
import { soakFor } from './soak.ts';

/** `npm run test:faults`: breaks everything in turn, on a fixture of its own, and shows a table. */
const root = process.cwd();
const steps = showSteps();
let fixture: Fixture | undefined;

async function main(options: Options): Promise<void> {
  const { seed } = options;
  const wanted = [nothing, ...faults].filter(({ name }) => options.only.includes(name));
  const possible = wanted.filter((fault) => whyNot(fault, options) === null);
  const stages = [
    { some: [...possible.filter(isPlain), ...(options.soak > 0 ? [soakFor(options.soak)] : [])], on: {} },
    { some: possible.filter(({ needs }) => needs === 'previous' || needs === 'webs'), on: { twoWebs: true } },
    { some: possible.filter(({ needs }) => needs === 'gates'), on: { gates: true } },
    {
      some: possible.filter(({ needs }) => needs === 'budgets'),
      on: { settings: { ...defaultBudgets, TRUST_PROXY: '1' } },
    },
    { some: possible.filter(({ needs }) => needs === 'limits'), on: { settings: accountLimits } },
    { some: possible.filter(({ needs }) => needs === 'clock'), on: { redisClock: true } },
    { some: possible.filter(({ needs }) => needs === 'disk'), on: { smallDisk: true } },
  ];
  if (!options.json) process.stdout.write(`Seed ${seed}: repeat with --seed ${seed}\n`);
  await build(root, steps);
  const runs: Run[] = [];
  for (const { some, on } of stages) if (some.length > 0) runs.push(await runAll(some, options, on));
  const results = runs.flatMap((run) => run.results);
  const wrong = [...runs.flatMap((run) => run.wrong)];
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, results, wrong }, null, 1)}\n`);
  else process.stdout.write(showResults(results));
  for (const line of wrong) process.stdout.write(`${line}\n`);
  for (const fault of wanted) {
    const why = whyNot(fault, options);
    if (why !== null) process.stdout.write(`${fault.name} was left out: ${why}\n`);
  }
  if (wrong.length > 0 || !results.every(isKept)) process.exitCode = 1;
}

function isPlain({ needs }: Fault): boolean {
  return needs === undefined || needs === 'paced' || needs === 'dump';
}

function whyNot({ needs }: Fault, { paced, database }: Options): string | null {
  if (needs === 'paced' && !paced) return 'it needs --paced';
  if (needs === 'clock' && !canSetClock()) return 'it needs Linux and a compiler of C';
  if (needs === 'previous' && !existsSync(path.join(root, '.git'))) return 'it needs the history of git';
  if (needs === 'dump' && database !== 'mariadb') return 'it needs MariaDB';
  if (needs === 'disk' && !canMount()) return 'only root may mount a small disk';
  return null;
}

type On = Pick<FixtureOptions, 'gates' | 'redisClock' | 'settings' | 'smallDisk' | 'twoWebs'>;

/** Each fault in turn, on one fixture. */
async function runAll(some: readonly Fault[], options: Options, on: On): Promise<Run> {
  const { seed, groups, members, paced, database, seconds, previous } = options;
  const shape = { seed, groups, members, paced, database, seconds, previous };
  fixture = await openFixture({ root, ...shape, ...on, onProgress: steps.begin });
  const { results, wrong } = await runFaults(fixture, some, { ...options, steps });
  steps.begin('Stopping');
  const leaks = findLeaks(fixture);
  const ended = await fixture.close({ keep: options.keep });
  steps.drop();
  if (options.keep) process.stdout.write(`Logs are in ${fixture.folder}\n`);
  fixture = undefined;
  return { results, wrong: [...wrong, ...leaks, ...sayUnclean(ended)] };
}

await runCommand({
  help,
  options: readOptions(process.argv.slice(2)),
  steps,
  run: main,
  close: async () => void (await fixture?.close()),
});
