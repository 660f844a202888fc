import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../dev/stack/find.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { pingRedis } from '../../dev/stack/ping.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';

/** Where a server is: its address, and the words before its command that make it run there. */
export type Site = { host: string; on: readonly string[] };
export const LOOPBACK: Site = { host: '127.0.0.1', on: [] };

/** Of a Redis that others reach at its site. */
export function placeArgs({ host, port, folder }: { host: string; port: number; folder: string }): string[] {
  return ['--bind', host, '--protected-mode', 'no', '--port', String(port), '--dir', folder];
}

/** A Redis with a folder of its own, which is made; `url` is where it will answer, `on` comes before its command. */
export async function startRedisServer(
  guard: Guard,
  { folder, args, url, on = [] }: { folder: string; args: readonly string[]; url: string; on?: readonly string[] },
): Promise<Server> {
  const command = findProgram('redis-server');
  if (command === undefined) throw new Error('this needs the program redis-server on this machine');
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'redis.log');
  const [first = command, ...rest] = [...on, command, ...args];
  const plan = { name: 'Redis', command: first, args: rest, folder, log, ping: () => pingRedis(url) };
  const server = makeServer(plan, guard, () => {});
  await server.start().catch(async (error) => {
    await server.kill();
    throw error;
  });
  return server;
}
