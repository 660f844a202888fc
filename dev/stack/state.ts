import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type Process } from '../lock.mjs';
import { freePort } from './port.ts';

export type DatabaseName = 'mariadb' | 'mysql';
export type ServerName = DatabaseName | 'redis';
/** `host`: where it listens, for everybody who reaches it there; without it on loopback, for this machine. */
export type Address = { host?: string; port: number; password: string };
type Saved = Partial<Record<ServerName, Address & { process?: Process }>>;

/** What a stack's folder remembers of a server: its address, so that it stays, and its process, so that it can be ended. */
export type State = {
  /** The address of last time if it is free, else a new one; always with the same password. */
  address(name: ServerName): Promise<Address>;
  started(name: ServerName, process: Process): void;
  /** Ends a server that outlived its parent: nothing may stand in the way of the next start. */
  endLeftover(name: ServerName): Promise<void>;
};

export function openState(folder: string): State {
  const file = path.join(folder, 'servers.json');
  const saved = read(file);

  return {
    async address(name) {
      const port = await freePort(saved[name]?.port);
      const password = saved[name]?.password ?? randomBytes(18).toString('hex');
      save(name, { port, password });
      return { port, password };
    },
    started(name, process) {
      const address = saved[name];
      if (address !== undefined) save(name, { ...address, process });
    },
    async endLeftover(name) {
      const leftover = saved[name]?.process;
      if (leftover !== undefined) await end(leftover);
    },
  };

  function save(name: ServerName, entry: Address & { process?: Process }): void {
    saved[name] = entry;
    writeFileSync(`${file}.new`, JSON.stringify(saved), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** An unreadable file is no more than a lost port: the password is set anew at every start. */
function read(file: string): Saved {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Saved) : {};
  } catch {
    return {};
  }
}

async function end(leftover: Process): Promise<void> {
  const forced = Date.now() + 10_000;
  signal(leftover, 'SIGTERM');
  signal(leftover, 'SIGCONT');
  while (isAlive(leftover)) {
    if (Date.now() > forced) signal(leftover, 'SIGKILL');
    await sleep(25);
  }
}

function signal(leftover: Process, name: NodeJS.Signals): void {
  try {
    if (isAlive(leftover)) process.kill(leftover.pid, name);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
