import { showSteps } from '../progress.mjs';
import { openStack, type Stack, type StackOptions } from '../stack/stack.ts';
import { onStopRequest } from '../stop-request.ts';
import { type Outcome, runMocha } from './mocha.ts';

type Counts = { passed: number; failed: number };

/** What a test command works with; its servers are closed when it is over. */
export type TestRun = {
  root: string;
  args: readonly string[];
  steps: ReturnType<typeof showSteps>;
  open(options?: Omit<StackOptions, 'folder'>): Promise<Stack>;
  /** Runs tests on these servers, the addresses of the caller's environment left out. */
  mocha(stack: Stack, how?: { args?: readonly string[]; env?: NodeJS.ProcessEnv; isQuiet?: boolean }): Promise<Outcome>;
};

/**
 * A test command: prints its help where that is asked for, else does the work, stops when it is asked to, and says in
 * its last line how many passed and failed.
 */
export async function runTests(help: string, work: (run: TestRun) => Promise<Counts>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  const stop = new AbortController();
  onStopRequest(
    () => stop.abort(),
    () => process.exit(130), // The guard removes the servers.
  );
  const { passed, failed } = await attempt(work, args, stop.signal);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function attempt(
  work: (run: TestRun) => Promise<Counts>,
  args: readonly string[],
  stop: AbortSignal,
): Promise<Counts> {
  const root = process.cwd();
  const steps = showSteps();
  const stacks: Stack[] = [];
  try {
    return await work({
      root,
      args,
      steps,
      async open(options = {}) {
        const stack = await openStack({ onProgress: steps.begin, ...options });
        stacks.push(stack);
        return stack;
      },
      async mocha(stack, { args: own = args, env: more = {}, isQuiet = false } = {}) {
        steps.end();
        if (stop.aborted) return { passed: 0, failed: 1, ms: 0, files: {} };
        const { MYSQL_URL, REDIS_URL, ...rest } = process.env;
        const servers = { TEST_MYSQL_URL: stack.mysqlUrl, TEST_REDIS_URL: stack.redisUrl };
        return runMocha({
          root,
          args: [...own],
          env: { ...rest, ...servers, ...more, NODE_ENV: 'test' },
          stop,
          isQuiet,
        });
      },
    });
  } catch (error) {
    steps.fail();
    process.stdout.write(`${(error as Error).message}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    await Promise.all(stacks.map((stack) => stack.close()));
  }
}

/** The tests that are named, or else these. */
export function namedOr(args: readonly string[], files: () => readonly string[]): string[] {
  return args.some((arg) => arg.startsWith('test/')) ? [...args] : [...files(), ...args];
}
