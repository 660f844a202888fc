import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { redisSettings } from '../../dev/stack/redis.ts';
import type { Server } from '../../dev/stack/server.ts';
import { LOOPBACK, placeArgs, type Site, startRedisServer } from './redis-server.ts';
import { until } from './rows.ts';

export type Sentinels = {
  /** The first address does not answer. */
  url: string;
  /** A connection to the master of the moment. */
  onMaster<T>(work: (master: Redis) => Promise<T>): Promise<T>;
  /** The place of the master, and of its replica, among the sites. */
  places(): Promise<{ master: number; replica: number }>;
  /** Ends the master at once. Its replica becomes the master some moments later. */
  killMaster(): Promise<void>;
  /** Starts the one that was killed, and waits until it follows the other. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
};
type Node = { server: Server; place: number; host: string; port: number };

/** A Redis, its replica, and a Sentinel on each site that watches both: on loopback one, or as many as there are sites. */
export async function openSentinels({ sites = [LOOPBACK] }: { sites?: readonly Site[] } = {}): Promise<Sentinels> {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-sentinel-'));
  const guard = openGuard(folder);
  const nodes: Node[] = [];
  const others: Server[] = [];
  const asked: Redis[] = [];
  async function close(): Promise<void> {
    for (const sentinel of asked) sentinel.disconnect();
    await Promise.all([...nodes.map(({ server }) => server), ...others].map((server) => server.kill()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  }
  async function startNode(place: number, ...more: string[]): Promise<Node> {
    const { host, on } = sites[place % sites.length] ?? LOOPBACK;
    const port = await freePort();
    const own = path.join(folder, String(port));
    const args = [...placeArgs({ host, port, folder: own }), ...redisSettings, ...more];
    const server = await startRedisServer(guard, { folder: own, args, url: `redis://${host}:${port}`, on });
    const node = { server, place, host, port };
    nodes.push(node);
    return node;
  }
  async function startSentinel({ host, on }: Site, master: Node): Promise<{ host: string; port: number }> {
    const port = await freePort();
    const own = path.join(folder, `sentinel-${port}`);
    mkdirSync(own);
    const settings = path.join(own, 'sentinel.conf');
    writeFileSync(settings, sentinelSettings({ host, port, master, quorum: Math.floor(sites.length / 2) + 1 }));
    const args = [settings, '--sentinel', '--dir', own];
    others.push(await startRedisServer(guard, { folder: own, args, url: `redis://${host}:${port}`, on }));
    const sentinel = new Redis({ host, port });
    // Its host may be cut off.
    sentinel.on('error', () => {});
    asked.push(sentinel);
    await until('the Sentinel knows the replica', () => knowsReplica(sentinel));
    return { host, port };
  }
  async function masterNode(): Promise<Node> {
    const said = await Promise.any(asked.map((one) => one.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)));
    const [host, port] = said as string[];
    const found = nodes.find((node) => node.host === host && node.port === Number(port));
    if (found === undefined) throw new Error(`the Sentinels name a master that is none of ours: ${host}:${port}`);
    return found;
  }
  try {
    const first = await startNode(0);
    const place = ['--replicaof', first.host, String(first.port)];
    await startNode(1, ...place, '--repl-diskless-sync-delay', '0');
    const sentinels = [];
    for (const site of sites) sentinels.push(await startSentinel(site, first));
    const known = async () =>
      (await Promise.all(asked.map((one) => one.call('SENTINEL', 'SENTINELS', NAME)))).every(
        (said) => (said as unknown[]).length === sites.length - 1,
      );
    await until('the Sentinels know each other', known);
    const addresses = [{ host: first.host, port: await freePort() }, ...sentinels];
    return {
      url: `redis+sentinel://${addresses.map(({ host, port }) => `${host}:${port}`).join(',')}/${NAME}`,
      async onMaster(work) {
        const { host, port } = await masterNode();
        const master = new Redis({ host, port });
        return work(master).finally(() => master.disconnect());
      },
      async places() {
        const { place: master } = await masterNode();
        return { master, replica: 1 - master };
      },
      async killMaster() {
        await (await masterNode()).server.kill();
      },
      async rebuild() {
        for (const { server } of nodes) await server.start();
        const known = async () => (await Promise.all(asked.map(knowsReplica))).every(Boolean);
        await until('the old master follows the new one', known, FOLLOWS_WITHIN_MS);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const NAME = 'texting';
/** A Sentinel asks a master for its replicas every 10 s, and a replica whom it follows as seldom; several do so one after the other. */
const FOLLOWS_WITHIN_MS = 60_000;

/** A master is given up after half a second, by the majority. */
function sentinelSettings({
  host,
  port,
  master,
  quorum,
}: {
  host: string;
  port: number;
  master: Node;
  quorum: number;
}): string {
  return [
    `bind ${host}`,
    'protected-mode no',
    `port ${port}`,
    `sentinel monitor ${NAME} ${master.host} ${master.port} ${quorum}`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 3000`,
    '',
  ].join('\n');
}

async function knowsReplica(sentinel: Redis): Promise<boolean> {
  const replicas = (await sentinel.call('SENTINEL', 'REPLICAS', NAME)) as string[][];
  return replicas.some((replica) => isWhole(replica));
}

/** A replica that is in step may become the master. */
function isWhole(replica: readonly string[]): boolean {
  const at = replica.indexOf('master-link-status');
  return replica[at + 1] === 'ok';
}
