import type { Fault } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import type { Galera } from '../support/galera.ts';
import type { RedisCluster } from '../support/redis-cluster.ts';
import type { Databases } from './databases.ts';
import type { Network } from './network.ts';

/** A fault of the network, or of hosts. */
export type HostFault = Omit<Fault, 'strike'> & {
  strike(on: On, mend: () => void, note: (line: string) => void): Promise<void>;
  /** Where MySQL is a Galera cluster, or a primary with its replica; without it, in both. */
  only?: 'galera' | 'replicated';
  /** Why it cannot be made here; null where it can. */
  whyNot?(): string | null;
};

/** MySQL is one of both: a primary with its replica, or a Galera cluster. */
export type On = {
  fixture: Fixture;
  network: Network;
  databases: Databases | undefined;
  galera: Galera | undefined;
  cluster: RedisCluster;
};

/** For what a fault has with its `only`. */
export function needed<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('this fault is for another MySQL');
  return one;
}
