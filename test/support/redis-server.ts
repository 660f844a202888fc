import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../dev/stack/find.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { pingRedis } from '../../dev/stack/ping.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';

/** A Redis on loopback with a folder of its own, which is made; `url` is where it will answer. */
export async function startRedisServer(
  guard: Guard,
  { folder, args, url }: { folder: string; args: readonly string[]; url: string },
): Promise<Server> {
  const command = findProgram('redis-server');
  if (command === undefined) throw new Error('this needs the program redis-server on this machine');
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'redis.log');
  const plan = { name: 'Redis', command, args: [...args], folder, log, ping: () => pingRedis(url) };
  const server = makeServer(plan, guard, () => {});
  await server.start().catch(async (error) => {
    await server.kill();
    throw error;
  });
  return server;
}
