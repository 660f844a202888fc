import { provideChromium } from './test/chromium.ts';
import { namedOr, runTests } from './test/run.ts';

/** `npm run test:pages`: the page of handsets and the API reference in a browser, on servers that are thrown away. */
const help = `Usage: npm run test:pages [-- FILES AND MOCHA OPTIONS]

The browser is the Chromium of this machine, or the one that CHROMIUM names; where there is none it is installed by apt or
Homebrew. Examples:
  npm run test:pages
  CHROMIUM=/opt/chromium/chrome npm run test:pages -- --grep dark
`;

await runTests(help, async ({ args, steps, open, mocha }) => {
  const CHROMIUM = await provideChromium(steps.begin);
  return mocha(await open(), { args: namedOr(args, () => ['test/pages']), env: { CHROMIUM } });
});
