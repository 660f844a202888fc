import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from '../stack/guard.ts';
import type { ProcessType } from './procfile.ts';

export type Env = { [name: string]: string | undefined };

export type ProcessesOptions = {
  root: string;
  env: Env;
  guard: Guard;
  /** Hears each line that a process writes, and our own remarks. */
  say: (name: string, line: string) => void;
  /** Hears that a process was started again. */
  onRestart?: () => void;
};

export type Processes = {
  start(type: ProcessType): void;
  /** Rejects when a process cannot be kept running. */
  lost: Promise<never>;
  /** From now on a process that dies is started again. Before, any death is final: it is a wrong setting or a bug. */
  keepRunning(): void;
  /** Those that died by themselves. */
  died: { name: string; how: string }[];
  /** All that were started, or the copies of one type: `sender`, `sender.2`. */
  names(type?: string): string[];
  pids(): Record<string, number>;
  signal(name: string, signal: NodeJS.Signals): void;
  /** Returns how the process ends, by itself. */
  ended(name: string): Promise<string>;
  /**
   * Sends the signal, waits for the end and starts the process again: as it was, or otherwise until it is replaced again.
   * A SIGTERM waits until the process is up: before, it has nothing to stop.
   */
  replace(name: string, signal: NodeJS.Signals, otherwise?: Otherwise): Promise<Ended>;
  /** Resolves when each has logged that it has started, or has ended. */
  up(): Promise<void>;
  /** SIGTERM to all at once, but for those that are still needed; SIGKILL after 10 s. None starts again. */
  stop(needed?: string[]): Promise<Ended[]>;
};

/** `env`: more in its environment. `command`: in place of its own. `after`: what it waits for before it starts. */
export type Otherwise = { env?: Env; command?: string; after?: Promise<unknown> };

/** `how`: `code 0`, or the signal. */
export type Ended = { name: string; how: string; ms: number };

type Running = {
  type: ProcessType;
  child: ChildProcess;
  up: Promise<unknown>;
  ended: Promise<string>;
  isExpectedToEnd: boolean;
};

const QUICK_DEATH = { seconds: 30, most: 5 };
const SECONDS_TO_STOP = 10;
/** A platform needs a moment to see that a process is gone. */
const REPLACED_AFTER_MS = 200;
const LOOK_ABOVE = 'See its lines above; all of them are shown by: npm start -- --verbose';

/** Runs the processes of a Procfile and brings back the ones that die. */
export function openProcesses({ root, env, guard, say, onRestart = () => {} }: ProcessesOptions): Processes {
  const all = new Map<string, Running>();
  const waits = new Set<NodeJS.Timeout>();
  const died: Processes['died'] = [];
  let keeping = false;
  let stopping = false;
  let onLost: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    onLost = reject;
  });
  // Nobody may be listening yet.
  lost.catch(() => {});

  function start(
    type: ProcessType,
    { deaths = 0, more = {}, command = type.command }: { deaths?: number; more?: Env; command?: string } = {},
  ): void {
    const child = launch({ ...type, command }, { root, env: { ...env, ...more } });
    const bornAt = Date.now();
    const { pid } = child;
    if (pid !== undefined) guard.add(pid);
    const up = listenTo(child, (line) => say(type.name, line));
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => {
        onLost(error);
        resolve(error.message);
      });
      child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    const running = { type, child, up: Promise.race([up, ended]), ended, isExpectedToEnd: false };
    all.set(type.name, running);
    void ended.then((how) => {
      if (pid !== undefined) guard.drop(pid);
      if (running.isExpectedToEnd || stopping) return;
      died.push({ name: type.name, how });
      bringBack(type, { how, deaths: Date.now() - bornAt < QUICK_DEATH.seconds * 1000 ? deaths + 1 : 1 });
    });
  }

  function bringBack(type: ProcessType, { how, deaths }: { how: string; deaths: number }): void {
    const fact = `${type.name} ${how.startsWith('code') ? 'ended with' : 'was ended by'} ${how}`;
    if (!keeping || deaths >= QUICK_DEATH.most) {
      const why = keeping ? `, ${deaths} times in a row` : ' before everything was up';
      onLost(new Error(`${fact}${why}. ${LOOK_ABOVE}`));
      return;
    }
    const seconds = 2 ** (deaths - 1);
    say(type.name, `${fact}. It starts again in ${seconds} s.`);
    const wait = setTimeout(() => {
      waits.delete(wait);
      start(type, { deaths });
      onRestart();
    }, seconds * 1000);
    waits.add(wait);
  }

  async function end(name: string, running: Running, signal: NodeJS.Signals): Promise<Ended> {
    const { child, ended } = running;
    running.isExpectedToEnd = true;
    const force = setTimeout(() => {
      say(name, `${name} did not stop within ${SECONDS_TO_STOP} s and is ended by force.`);
      signalGroup(child, 'SIGKILL');
    }, SECONDS_TO_STOP * 1000);
    const began = performance.now();
    child.kill(signal);
    const how = await ended;
    clearTimeout(force);
    return { name, how, ms: performance.now() - began };
  }

  return {
    start: (type) => start(type),
    lost,
    keepRunning() {
      keeping = true;
    },
    died,
    names: (type) => [...all.keys()].filter((name) => type === undefined || name.split('.')[0] === type),
    pids: () =>
      Object.fromEntries(
        [...all].filter(([, { child }]) => isRunning(child)).map(([name, { child }]) => [name, child.pid ?? 0]),
      ),
    signal(name, signal) {
      all.get(name)?.child.kill(signal);
    },
    ended: async (name) => (await all.get(name)?.ended) ?? 'never started',
    async replace(name, signal, { env: more, command, after } = {}) {
      const running = all.get(name);
      if (running === undefined) throw new Error(`there is no process ${name}`);
      if (signal === 'SIGTERM') await running.up;
      const ended = await end(name, running, signal);
      await Promise.all([sleep(REPLACED_AFTER_MS), after]);
      if (!stopping) start(running.type, { ...(more && { more }), ...(command && { command }) });
      return ended;
    },
    async up() {
      await Promise.all([...all.values()].map((running) => running.up));
    },
    async stop(needed = []) {
      stopping = true;
      for (const wait of waits) clearTimeout(wait);
      const ending = [...all].filter(([name]) => !needed.includes(name));
      return Promise.all(ending.map(([name, running]) => end(name, running, 'SIGTERM')));
    },
  };
}

/** Runs a line to its end and returns its exit code. */
export function runLine(type: ProcessType, { root, env, guard, say }: ProcessesOptions): Promise<number> {
  const child = launch(type, { root, env });
  const { pid } = child;
  if (pid !== undefined) guard.add(pid);
  void listenTo(child, (line) => say(type.name, line));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (pid !== undefined) guard.drop(pid);
      resolve(code ?? 1);
    });
  });
}

/** A process group of its own, so that Ctrl-C reaches only us and we decide the order. The same Node as ours. */
function launch({ command }: ProcessType, { root, env }: Pick<ProcessesOptions, 'root' | 'env'>): ChildProcess {
  const PATH = [path.dirname(process.execPath), env.PATH].join(path.delimiter);
  return spawn('/bin/sh', ['-c', `exec ${command}`], {
    cwd: root,
    env: { ...env, PATH },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Passes its lines on. Resolves with the one that says that it has started. */
function listenTo(child: ChildProcess, say: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr] as Readable[]) {
      createInterface(stream).on('line', (line) => {
        say(line);
        if (/"msg":"(?:started|the API listens)"/.test(line)) resolve();
      });
    }
  });
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
