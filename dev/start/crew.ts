import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Guard } from '../stack/guard.ts';
import type { ProcessType } from './procfile.ts';

export type CrewOptions = {
  root: string;
  env: { [name: string]: string | undefined };
  guard: Guard;
  /** Hears each line that a process writes, and our own remarks. */
  say: (name: string, line: string) => void;
  /** Hears that a process was started again. */
  onRestart?: () => void;
};

export type Crew = {
  start(type: ProcessType): void;
  /** Rejects when a process cannot be kept running. */
  lost: Promise<never>;
  /** From now on a process that dies is started again. Before, any death is final: it is a wrong setting or a bug. */
  keepRunning(): void;
  pids(): Record<string, number>;
  /** SIGTERM to all at once, but for those that are still needed; SIGKILL after 10 s. None starts again. */
  stop(needed?: string[]): Promise<void>;
};

const quickDeath = { seconds: 30, most: 5 };
const secondsToStop = 10;
const lookAbove = 'See its lines above; all of them are shown by: npm start -- --verbose';

/** Runs the processes of a Procfile and brings back the ones that die. */
export function gatherCrew({ root, env, guard, say, onRestart = () => {} }: CrewOptions): Crew {
  const children = new Map<string, ChildProcess>();
  const waits = new Set<NodeJS.Timeout>();
  let keeping = false;
  let stopping = false;
  let onLost: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    onLost = reject;
  });
  // Nobody may be listening yet.
  lost.catch(() => {});

  function start(type: ProcessType, deaths = 0): void {
    const child = launch(type, { root, env });
    const born = Date.now();
    children.set(type.name, child);
    if (child.pid !== undefined) guard.add(child.pid);
    passLines(child, type.name, say);
    child.once('error', (error) => onLost(error));
    child.once('close', (code, signal) => {
      children.delete(type.name);
      if (child.pid !== undefined) guard.drop(child.pid);
      if (stopping) return;
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      const quick = Date.now() - born < quickDeath.seconds * 1000 ? deaths + 1 : 1;
      if (!keeping) onLost(new Error(`${type.name} ${how} before everything was up. ${lookAbove}`));
      else if (quick >= quickDeath.most)
        onLost(new Error(`${type.name} ${how}, ${quick} times in a row. ${lookAbove}`));
      else again(type, quick, how);
    });
  }

  function again(type: ProcessType, deaths: number, how: string): void {
    const seconds = 2 ** (deaths - 1);
    say(type.name, `${type.name} ${how}. It starts again in ${seconds} s.`);
    const wait = setTimeout(() => {
      waits.delete(wait);
      start(type, deaths);
      onRestart();
    }, seconds * 1000);
    waits.add(wait);
  }

  return {
    start: (type) => start(type),
    lost,
    keepRunning() {
      keeping = true;
    },
    pids: () => Object.fromEntries([...children].map(([name, child]) => [name, child.pid ?? 0])),
    async stop(needed = []) {
      stopping = true;
      for (const wait of waits) clearTimeout(wait);
      const ending = [...children].filter(([name]) => !needed.includes(name));
      await Promise.all(ending.map(([name, child]) => end(name, child, say)));
    },
  };
}

/** Runs a line to its end and answers its exit code. */
export function runLine(type: ProcessType, { root, env, guard, say }: CrewOptions): Promise<number> {
  const child = launch(type, { root, env });
  const { pid } = child;
  if (pid !== undefined) guard.add(pid);
  passLines(child, type.name, say);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (pid !== undefined) guard.drop(pid);
      resolve(code ?? 1);
    });
  });
}

/** A process group of its own, so that Ctrl-C reaches only us and we decide the order. The same Node as ours. */
function launch({ command }: ProcessType, { root, env }: Pick<CrewOptions, 'root' | 'env'>): ChildProcess {
  const PATH = [path.dirname(process.execPath), env.PATH].join(path.delimiter);
  return spawn('/bin/sh', ['-c', `exec ${command}`], {
    cwd: root,
    env: { ...env, PATH },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function passLines(child: ChildProcess, name: string, say: CrewOptions['say']): void {
  for (const stream of [child.stdout, child.stderr] as Readable[]) {
    createInterface(stream).on('line', (line) => say(name, line));
  }
}

async function end(name: string, child: ChildProcess, say: CrewOptions['say']): Promise<void> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const force = setTimeout(() => {
    say(name, `${name} did not stop within ${secondsToStop} s and is ended by force.`);
    signalGroup(child, 'SIGKILL');
  }, secondsToStop * 1000);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(force);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
