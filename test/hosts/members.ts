import { randomBytes } from 'node:crypto';
import { mysqlUrl } from '../../dev/stack/database.ts';
import { findProgram } from '../../dev/stack/find.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { pingMysql } from '../../dev/stack/ping.ts';
import { freePort } from '../../dev/stack/port.ts';
import { provideServers } from '../../dev/stack/provide.ts';
import { makeServer, type Server, stopServer } from '../../dev/stack/server.ts';
import { type Group, openGroup } from '../support/group-replication.ts';
import { describeGroup, planRouter, provideRouter } from '../support/mysql-router.ts';
import { onHost } from '../support/on-host.ts';
import type { Network } from './network.ts';
import { MYSQL_HOSTS } from './plan.ts';

/** A group of MySQLs on three hosts, and on each host of a process a router to the primary. */
export type Members = {
  group: Group;
  /** Through the router of each machine: the same address on all. */
  url: string;
  close(): Promise<void>;
};

const FIRST_PORT = 3306;
const GROUP_PORT = 33_061;

export async function openMembers({ folder, guard, network, hosts, onProgress }: Place): Promise<Members> {
  const { mysql: programs } = await provideServers(['mysql'], { find: findProgram, onProgress });
  if (programs === undefined) throw new Error('--group-replication needs MySQL on this machine, not in Docker');
  const router = await provideRouter(onProgress);
  onProgress('Starting the servers of the hosts');
  const password = randomBytes(15).toString('hex');
  const members = MYSQL_HOSTS.map((name, at) => ({
    ...{ name, host: network.addressOf(name), port: FIRST_PORT + at, groupPort: GROUP_PORT, on: network.on(name) },
  }));
  const group = await openGroup(members, { programs, folder, guard, password });
  const routers: Server[] = [];
  const port = await freePort();
  const url = mysqlUrl({ port, password });

  async function route(name: string, on: readonly string[]): Promise<void> {
    const plan = await planRouter(router, { folder, name, port, members, password });
    // Loopback of another host is not reached from here.
    const ping = on.length > 0 ? async () => {} : () => pingMysql(url);
    const server = makeServer(onHost({ ...plan, ping }, on), guard, () => {});
    routers.push(server);
    await server.start();
  }

  async function close(): Promise<void> {
    await Promise.all(routers.map(stopServer));
    await group.close();
  }

  try {
    await describeGroup(group);
    await route('outside', []);
    for (const name of hosts) await route(name, network.on(name));
  } catch (error) {
    await close();
    throw error;
  }
  return { group, url, close };
}
type Place = {
  folder: string;
  guard: Guard;
  network: Network;
  hosts: readonly string[];
  onProgress: (step: string) => void;
};
