import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Takes a lock that is a file holding our process. Returns `{ release }`, or `{ holder }` (a process id)
 * when a process that still lives has it. One left behind by a dead process is taken over.
 */
export function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const ours = `${file}.${process.pid}`;
  writeFileSync(ours, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      if (link(ours, file)) return { release: () => rmSync(file, { force: true }) };
      const holder = read(file);
      if (holder !== undefined && isAlive(holder)) return { holder: holder.pid };
      removeDead(file, `${ours}.dead`);
    }
  } finally {
    rmSync(ours, { force: true });
  }
}

/** Takes the lock as soon as it is free; `onWait` hears once who has it meanwhile. Returns the function that releases it. */
export async function waitForLock(file, onWait) {
  for (let told = false; ; told = true) {
    const lock = takeLock(file);
    if (lock.release !== undefined) return lock.release;
    if (!told) onWait(lock.holder);
    await sleep(200);
  }
}

/** A place for this user's locks that is neither in the project nor removed with `node_modules`. */
export function lockFile(name, folder) {
  const place = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return path.join(tmpdir(), `group-texting-locks-${process.getuid?.()}`, `${name}-${place}`);
}

/** What tells a process from a later one with the same id. */
export function identify(pid) {
  return { pid, birth: birthOf(pid) };
}

/** True when exactly that process still runs. */
export function isAlive({ pid, birth }) {
  return birth !== undefined && birthOf(pid) === birth;
}

function birthOf(pid) {
  if (process.platform === 'linux') {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    // The name in brackets may hold anything; behind it: the state, and as the 20th word the start in ticks since boot.
    const words = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (words === undefined || words[0] === 'Z' || words[0] === 'X') return undefined;
    return `${words[19]}@${readOrNothing('/proc/sys/kernel/random/boot_id')?.trim()}`;
  }
  const born = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim();
  return born || undefined;
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the dead lock aside before it is removed: two that see the same dead lock must not remove a new one. */
function removeDead(file, aside) {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== undefined && isAlive(moved)) link(aside, file);
  rmSync(aside, { force: true });
}

function read(file) {
  try {
    return JSON.parse(readOrNothing(file) ?? '');
  } catch {
    return undefined;
  }
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
