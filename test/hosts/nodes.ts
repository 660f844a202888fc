import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { mysqlUrl } from '../../dev/stack/database.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { pingMysql } from '../../dev/stack/ping.ts';
import { freePort } from '../../dev/stack/port.ts';
import { makeServer, type Server, stopServer } from '../../dev/stack/server.ts';
import { findGalera, type Galera, openGalera } from '../support/galera.ts';
import { onHost } from '../support/on-host.ts';
import { provideMariaDb } from '../support/replicated.ts';
import type { Network } from './network.ts';
import { MYSQL_HOSTS } from './plan.ts';

/** A Galera cluster on three hosts, and on each host of a process a relay to the node that is ready; each begins with another. */
export type Nodes = {
  galera: Galera;
  /** Through the relay of each machine: the same address on all. */
  url: string;
  close(): Promise<void>;
};

const FIRST_PORT = 3306;
const RELAY = new URL('relay.ts', import.meta.url).pathname;

export async function openNodes({ folder, guard, network, hosts, onProgress }: Place): Promise<Nodes> {
  const provider = findGalera();
  if (provider === undefined)
    throw new Error(
      '--galera needs Galera (Debian: galera-4, mariadb-server and rsync), or its library in GALERA_PROVIDER',
    );
  const programs = await provideMariaDb(onProgress);
  const password = randomBytes(18).toString('hex');
  const nodes = MYSQL_HOSTS.map((name, at) => ({
    ...{ name, host: network.addressOf(name), port: FIRST_PORT + at, on: network.on(name) },
  }));
  const galera = await openGalera(nodes, { provider, programs, folder, guard, password });
  const relays: Server[] = [];

  async function relay(
    name: string,
    { at, port, on }: { at: number; port: number; on: readonly string[] },
  ): Promise<void> {
    const inTurn = nodes.map((_, place) => nodes[(at + place) % nodes.length]).flatMap((node) => node ?? []);
    const args = ['--import', import.meta.resolve('tsx'), RELAY, String(port), ...inTurn.map(galera.urlOf)];
    const ping = on.length > 0 ? async () => {} : () => pingMysql(mysqlUrl({ port, password }));
    const plan = { name: `the relay of ${name}`, command: process.execPath, args, folder, ping };
    const server = makeServer(onHost({ ...plan, log: path.join(folder, `relay-${name}.log`) }, on), guard, () => {});
    relays.push(server);
    await server.start();
  }

  async function close(): Promise<void> {
    await Promise.all(relays.map(stopServer));
    await galera.close();
  }

  const port = await freePort();
  try {
    await relay('outside', { at: 0, port, on: [] });
    for (const [at, name] of hosts.entries()) await relay(name, { at, port, on: network.on(name) });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    galera,
    url: mysqlUrl({ port, password }),
    close,
  };
}
type Place = {
  folder: string;
  guard: Guard;
  network: Network;
  hosts: readonly string[];
  onProgress: (step: string) => void;
};
