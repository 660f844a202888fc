import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { openGuard } from '../stack/guard.ts';
import type { Tally } from './reporter.ts';

type Run = {
  root: string;
  /** Files, folders and mocha's own options; nothing means all tests. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Ends the run: after the test that is under way, and after 5 s by force. */
  stop: AbortSignal;
  /** What it prints comes in one piece when it is over, for a run beside another. */
  isQuiet?: boolean;
};

export type Outcome = {
  passed: number;
  failed: number;
  /** Of the whole process. */
  ms: number;
  files: Tally['files'];
};

/**
 * Where `require` can load modules, mocha tries that first: everything is then loaded twice, as tsx cannot make top-level
 * `await` a CommonJS module, and what a module keeps is there twice.
 */
const importing = process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
  ? ['--no-experimental-require-module']
  : [];

const secondsToEnd = 10;
const secondsToStop = 5;

/** Runs the tests in a process of their own. A run that breaks down or is stopped counts as one failure more. */
export function runMocha({ root, args, env, stop, isQuiet = false }: Run): Promise<Outcome> {
  const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(root, 'dev', 'test', 'reporter.ts');
  const child = spawn(
    process.execPath,
    [
      ...importing,
      '--import',
      'tsx',
      mocha,
      '--forbid-only',
      '--forbid-pending',
      '--reporter',
      reporter,
      ...selection(root, args),
    ],
    // A process group of its own: of a Ctrl-C it hears from us, and once.
    {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', ...(isQuiet ? (['pipe', 'pipe'] as const) : (['inherit', 'inherit'] as const)), 'ipc'],
    },
  );
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (some: Buffer) => printed.push(some));
  const guard = openGuard();
  if (child.pid !== undefined) guard.add(child.pid);
  const onStop = () => {
    child.kill('SIGINT');
    force = setTimeout(() => child.kill('SIGKILL'), secondsToStop * 1000);
  };
  stop.addEventListener('abort', onStop);
  const began = Date.now();
  let tally: Tally = { passed: 0, failed: 0, over: false, files: {} };
  let force: NodeJS.Timeout | undefined;
  child.on('message', (message: Tally) => {
    tally = message;
    if (tally.over) force = setTimeout(() => endByForce(child), secondsToEnd * 1000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(force);
      guard.dismiss();
      process.stdout.write(Buffer.concat(printed));
      stop.removeEventListener('abort', onStop);
      const { passed, failed, files } = tally;
      const took = { files, ms: Date.now() - began };
      if (stop.aborted) return resolve({ passed, failed: failed + 1, ...took });
      const brokeDown = !tally.over || (code !== 0 && failed === 0 && signal === null);
      if (brokeDown) process.stdout.write(`The test run broke down (${signal ?? `code ${code}`}).\n`);
      resolve({ passed, failed: failed + (brokeDown ? 1 : 0), ...took });
    });
  });
}

function endByForce(child: ChildProcess): void {
  process.stdout.write(`The tests are over, but something kept their process open for ${secondsToEnd} s.\n`);
  child.kill('SIGKILL');
}

/** All tests but benchmarks, faults and those that need a browser, unless files or folders are named. */
function selection(root: string, args: string[]): string[] {
  const isPath = (arg: string) => arg.startsWith('test') || /^[^-].*\.test\.ts$/.test(arg);
  const named = args.filter(isPath).map((file) => (isFolder(path.join(root, file)) ? `${file}/**/*.test.ts` : file));
  const options = args.filter((arg) => !isPath(arg));
  if (named.length > 0) return [...options, ...named];
  const others = ['test/bench/**', 'test/faults/**', 'test/pages/**'].flatMap((files) => ['--ignore', files]);
  return [...options, ...others, 'test/**/*.test.ts'];
}

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
