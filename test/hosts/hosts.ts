import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeDataFolder, mysqlUrl, planDatabase } from '../../dev/stack/database.ts';
import { findProgram } from '../../dev/stack/find.ts';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { provideServers } from '../../dev/stack/provide.ts';
import { makeServer, type Server, type ServerPlan, stopServer } from '../../dev/stack/server.ts';
import { openClosers } from '../../dev/system/closers.ts';
import type { Hosts } from '../faults/place.ts';
import { openRedisCluster } from '../support/redis-cluster.ts';
import { type Network, openNetwork } from './network.ts';
import { COPIES, planNetwork } from './plan.ts';

/** Every host with its server; those of the engine's processes wait for these. */
export type OpenHosts = Hosts & { network: Network; database: Server; close(): Promise<void> };

const PORTS = { mysql: 3306, web: 3000, proxy: 8080 };
const REDIS_HOSTS = ['redis', 'redis.2', 'redis.3'];

export async function openHosts({ onProgress }: { onProgress: (step: string) => void }): Promise<OpenHosts> {
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
    const place = { folder, guard, network };
    onProgress('Starting the servers of the hosts');
    const { database, url } = await openDatabaseHost(place, onProgress);
    closers.add(() => stopServer(database));
    const sites = REDIS_HOSTS.map((name) => ({ host: network.addressOf(name), on: network.on(name) }));
    const cluster = await openRedisCluster(sites.length, { sites });
    closers.add(() => cluster.close());
    const api = `http://${plan.proxy.forApps}:${PORTS.proxy}`;
    const proxy = makeServer(onHost(planProxy(folder, { network, api }), network.on('proxy')), guard, () => {});
    await proxy.start();
    closers.add(() => proxy.kill());
    return {
      ...{ network, database, api, mysqlUrl: url, redisUrl: cluster.url },
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

type Place = { folder: string; guard: Guard; network: Network };

async function openDatabaseHost(
  { folder, guard, network }: Place,
  onProgress: (step: string) => void,
): Promise<{ database: Server; url: string }> {
  const { mariadb } = await provideServers(['mariadb'], { find: findProgram, onProgress });
  if (mariadb === undefined) throw new Error('this needs MariaDB on this machine, not in Docker');
  const address = { host: network.addressOf('mysql'), port: PORTS.mysql, password: randomBytes(18).toString('hex') };
  await makeDataFolder('mariadb', mariadb, { folder, guard });
  const plan = planDatabase('mariadb', mariadb, { folder, address, durable: true });
  const database = makeServer(onHost(plan, network.on('mysql')), guard, () => {});
  await database.start();
  return { database, url: mysqlUrl(address) };
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

function onHost(plan: ServerPlan, on: readonly string[]): ServerPlan {
  const [command = plan.command, ...args] = [...on, plan.command, ...plan.args];
  return { ...plan, command, args };
}
