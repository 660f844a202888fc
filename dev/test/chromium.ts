import { type Find, findProgram } from '../stack/find.ts';
import { installServers, packages } from '../stack/install.ts';

/** The path of a Chromium: the one that `CHROMIUM` names, else this machine's, else one that is installed now. */
export async function provideChromium(onProgress: (step: string) => void, find: Find = findProgram): Promise<string> {
  const here = process.env.CHROMIUM || locate(find);
  if (here !== undefined) return here;
  const isHere = () => locate(find) !== undefined;
  const complaint = await installServers(['chromium'], { find, onProgress, isHere });
  const installed = locate(find);
  if (installed !== undefined) return installed;
  const { name, apt, brew, setting } = packages.chromium;
  throw new Error(
    [
      complaint,
      `${name} is needed and could not be installed. Install it by hand, then try again:`,
      `  sudo apt-get install ${apt.join(' ')}     (Debian)`,
      `  brew install ${brew}     (macOS)`,
      `or name the one that you have: ${setting}`,
    ]
      .filter(Boolean)
      .join('\n'),
  );
}

function locate(find: Find): string | undefined {
  return names.map(find).find((path) => path !== undefined);
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
