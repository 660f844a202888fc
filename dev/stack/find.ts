import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Guard } from './guard.ts';

/** Returns where a program is, or undefined. Tests put another one in. */
export type Find = (program: string) => string | undefined;

/** Places that servers are installed to and that are not on everybody's PATH. */
const places = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/usr/local/mysql/bin',
  '/opt/homebrew/opt/mysql@8.4/bin',
  '/usr/local/opt/mysql@8.4/bin',
];

export const findProgram: Find = (program) =>
  [...(process.env.PATH ?? '').split(path.delimiter), ...places]
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, program))
    .find(isExecutable);

export type Outcome = { ok: boolean; output: string };

type Running = { seconds?: number; env?: NodeJS.ProcessEnv; guard?: Guard };

/** Runs a program to its end; `output` is all that it wrote. With a guard, it ends with us. Never throws. */
export function runProgram(command: string, args: string[], running: Running = {}): Promise<Outcome> {
  const { seconds = 600, env = process.env, guard } = running;
  const child = spawn(command, args, { env, detached: guard !== undefined, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid !== undefined) guard?.add(pid);
  const tooLong = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  return new Promise((resolve) => {
    const end = (ok: boolean) => {
      clearTimeout(tooLong);
      if (pid !== undefined) guard?.drop(pid);
      resolve({ ok, output: output.trim() });
    };
    child.once('error', () => end(false));
    child.once('close', (code) => end(code === 0));
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
