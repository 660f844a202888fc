import path from 'node:path';
import { openGuard } from '../stack/guard.ts';
import { openStack, type Stack, type StackOptions } from '../stack/stack.ts';
import type { Closers } from './closers.ts';
import { type Env, openProcesses, type Processes, runLine } from './processes.ts';
import { type ProcessType, readProcfile } from './procfile.ts';
import { composeEnv, keepSecrets, type Ports, type Secrets } from './settings.ts';

export type SystemOptions = {
  /** Where the Procfile and the program are. */
  root: string;
  /** Where secrets and handsets are kept. */
  folder: string;
  servers: StackOptions;
  /** What is open is added as it opens. */
  closers: Closers;
  /** Chooses ports and settings, and starts in this process what the engine's processes need. */
  prepare(secrets: Secrets, stack: Stack): Promise<{ ports: Ports; env: Env }>;
  /** Runs before the release line: the build, where there is one. */
  beforeRelease?: () => Promise<unknown>;
  say: (name: string, line: string) => void;
  onProgress?: (step: string) => void;
};

/** Servers with a migrated database, and all that is needed to start processes; none runs yet. */
export type System = {
  stack: Stack;
  secrets: Secrets;
  ports: Ports;
  /** Of every process. */
  env: Env;
  /** The carrier is the simulator. */
  isSimulated: boolean;
  /** The process types of the Procfile. */
  types: readonly ProcessType[];
  /** A command line; undefined where the Procfile has none. */
  release: string | undefined;
  /** Opens no process yet. What is started by them has `more` in its environment. */
  openProcesses(options?: { more?: Env; onRestart?: () => void }): Processes;
};

/** The one way to the whole system, for `npm start`, the bench and the faults. */
export async function openSystem(options: SystemOptions): Promise<System> {
  const { root, folder, closers, say, onProgress = () => {} } = options;
  const guard = openGuard();
  closers.add(() => guard.dismiss());
  const stack = await openStack({ ...options.servers, onProgress });
  closers.add(() => stack.close());
  const secrets = keepSecrets(folder);
  const { ports, env: wanted } = await options.prepare(secrets, stack);
  const { env, simulated } = composeEnv({ env: wanted, secrets, ports, servers: stack, folder });
  const { release, processes: types } = readProcfile(path.join(root, 'Procfile'));
  await options.beforeRelease?.();
  if (release !== undefined) {
    onProgress('Bringing the database up to date');
    const code = await runLine({ name: 'release', command: release }, { root, env, guard, say });
    if (code !== 0) throw new Error(`The release line of the Procfile ended with code ${code}; see above.`);
  }
  return {
    ...{ stack, secrets, ports, env, isSimulated: simulated, types, release },
    openProcesses: ({ more = {}, onRestart } = {}) =>
      openProcesses({ root, env: { ...env, ...more }, guard, say, ...(onRestart && { onRestart }) }),
  };
}

/** Some copies of a process type: `sender`, `sender.2`. */
export function startCopies(processes: Processes, type: ProcessType, count = 1): void {
  for (const copy of copiesOf(type, count)) processes.start(copy);
}

export function copiesOf({ name, command }: ProcessType, count = 1): ProcessType[] {
  return Array.from({ length: count }, (_, at) => ({ name: at === 0 ? name : `${name}.${at + 1}`, command }));
}

/** Of our own environment, what a process needs that shall have nothing else of it. */
export function bareEnv(): Record<string, string> {
  return Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
