import { type Find, findProgram } from '../stack/find.ts';
import { provideProgram } from '../stack/program.ts';

/** The path of a Chromium: the one that `CHROMIUM` names, else this machine's, else one that is installed now. */
export function provideChromium(onProgress: (step: string) => void, find: Find = findProgram): Promise<string> {
  return provideProgram('chromium', { named: process.env.CHROMIUM, names, onProgress, find });
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
