import { showSteps } from './progress.mjs';
import { openStack, type Stack } from './stack/stack.ts';
import { onStopRequest } from './stop-request.ts';
import { provideChromium } from './test/chromium.ts';
import { runMocha } from './test/mocha.ts';

/** `npm run test:pages`: the page of handsets and the API reference in a browser, on servers that are thrown away. */
const help = `Usage: npm run test:pages [-- FILES AND MOCHA OPTIONS]

The browser is the Chromium of this machine, or the one that CHROMIUM names; where there is none it is installed by apt or
Homebrew. Examples:
  npm run test:pages
  CHROMIUM=/opt/chromium/chrome npm run test:pages -- --grep dark
`;

const root = process.cwd();
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
  const { MYSQL_URL, REDIS_URL, ...rest } = process.env;
  try {
    const CHROMIUM = await provideChromium(steps.begin);
    stack = await openStack({ onProgress: steps.begin });
    steps.end();
    if (stop.signal.aborted) return { passed: 0, failed: 1 };
    const servers = { TEST_MYSQL_URL: stack.mysqlUrl, TEST_REDIS_URL: stack.redisUrl };
    const env = { ...rest, ...servers, CHROMIUM, NODE_ENV: 'test' };
    const files = args.some((arg) => arg.startsWith('test/')) ? [] : ['test/pages'];
    return await runMocha({ root, args: [...files, ...args], env, stop: stop.signal });
  } catch (error) {
    steps.fail();
    process.stdout.write(`${(error as Error).message}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    await stack?.close();
  }
}
