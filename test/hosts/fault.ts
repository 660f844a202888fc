import type { Fault } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import type { Galera } from '../support/galera.ts';
import type { RedisCluster } from '../support/redis-cluster.ts';
import type { Sentinels } from '../support/redis-sentinel.ts';
import type { Databases } from './databases.ts';
import type { Network } from './network.ts';

/** A fault of the network, or of hosts. */
export type HostFault = Omit<Fault, 'strike'> & {
  strike(on: On, mend: () => void, note: (line: string) => void): Promise<void>;
  /** Where MySQL is a Galera cluster, or a primary with its replica; or Redis a cluster, or a master with its replica. */
  only?: Servers;
  /** Why it cannot be made here; null where it can. */
  whyNot?(): string | null;
};

export type Servers = 'galera' | 'replicated' | 'cluster' | 'sentinel';

/** Those that are made for servers of these kinds. */
export function faultsFor(
  faults: readonly HostFault[],
  { galera, sentinel }: { galera: boolean; sentinel: boolean },
): HostFault[] {
  const others: Servers[] = [galera ? 'replicated' : 'galera', sentinel ? 'cluster' : 'sentinel'];
  return faults.filter(({ only }) => only === undefined || !others.includes(only));
}

/** MySQL is one of both: a primary with its replica, or a Galera cluster; Redis too: a cluster, or a master with its replica. */
export type On = {
  fixture: Fixture;
  network: Network;
  databases: Databases | undefined;
  galera: Galera | undefined;
  cluster: RedisCluster | undefined;
  sentinels: Sentinels | undefined;
};

/** For what a fault has with its `only`. */
export function needed<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('this fault is for other servers');
  return one;
}
