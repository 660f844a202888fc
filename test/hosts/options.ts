import { parseArgs } from 'node:util';
import { COMMON, type Options as FaultOptions, namesLike, readCommon, whole } from '../faults/options.ts';
import { hostFaults } from './cases.ts';
import { type DatabaseServers, faultsFor, type RedisServers } from './fault.ts';

/** `seconds`: how long a host is cut off. */
export type Options = Omit<FaultOptions, 'soak' | 'database' | 'previous'> & {
  database: DatabaseServers;
  redis: RedisServers;
};

const width = Math.max(...hostFaults.map(({ name }) => name.length));

export const help = `Usage: npm run test:hosts [-- OPTIONS]

Runs the system on hosts of its own, each with an address: two web behind a proxy, two fanout, four sender, two clock,
MariaDB, a Redis Cluster of three nodes and the carrier. Breaks the network between them while people text, and
counts what was lost or doubled, who got what was not for them, what came in another order, and how long callers
were without answer. The hosts are network namespaces of this machine: it needs Linux and root, and is left out
with a word where they cannot be made.

  --only FAULT    only this fault; may be given several times; a name that ends in * means all that begin so
  --times N       how often each fault strikes, 1
  --seed N        repeats the choices of another run
  --groups N      groups that text, 4; with --paced 50
  --members N     members of the largest group, 6; the smallest has 3
  --rate N        texts a second, 2
  --seconds N     how long a host is cut off, 10
  --paced         one text a second a number, of which there are 50, so that texts stand in line
  --galera        MariaDB as a Galera cluster of three, whose nodes all take writes, in place of a primary and its replica
  --group-replication
                  MySQL’s own group of three, of which one takes writes, behind MySQL Router; fetched where apt has them
  --sentinel      Redis as a master and its replica, watched by three Sentinels, in place of a cluster
  --json          the results as JSON on standard output
  --keep          keeps the folder with the logs of all processes

Examples:
  npm run test:hosts
  npm run test:hosts -- --only cut-mysql --seconds 20
  npm run test:hosts -- --only 'split*' --paced --rate 10 --json
  npm run test:hosts -- --sentinel --paced --groups 200 --rate 8 --only 'fail-over-redis*'
  npm run test:hosts -- --galera --only kill-node --only freeze-node
  npm run test:hosts -- --group-replication --only kill-primary --only split-primary

Faults:
${hostFaults.map(({ name, does }) => `  ${name.padEnd(width)}  ${does}`).join('\n')}

Exit code 1: a text was lost or doubled, or another promise was not kept.
`;

/** Reads the command line; `wrong` says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...COMMON,
        members: { type: 'string', default: '6' },
        seconds: { type: 'string', default: '10' },
        galera: { type: 'boolean', default: false },
        'group-replication': { type: 'boolean', default: false },
        sentinel: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const { only, paced, galera, 'group-replication': group, sentinel } = values;
    if (galera && group) return { wrong: 'MySQL is one of both: --galera or --group-replication' };
    const database = galera ? 'galera' : group ? 'group' : 'replicated';
    const redis = sentinel ? 'sentinel' : 'cluster';
    const some = faultsFor(hostFaults, { database, redis });
    return {
      database,
      redis,
      only: only.length === 0 ? some.map(({ name }) => name) : only.flatMap((one) => namesLike(one, some)),
      ...readCommon(values),
      groups: whole('groups', values.groups ?? (paced ? '50' : '4'), 1),
      members: whole('members', values.members, 3),
      seconds: whole('seconds', values.seconds, 1),
    };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
