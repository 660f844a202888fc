import { readFileSync } from 'node:fs';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the settings that files hold: `NAME_FILE` names the file in which NAME stands, as platforms hand out
 * secrets. The line break at its end does not count. `wrong`: files that cannot be read, and settings that are given both ways.
 */
export function readSettingFiles(written: Env, names: readonly string[]): { env: Env; wrong: string[] } {
  const fromFiles: Record<string, string> = {};
  const wrong: string[] = [];
  for (const name of names) {
    const file = written[`${name}_FILE`]?.trim();
    if (!file) continue;
    if (written[name]?.trim()) {
      wrong.push(`${name} and ${name}_FILE are both set: leave one of them out`);
      continue;
    }
    try {
      fromFiles[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      wrong.push(`${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { env: { ...written, ...fromFiles }, wrong };
}
