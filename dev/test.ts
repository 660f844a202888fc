import path from 'node:path';
import colours from 'picocolors';
import { runProgram } from './stack/find.ts';
import { runTests, type TestRun } from './test/run.ts';

/** `npm test`: checks and all tests, on servers that are thrown away. */
const help = `Usage: npm test [-- FILES AND MOCHA OPTIONS]

Without any: types, style, imports, unused code, and all tests. With some: only those tests. Examples:
  npm test
  npm test -- test/engine
  npm test -- test/flow.test.ts --grep welcome
  MYSQL_URL=mysql://USER:PASSWORD@HOST/texting REDIS_URL=redis://HOST npm test     (an account that may create databases)
`;

/**
 * What runs beside the other tests, each list on servers of its own: all three mostly wait, and take about as long. Who wants to
 * know what every call has answered is with the others.
 */
const besides: readonly (readonly string[])[] = [
  [
    'test/db',
    'test/default-budgets.test.ts',
    'test/dev/stack.test.ts',
    'test/engine/platform',
    'test/engine/rules/growth.test.ts',
    'test/faults.test.ts',
    'test/plivo.test.ts',
    'test/secrets.test.ts',
  ],
  ['test/engine/delivery', 'test/engine/usecases', 'test/workers'],
];

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
  const opening = run.open({
    onProgress(next) {
      step = next;
      if (!isChecking) steps.begin(next);
    },
  });
  opening.catch(() => {});
  steps.begin('Checking types, style, imports and what nothing uses');
  const ok = await Promise.all(checks.map((one) => check(run, one)));
  steps.drop();
  isChecking = false;
  const passed = ok.filter(Boolean).length;
  if (passed < ok.length) {
    // It is closed only once it is open.
    await opening;
    return { passed, failed: ok.length - passed };
  }
  steps.begin(step);
  const stack = await opening;
  const own = await Promise.all(besides.map(async (args) => ({ args, stack: await run.open() })));
  const counts = await Promise.all([
    run.mocha(stack, {
      args: besides.flat().map((file) => `--ignore=${file.endsWith('.ts') ? file : `${file}/**`}`),
      env: { TEST_SCOPE: 'whole' },
    }),
    ...own.map(({ args, stack: servers }) => run.mocha(servers, { args, isQuiet: true })),
  ]);
  const sum = (of: 'passed' | 'failed') => counts.reduce((all, one) => all + one[of], 0);
  return { passed: passed + sum('passed'), failed: sum('failed') };
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
