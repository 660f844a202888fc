import path from 'node:path';
import colours from 'picocolors';
import { build } from './build.mjs';
import { runProgram } from './stack/find.ts';
import { sayDurations } from './test/durations.ts';
import { runTests, type TestRun } from './test/run.ts';
import { besides } from './test/streams.ts';

/** `npm test`: checks and all tests, on servers that are thrown away. */
const help = `Usage: npm test [-- FILES AND MOCHA OPTIONS]

Without any: types, style, imports, unused code, and all tests. With some: only those tests. Examples:
  npm test
  npm test -- test/engine
  npm test -- test/flow.test.ts --grep welcome
  MYSQL_URL=mysql://USER:PASSWORD@HOST/texting REDIS_URL=redis://HOST npm test     (an account that may create databases)
`;

const importRules = [
  ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ...['api', 'workers', 'engine', 'db', 'dev', 'test'],
];
const checks: readonly [name: string, program: string, options: readonly string[]][] = [
  ['Types', path.join('typescript', 'bin', 'tsc'), ['--noEmit', '--pretty', 'false']],
  ['Style', path.join('@biomejs', 'biome', 'bin', 'biome'), ['check', '--colors=off', '.']],
  ['Imports', path.join('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), importRules],
  ['Nothing unused', path.join('knip', 'bin', 'knip.js'), ['--no-progress', '--no-config-hints']],
];

await runTests(help, async (run) => (run.args.length === 0 ? checkAndTest(run) : run.mocha(await run.open())));

/** The servers start while the checks run. */
async function checkAndTest(run: TestRun): Promise<{ passed: number; failed: number }> {
  const { steps } = run;
  let isChecking = true;
  let step = 'Starting the servers';
  const opening = Promise.all([
    run.open({
      onProgress(next) {
        step = next;
        if (!isChecking) steps.begin(next);
      },
    }),
    ...besides.map(() => run.open({ onProgress: () => {} })),
  ]);
  opening.catch(() => {});
  steps.begin('Checking types, style, imports and what nothing uses');
  // What some tests start is compiled before they do.
  const building = build(run.root, { ...steps, begin() {}, end() {} });
  building.catch(() => {});
  const ok = await Promise.all(checks.map((one) => check(run, one)));
  steps.drop();
  isChecking = false;
  const passed = ok.filter(Boolean).length;
  if (passed < ok.length) {
    // They are closed only once they are open.
    await opening;
    return { passed, failed: ok.length - passed };
  }
  steps.begin(step);
  await building;
  return testInStreams(run, { stacks: await opening, passed });
}

/** Each stream on servers of its own; what each took is printed last. */
async function testInStreams(
  run: TestRun,
  { stacks: [stack, ...others], passed }: { stacks: Awaited<ReturnType<TestRun['open']>>[]; passed: number },
): Promise<{ passed: number; failed: number }> {
  if (stack === undefined) throw new Error('no servers');
  const apart = besides.flatMap(({ files }) => files);
  const outcomes = await Promise.all([
    run.mocha(stack, {
      args: apart.map((file) => `--ignore=${file.endsWith('.ts') ? file : `${file}/**`}`),
      env: { TEST_SCOPE: 'whole' },
    }),
    ...others.map((own, at) => run.mocha(own, { args: besides[at]?.files ?? [], isQuiet: true })),
  ]);
  const names = ['all others', ...besides.map(({ name }) => name)];
  process.stdout.write(sayDurations(outcomes.map((one, at) => ({ name: names[at] ?? '', ...one }))));
  return {
    passed: outcomes.reduce((sum, one) => sum + one.passed, passed),
    failed: outcomes.reduce((sum, one) => sum + one.failed, 0),
  };
}

async function check({ root, steps }: TestRun, [name, program, options]: (typeof checks)[number]): Promise<boolean> {
  const began = Date.now();
  const { ok, output } = await runProgram(process.execPath, [path.join(root, 'node_modules', program), ...options]);
  steps.clear();
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${ok ? colours.green('✓') : colours.red('✗')} ${name} ${colours.dim(`(${seconds} s)`)}\n`);
  if (!ok) process.stdout.write(`${output}\n`);
  return ok;
}
