import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, type Process } from '../lock.mjs';
import type { Guard } from './guard.ts';

/** A server that runs as our child. Its address stays the same over `kill` and `start`. */
export type Server = {
  /** The running process, or undefined while it is down. */
  readonly pid: number | undefined;
  /** Starts it again with the same data at the same address, and waits until it answers. Throws with the end of its log. */
  start(): Promise<void>;
  /** Sends the signal, and for one that ends a process (default SIGKILL) waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
};

/** All that differs between a MariaDB and a Redis, run from a program of this machine or in Docker. */
export type ServerPlan = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  folder: string;
  log: string;
  /** Rejects until the server answers. */
  ping(): Promise<void>;
  /** Brings a signal to the server, where the child process is not the server itself. */
  signal?(signal: NodeJS.Signals): Promise<void>;
};

const secondsToAnswer = 60;

/** Wraps the plan; `onStart` hears of each new process. The server is not started yet. */
export function makeServer(plan: ServerPlan, guard: Guard, onStart: (process: Process) => void): Server {
  let child: ChildProcess | undefined;

  return {
    get pid() {
      return child?.pid;
    },

    async start() {
      if (child !== undefined) return;
      const started = await launch(plan);
      child = started;
      const pid = started.pid as number;
      guard.add(pid);
      onStart(identify(pid));
      started.once('exit', () => {
        guard.drop(pid);
        if (child === started) child = undefined;
      });
      await untilItAnswers(plan, started);
    },

    async kill(signal = 'SIGKILL') {
      if (child === undefined) return;
      const dying = child;
      if (plan.signal === undefined) dying.kill(signal);
      else await plan.signal(signal);
      if (['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)) await ended(dying);
    },
  };
}

/** Ends a server: politely, awake if it was frozen, and by force after 10 s. */
export async function stopServer(server: Server): Promise<void> {
  await server.kill('SIGCONT');
  const force = setTimeout(() => void server.kill('SIGKILL'), 10_000);
  await server.kill('SIGTERM');
  clearTimeout(force);
}

/** The end of a log, for an error message. */
function tail(file: string, lines = 12): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}

async function launch({ name, command, args, env, folder, log }: ServerPlan): Promise<ChildProcess> {
  const output = openSync(log, 'w');
  // A process group of its own: Ctrl-C is for us, and the servers go last.
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', output, output], env });
  closeSync(output);
  child.unref();
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${name} (${command}) could not be started.`, { cause })));
  });
  return child;
}

async function untilItAnswers(plan: ServerPlan, child: ChildProcess): Promise<void> {
  const limit = Date.now() + secondsToAnswer * 1000;
  let reason: unknown;
  while (Date.now() < limit) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${plan.name} ended right after its start. The end of its log:\n${tail(plan.log)}`);
    }
    try {
      return await plan.ping();
    } catch (error) {
      reason = error;
      await sleep(25);
    }
  }
  child.kill('SIGKILL');
  throw new Error(`${plan.name} does not answer after ${secondsToAnswer} s. The end of its log:\n${tail(plan.log)}`, {
    cause: reason,
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  // While somebody waits for its end, it does keep us running.
  child.ref();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
