import { setTimeout as sleep } from 'node:timers/promises';
import type { Otherwise } from '../../dev/system/processes.ts';
import { wrongBy } from '../faults/cases/clocks.ts';
import type { Unavailable } from '../faults/fault.ts';
import type { Fixture } from '../faults/fixture.ts';
import { nodeFaults } from './cluster-nodes.ts';
import { failOvers } from './fail-over.ts';
import { type HostFault, needed, type On } from './fault.ts';
import { groupFaults } from './group-faults.ts';
import { HALF, HOSTS, type HostName, MYSQL_HOSTS, REDIS_HOSTS } from './plan.ts';
import { redisFailOvers } from './redis-fail-over.ts';
import { type Worse, whyNoWires } from './wires.ts';

/** What callers are to be told while a host is cut off; the proxy and `web` may leave a call without answer. */
const unavailable: Partial<Record<HostName, Unavailable>> = {
  proxy: 'web',
  web: 'web',
  'web.2': 'web',
  mysql: 'mysql',
  // Commits wait for it.
  'mysql.2': 'web',
  'mysql.3': 'web',
  redis: 'maybe',
  'redis.2': 'maybe',
  'redis.3': 'maybe',
};

const cutOff = HOSTS.map(
  (host): HostFault => ({
    name: `cut-${host}`,
    does: `the host ${host} is cut off from all others`,
    times: 1,
    ...onlyFor(host),
    ...(unavailable[host] && { unavailable: unavailable[host] }),
    strike: (on, mend) => partFor(on, [host], mend),
  }),
);

/** A group has faults of its own for these hosts, by what its members are at that moment. */
function onlyFor(host: HostName): Pick<HostFault, 'only'> {
  if (host === 'mysql.3') return { only: 'galera' };
  return (MYSQL_HOSTS as readonly HostName[]).includes(host) ? { only: ['replicated', 'galera'] } : {};
}

/** Its last second may be lost: it writes once a second what it was told. */
const killed = REDIS_HOSTS.map(
  (host, at): HostFault => ({
    name: `kill-${host}`,
    does: `kill -9 of the node ${host} of the Redis Cluster, which is started again with what it has on its disk`,
    times: 2,
    only: 'cluster',
    unavailable: 'maybe',
    async strike({ cluster }, mend) {
      const startAgain = await needed(cluster).kill(at);
      await sleep(DOWN_MS);
      mend();
      await startAgain();
    },
  }),
);
const DOWN_MS = 4_000;

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
    only: ['replicated', 'galera'],
    unavailable: 'web',
    strike: (on, mend) => partFor(on, [...HALF, 'mysql'], mend),
  },
];

const worse = (
  [
    ['loss', '5 % of what each host sends is lost', { delayMs: 0, lossPercent: 5 }],
    ['lag', 'an answer of another host takes 200 ms longer', { delayMs: 100, lossPercent: 0 }],
  ] as const
).map(
  ([name, does, how]): HostFault => ({
    name,
    does,
    times: 1,
    // A call asks MySQL several times, and waits for each answer.
    ...(how.delayMs > 0 && { unavailable: 'web' as const }),
    whyNot: whyNoWires,
    strike: (on, mend) => worsenFor(on, how, mend),
  }),
);

const clocksApart: HostFault = {
  name: 'clocks-apart',
  does: 'the clocks of all processes are up to ten minutes apart; each is started anew for it, one after the other',
  times: 1,
  strike: (on, mend) => setClocksApart(on, mend),
};

/** Everything that is done to hosts on purpose: a new fault is a new row. */
export const hostFaults: readonly HostFault[] = [
  ...cutOff,
  ...killed,
  ...splits,
  ...worse,
  clocksApart,
  ...failOvers,
  ...nodeFaults,
  ...groupFaults,
  ...redisFailOvers,
];

async function partFor({ fixture, network }: On, hosts: readonly string[], mend: () => void): Promise<void> {
  network.part(hosts);
  await sleep(fixture.seconds * 1_000);
  mend();
  network.join();
}

async function worsenFor({ fixture, network }: On, how: Worse, mend: () => void): Promise<void> {
  const end = await network.worsen(how);
  await sleep(fixture.seconds * 1_000);
  mend();
  await end();
}

const MINUTE_MS = 60_000;

async function setClocksApart({ fixture }: On, mend: () => void): Promise<void> {
  const { processes, seconds } = fixture;
  const names = processes.names();
  // From five minutes behind to five ahead.
  const byMs = (at: number) => Math.round(MINUTE_MS * (10 * (at / (names.length - 1)) - 5));
  await roll(fixture, (at) => ({ env: wrongBy(byMs(at)) }));
  await sleep(seconds * 1_000);
  mend();
  await roll(fixture, () => ({}));
}

/** Starts every process anew; a `web` process only when the one before takes requests. */
async function roll({ processes }: Fixture, otherwise: (at: number) => Otherwise): Promise<void> {
  for (const [at, name] of processes.names().entries()) {
    await processes.replace(name, 'SIGTERM', otherwise(at));
    if (name.startsWith('web')) await processes.up();
  }
  await processes.up();
}
