import { cpSync, createWriteStream, mkdirSync, symlinkSync, type WriteStream } from 'node:fs';
import path from 'node:path';

/** A copy, so that a build meanwhile does not change what comes back after a kill. */
export function copyProgram(root: string, home: string): string {
  mkdirSync(home, { recursive: true });
  for (const part of ['dist', 'Procfile', 'package.json'])
    cpSync(path.join(root, part), path.join(home, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
  return home;
}

/** Each process writes NAME.log there. */
export function openLogs(folder: string): { say(name: string, line: string): void; close(): void } {
  mkdirSync(folder);
  const files = new Map<string, WriteStream>();
  return {
    say(name, line) {
      const file = files.get(name) ?? createWriteStream(path.join(folder, `${name}.log`), { flags: 'a' });
      files.set(name, file);
      file.write(`${line}\n`);
    },
    close() {
      for (const file of files.values()) file.end();
    },
  };
}
