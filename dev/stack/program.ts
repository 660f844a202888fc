import { type Find, findProgram } from './find.ts';
import { type Installed, installServers, packages } from './install.ts';

/**
 * The path of a program: the one that a setting names, else this machine's, else one that is installed now. Throws where it
 * cannot be installed, with what to do by hand.
 */
export async function provideProgram(
  what: Installed,
  { named, names, onProgress, find = findProgram }: Wanted,
): Promise<string> {
  const locate = () => names.map(find).find((path) => path !== undefined);
  const here = named || locate();
  if (here !== undefined) return here;
  const complaint = await installServers([what], { find, onProgress, isHere: () => locate() !== undefined });
  const installed = locate();
  if (installed !== undefined) return installed;
  const { name, apt, brew, setting } = packages[what];
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

type Wanted = {
  named: string | undefined;
  /** Any of these will do. */
  names: readonly string[];
  onProgress: (step: string) => void;
  find?: Find;
};
