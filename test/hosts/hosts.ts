import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openGuard } from '../../dev/stack/guard.ts';
import { makeServer, type ServerPlan } from '../../dev/stack/server.ts';
import { openClosers } from '../../dev/system/closers.ts';
import { copiesOf } from '../../dev/system/system.ts';
import type { Hosts } from '../faults/place.ts';
import type { Galera } from '../support/galera.ts';
import type { Group } from '../support/group-replication.ts';
import { onHost } from '../support/on-host.ts';
import { openRedisCluster, type RedisCluster } from '../support/redis-cluster.ts';
import { openSentinels, type Sentinels } from '../support/redis-sentinel.ts';
import { type Databases, openDatabases } from './databases.ts';
import { type DatabaseServers, needed, type RedisServers } from './fault.ts';
import { openMembers } from './members.ts';
import { type Network, openNetwork } from './network.ts';
import { openNodes } from './nodes.ts';
import { COPIES, planNetwork, REDIS_HOSTS } from './plan.ts';

/** Every host with its server; those of the engine's processes wait for these. */
export type OpenHosts = Hosts & {
  network: Network;
  databases: Databases | undefined;
  galera: Galera | undefined;
  group: Group | undefined;
  cluster: RedisCluster | undefined;
  sentinels: Sentinels | undefined;
  close(): Promise<void>;
};

type How = { database: DatabaseServers; redis: RedisServers; onProgress: (step: string) => void };

const PORTS = { web: 3000, proxy: 8080 };
/** Of the processes of the engine. */
const ENGINE_HOSTS = Object.entries(COPIES).flatMap(([type, count]) =>
  copiesOf({ name: type, command: '' }, count).map(({ name }) => name),
);

export async function openHosts({ database, redis, onProgress }: How): Promise<OpenHosts> {
  const closers = openClosers();
  try {
    onProgress('Making the hosts');
    const plan = planNetwork(process.pid);
    const network = openNetwork(plan);
    closers.add(() => network.close());
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-hosts-'));
    const guard = openGuard(folder);
    closers.add(
      () => rmSync(folder, { recursive: true, force: true }),
      () => guard.dismiss(),
    );
    onProgress('Starting the servers of the hosts');
    const place = { folder, guard, network, onProgress };
    const databases = database === 'replicated' ? await openDatabases(plan.database, place) : undefined;
    closers.add(() => databases?.close());
    const nodes = database === 'galera' ? await openNodes({ ...place, hosts: ENGINE_HOSTS }) : undefined;
    closers.add(() => nodes?.close());
    const members = database === 'group' ? await openMembers({ ...place, hosts: ENGINE_HOSTS }) : undefined;
    closers.add(() => members?.close());
    const mysqlUrl = needed(databases?.url ?? nodes?.url ?? members?.url);
    const sites = REDIS_HOSTS.map((name) => ({ host: network.addressOf(name), on: network.on(name) }));
    const cluster = redis === 'cluster' ? await openRedisCluster(sites.length, { sites }) : undefined;
    closers.add(() => cluster?.close());
    const sentinels = redis === 'sentinel' ? await openSentinels({ sites }) : undefined;
    closers.add(() => sentinels?.close());
    const redisUrl = needed(cluster?.url ?? sentinels?.url);
    const api = `http://${plan.proxy.forApps}:${PORTS.proxy}`;
    const proxy = makeServer(onHost(planProxy(folder, { network, api }), network.on('proxy')), guard, () => {});
    await proxy.start();
    closers.add(() => proxy.kill());
    return {
      ...{
        network,
        databases,
        galera: nodes?.galera,
        group: members?.group,
        cluster,
        sentinels,
        api,
        mysqlUrl,
        redisUrl,
      },
      publicUrl: `http://${plan.proxy.forCarrier}:${PORTS.proxy}`,
      webPort: PORTS.web,
      carrierAddress: plan.carrierLine.near,
      copies: COPIES,
      lead: ({ name, command }) => ({ name, command: [...network.on(name), command].join(' ') }),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

function planProxy(folder: string, { network, api }: { network: Network; api: string }): ServerPlan {
  const program = new URL('proxy.ts', import.meta.url).pathname;
  const webs = ['web', 'web.2'].map(network.addressOf);
  return {
    name: 'the proxy',
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), program, ...[PORTS.proxy, PORTS.web].map(String), ...webs],
    folder,
    log: path.join(folder, 'proxy.log'),
    // Nobody is behind it yet: any answer will do.
    ping: async () => {
      await fetch(api, { signal: AbortSignal.timeout(2_000) });
    },
  };
}
