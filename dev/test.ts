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

/** These take nearly as long as all others, mostly waiting: they run beside them, on servers of their own. */
const beside = [
  'test/db',
  'test/default-budgets.test.ts',
  'test/dev/stack.test.ts',
  'test/engine/platform',
  'test/engine/rules/growth.test.ts',
  'test/faults.test.ts',
  'test/plivo.test.ts',
  'test/secrets.test.ts',
  'test/workers',
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
  const [stack, ownStack] = [await opening, await run.open()];
  const [most, others] = await Promise.all([
    run.mocha(stack, {
      args: beside.map((file) => `--ignore=${file.endsWith('.ts') ? file : `${file}/**`}`),
      env: { TEST_SCOPE: 'whole' },
    }),
    run.mocha(ownStack, { args: beside, isQuiet: true }),
  ]);
  return { passed: passed + most.passed + others.passed, failed: most.failed + others.failed };
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
