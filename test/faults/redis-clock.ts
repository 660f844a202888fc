import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Find, findProgram } from '../../dev/stack/find.ts';

/** Debian's package libfaketime; elsewhere the library may be in another place. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/local/lib'].map(
  (folder) => path.join(folder, 'faketime/libfaketime.so.1'),
);

/** True where Redis can be given a clock that is wrong. */
export function canSetClock(): boolean {
  return LIBRARIES.some((library) => existsSync(library));
}

export type RedisClock = {
  /** Finds programs, and for Redis one whose clock is ours. */
  find: Find;
  /** From now on its clock is ahead by so much, or behind; its timers go on as they are. */
  set(byMs: number): void;
};

/** A clock for a Redis that is not started yet. */
export function openRedisClock(folder: string): RedisClock {
  const library = LIBRARIES.find((one) => existsSync(one));
  const file = path.join(folder, 'redis-clock');
  const program = path.join(folder, 'redis-server');
  const set = (byMs: number) => writeFileSync(file, `${byMs < 0 ? '' : '+'}${byMs / 1000}\n`);
  set(0);
  const settings = [
    `LD_PRELOAD=${library}`,
    `FAKETIME_TIMESTAMP_FILE=${file}`,
    'FAKETIME_CACHE_DURATION=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ];
  const redis = findProgram('redis-server');
  writeFileSync(program, `#!/bin/sh\nexec env ${settings.join(' ')} ${redis} "$@"\n`);
  chmodSync(program, 0o755);
  return { find: (name) => (name === 'redis-server' && redis !== undefined ? program : findProgram(name)), set };
}
