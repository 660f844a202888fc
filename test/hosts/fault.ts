import type { Fault } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import type { Galera } from '../support/galera.ts';
import type { Group } from '../support/group-replication.ts';
import type { RedisCluster } from '../support/redis-cluster.ts';
import type { Sentinels } from '../support/redis-sentinel.ts';
import type { Databases } from './databases.ts';
import type { Network } from './network.ts';

/** A fault of the network, or of hosts. */
export type HostFault = Omit<Fault, 'strike'> & {
  strike(on: On, mend: () => void, note: (line: string) => void): Promise<void>;
  /** Where MySQL or Redis is one of these. */
  only?: Servers | readonly Servers[];
  /** Why it cannot be made here; null where it can. */
  whyNot?(): string | null;
};

/** A primary with its replica, a Galera cluster, or MySQL’s group replication; and a Redis Cluster, or a master with its replica. */
export type Servers = DatabaseServers | RedisServers;
export type DatabaseServers = 'replicated' | 'galera' | 'group';
export type RedisServers = 'cluster' | 'sentinel';
const DATABASES: readonly Servers[] = ['replicated', 'galera', 'group'] satisfies DatabaseServers[];

/** Those that are made for these servers. */
export function faultsFor(
  faults: readonly HostFault[],
  { database, redis }: { database: DatabaseServers; redis: RedisServers },
): HostFault[] {
  return faults.filter(({ only = [] }) => {
    const kinds = typeof only === 'string' ? [only] : only;
    const mine = (one: Servers) => one === (DATABASES.includes(one) ? database : redis);
    return kinds.length === 0 || kinds.some(mine);
  });
}

/** MySQL and Redis are each one of these. */
export type On = {
  fixture: Fixture;
  network: Network;
  databases: Databases | undefined;
  galera: Galera | undefined;
  group: Group | undefined;
  cluster: RedisCluster | undefined;
  sentinels: Sentinels | undefined;
};

/** For what a fault has with its `only`. */
export function needed<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('this fault is for other servers');
  return one;
}
