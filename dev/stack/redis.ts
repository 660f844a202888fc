import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pingRedis } from './ping.ts';
import type { ServerPlan } from './server.ts';
import type { Address } from './state.ts';

export const redisUrl = ({ port, password }: Address): string => `redis://:${password}@127.0.0.1:${port}/0`;

/** A private Redis on loopback that keeps its data, from a program of this machine. */
export function planRedis(program: string, { folder, address }: { folder: string; address: Address }): ServerPlan {
  const data = path.join(folder, 'redis');
  mkdirSync(data, { recursive: true });
  // A file, because other users of this machine can read a command line.
  const settings = path.join(folder, 'redis.conf');
  writeFileSync(settings, `requirepass ${address.password}\n`, { mode: 0o600 });
  return {
    name: 'Redis',
    command: program,
    args: [settings, '--bind', '127.0.0.1', '--port', String(address.port), '--dir', data, ...redisSettings],
    folder,
    log: path.join(folder, 'redis.log'),
    ping: () => pingRedis(redisUrl(address)),
  };
}

/** Bull needs `noeviction`; the append-only file makes snapshots pointless. */
export const redisSettings = [
  ...['--appendonly', 'yes'],
  ...['--appendfsync', 'everysec'],
  ...['--save', ''],
  ...['--maxmemory-policy', 'noeviction'],
  ...['--databases', '64'],
];
