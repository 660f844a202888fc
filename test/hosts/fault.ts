import type { Fault } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import type { RedisCluster } from '../support/redis-cluster.ts';
import type { Databases } from './databases.ts';
import type { Network } from './network.ts';

/** A fault of the network, or of hosts. */
export type HostFault = Omit<Fault, 'strike'> & {
  strike(on: On, mend: () => void, note: (line: string) => void): Promise<void>;
  /** Why it cannot be made here; null where it can. */
  whyNot?(): string | null;
};

export type On = { fixture: Fixture; network: Network; databases: Databases; cluster: RedisCluster };
