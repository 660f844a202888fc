import { readFileSync } from 'node:fs';

export type ProcessType = { name: string; command: string };

/** The lines of a Procfile, in their order. Throws at a line that is none. */
export function readProcfile(file: string): { release: string | undefined; processes: ProcessType[] } {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const types = lines.map((line) => {
    const [, name, command] = /^([\w-]+):\s*(\S.*)$/.exec(line) ?? [];
    if (name === undefined || command === undefined)
      throw new Error(`${file} has a line that is no "name: command": ${line}`);
    return { name, command };
  });
  return {
    release: types.find(({ name }) => name === 'release')?.command,
    processes: types.filter(({ name }) => name !== 'release'),
  };
}
