import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Unavailable } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import type { Network } from './network.ts';
import { HOSTS, type HostName } from './plan.ts';

/** A fault of the network, or of hosts. */
export type HostFault = Omit<Fault, 'strike'> & {
  strike(on: On, mend: () => void): Promise<void>;
};
type On = { fixture: Fixture; network: Network };

/** What callers are to be told while a host is cut off; the proxy and `web` may leave a call without answer. */
const unavailable: Partial<Record<HostName, Unavailable>> = {
  proxy: 'web',
  web: 'web',
  'web.2': 'web',
  mysql: 'mysql',
  redis: 'maybe',
  'redis.2': 'maybe',
  'redis.3': 'maybe',
};

const cutOff = HOSTS.map(
  (host): HostFault => ({
    name: `cut-${host}`,
    does: `the host ${host} is cut off from all others`,
    times: 1,
    ...(unavailable[host] && { unavailable: unavailable[host] }),
    strike: (on, mend) => partFor(on, [host], mend),
  }),
);

/** The second of everything. */
const HALF: readonly HostName[] = ['web.2', 'fanout.2', 'sender.2', 'sender.4', 'clock.2', 'redis.2', 'redis.3'];

const splits: readonly HostFault[] = [
  {
    name: 'split',
    does: `the network falls in two: ${HALF.join(', ')} are without MariaDB, the carrier and the proxy`,
    times: 1,
    unavailable: 'web',
    strike: (on, mend) => partFor(on, HALF, mend),
  },
  {
    name: 'split-mysql',
    does: 'the same, with MariaDB on that side: callers and the carrier reach processes that do not reach it',
    times: 1,
    unavailable: 'web',
    strike: (on, mend) => partFor(on, [...HALF, 'mysql'], mend),
  },
];

/** Everything that is done to hosts on purpose: a new fault is a new row. */
export const hostFaults: readonly HostFault[] = [...cutOff, ...splits];

async function partFor({ fixture, network }: On, hosts: readonly string[], mend: () => void): Promise<void> {
  network.part(hosts);
  await sleep(fixture.seconds * 1_000);
  mend();
  network.join();
}
