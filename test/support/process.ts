import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Config } from '../../engine/platform/config.ts';
import type { ProcessType } from '../../engine/platform/runtime.ts';
import { until } from './rows.ts';
import { envOf } from './settings.ts';

/** A process of the program as a platform starts it, with its log. */
export type TestProcess = {
  /** All lines of its log so far, and what else it wrote. */
  lines: Line[];
  /** Resolves when it has logged this, from a line on. */
  said(message: string | RegExp, from?: number): Promise<Line>;
  /** Ends it by SIGTERM, where it has not ended by itself. Returns its exit code. */
  end(): Promise<number | null>;
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>;
  ended: Promise<number | null>;
};
export type Line = { level: number; msg: string; [field: string]: unknown };

/** Starts a process type with these settings, and more that are written as an operator would; after `compileProgram`. */
export function startProcess(type: ProcessType, config: Config, env: Record<string, string> = {}): TestProcess {
  const file = type === 'web' ? ['dist/api/main.js'] : ['dist/workers/main.js', type];
  const child = spawn(process.execPath, file, {
    env: { PATH: process.env.PATH, ...envOf(config), PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => lines.push(line.startsWith('{') ? JSON.parse(line) : asLine(line)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    lines,
    said: (message, from = 0) =>
      until(
        `${type} says ${message}`,
        async () =>
          lines.slice(from).find(({ msg }) => (typeof message === 'string' ? msg === message : message.test(msg))),
        60_000,
      ),
    async end() {
      if (isRunning(child)) child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

function asLine(msg: string): Line {
  return { level: 0, msg };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
