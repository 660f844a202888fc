import path from 'node:path';
import colours from 'picocolors';
import { showSteps } from './progress.mjs';
import { runProgram } from './stack/find.ts';
import { openStack, type Stack } from './stack/stack.ts';
import { onStopRequest } from './stop-request.ts';
import { runMocha } from './test/mocha.ts';

/** `npm test`: checks and all tests, on servers that are thrown away. The last line says how many passed and failed. */
const help = `Usage: npm test [-- FILES AND MOCHA OPTIONS]

Without any: types, style, imports, unused code, and all tests. With some: only those tests. Examples:
  npm test
  npm test -- test/engine
  npm test -- test/flow.test.ts --grep welcome
  MYSQL_URL=mysql://USER:PASSWORD@HOST/texting REDIS_URL=redis://HOST npm test     (an account that may create databases)
`;

const root = process.cwd();
const importRules = [
  ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ...['api', 'workers', 'engine', 'db', 'dev', 'test'],
];
const args = process.argv.slice(2);
const steps = showSteps();
const stop = new AbortController();

if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else {
  onStopRequest(
    () => stop.abort(),
    () => process.exit(130), // The guard removes the servers.
  );
  const { passed, failed } = await test();
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function test(): Promise<{ passed: number; failed: number }> {
  let stack: Stack | undefined;
  let passed = 0;
  try {
    let checking = args.length === 0;
    let step = 'Starting the servers';
    const onProgress = (next: string) => {
      step = next;
      if (!checking) steps.begin(next);
    };
    // Meanwhile the checks run.
    const opening = openStack({ onProgress });
    opening.catch(() => {});
    if (checking) {
      steps.begin('Checking types, style, imports and what nothing uses');
      const checks = await Promise.all([
        check('Types', path.join('typescript', 'bin', 'tsc'), ['--noEmit', '--pretty', 'false']),
        check('Style', path.join('@biomejs', 'biome', 'bin', 'biome'), ['check', '--colors=off', '.']),
        check('Imports', path.join('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), importRules),
        check('Nothing unused', path.join('knip', 'bin', 'knip.js'), ['--no-progress', '--no-config-hints']),
      ]);
      steps.drop();
      checking = false;
      passed = checks.filter((ok) => ok).length;
      if (passed < checks.length) {
        stack = await opening;
        return { passed, failed: checks.length - passed };
      }
    }
    steps.begin(step);
    stack = await opening;
    steps.end();
    if (stop.signal.aborted) return { passed, failed: 1 };
    const { MYSQL_URL, REDIS_URL, ...rest } = process.env;
    const scope = args.length === 0 ? { TEST_SCOPE: 'whole' } : {};
    const env = { ...rest, ...scope, TEST_MYSQL_URL: stack.mysqlUrl, TEST_REDIS_URL: stack.redisUrl, NODE_ENV: 'test' };
    const tests = await runMocha({ root, args, env, stop: stop.signal });
    return { passed: passed + tests.passed, failed: tests.failed };
  } catch (error) {
    steps.fail();
    process.stdout.write(`${(error as Error).message}\n`);
    return { passed, failed: 1 };
  } finally {
    await stack?.close();
  }
}

async function check(name: string, program: string, options: string[]): Promise<boolean> {
  const began = Date.now();
  const { ok, output } = await runProgram(process.execPath, [path.join(root, 'node_modules', program), ...options]);
  steps.clear();
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${ok ? colours.green('✓') : colours.red('✗')} ${name} ${colours.dim(`(${seconds} s)`)}\n`);
  if (!ok) process.stdout.write(`${output}\n`);
  return ok;
}
