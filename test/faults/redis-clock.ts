import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Find, findProgram } from '../../dev/stack/find.ts';

/** True where Redis can be given a clock that is wrong: it takes a compiler of C, and a way to load a library first. */
export function canSetClock(): boolean {
  return process.platform === 'linux' && findProgram('cc') !== undefined && findProgram('redis-server') !== undefined;
}

export type RedisClock = {
  /** Finds programs, and for Redis one whose clock is ours. */
  find: Find;
  /** From now on its clock is ahead by so much, or behind; its timers go on as they are. */
  set(byMs: number): void;
};

/** A clock for a Redis that is not started yet. libfaketime would do more, and does not start with Debian's Redis. */
export function openRedisClock(folder: string): RedisClock {
  const file = path.join(folder, 'redis-clock');
  const library = path.join(folder, 'redis-clock.so');
  const program = path.join(folder, 'redis-server');
  const set = (byMs: number) => writeFileSync(file, `${byMs / 1000}\n`);
  set(0);
  const source = path.join(import.meta.dirname, 'redis-clock.c');
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc could not make the clock of Redis: ${stderr}`);
  const redis = findProgram('redis-server');
  writeFileSync(program, `#!/bin/sh\nexec env LD_PRELOAD=${library} CLOCK_FILE=${file} ${redis} "$@"\n`);
  chmodSync(program, 0o755);
  return { find: (name) => (name === 'redis-server' ? program : findProgram(name)), set };
}
