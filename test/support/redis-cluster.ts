import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { redisSettings } from '../../dev/stack/redis.ts';
import type { Server } from '../../dev/stack/server.ts';
import { LOOPBACK, placeArgs, type Site, startRedisServer } from './redis-server.ts';

export type RedisCluster = {
  /** The addresses of all nodes, with commas between. */
  url: string;
  pids(): number[];
  /** Kills a node, by its place; returns what starts it again, with what it has on its disk, and waits until the cluster is whole. */
  kill(at: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
};
type Node = { server: Server; redis: Redis; host: string; port: number; busPort: number };

const SLOTS = 16_384;

/** A Redis Cluster: `masters` masters on loopback or each on its site, the slots shared out evenly, no replicas. */
export async function openRedisCluster(
  masters: number,
  { sites = [], folder: kept }: { sites?: readonly Site[]; folder?: string } = {},
): Promise<RedisCluster> {
  const folder = kept ?? mkdtempSync(path.join(tmpdir(), 'group-texting-cluster-'));
  const guard = openGuard(folder);
  const nodes: Node[] = [];
  async function close(): Promise<void> {
    for (const { redis } of nodes) redis.disconnect();
    await Promise.all(nodes.map(({ server }) => server.kill()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    for (let at = 0; at < masters; at++)
      nodes.push(await startNode(path.join(folder, String(at)), guard, sites[at] ?? LOOPBACK));
    await join(nodes);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: nodes.map(({ host, port }) => `redis://${host}:${port}`).join(','),
    pids: () => nodes.flatMap(({ server }) => server.pid ?? []),
    async kill(at) {
      const node = nodes[at];
      if (node === undefined) throw new Error(`there is no node ${at}`);
      await node.server.kill();
      return async () => {
        await node.server.start();
        for (const { redis } of nodes) await untilWhole(redis, nodes.length);
      };
    },
    close,
  };
}

async function startNode(folder: string, guard: Guard, { host, on }: Site): Promise<Node> {
  const [port, busPort] = [await freePort(), await freePort()];
  const url = `redis://${host}:${port}`;
  // The settings of `npm start`, but for the databases: a cluster has one.
  const args = [
    ...placeArgs({ host, port, folder }),
    ...redisSettings.slice(0, -2),
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '5000'],
  ];
  const server = await startRedisServer(guard, { folder, args, url, on });
  const redis = new Redis(url);
  // A host may be cut off: who asks hears of it.
  redis.on('error', () => {});
  return { server, redis, host, port, busPort };
}

/** Deals the slots, makes the nodes known to each other and waits until each says that the cluster is whole. */
async function join(nodes: readonly Node[]): Promise<void> {
  const firstSlot = (at: number) => Math.floor((at * SLOTS) / nodes.length);
  for (const [at, { redis }] of nodes.entries()) {
    await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', firstSlot(at), firstSlot(at + 1) - 1);
    for (const { host, port, busPort } of nodes.slice(0, at)) await redis.call('CLUSTER', 'MEET', host, port, busPort);
  }
  for (const { redis } of nodes) await untilWhole(redis, nodes.length);
}

async function untilWhole(redis: Redis, nodes: number): Promise<void> {
  while (!isWhole(String(await redis.call('CLUSTER', 'INFO')), nodes)) await sleep(20);
}

function isWhole(said: string, nodes: number): boolean {
  return said.includes('cluster_state:ok') && said.includes(`cluster_known_nodes:${nodes}`);
}
