import { setTimeout as sleep } from 'node:timers/promises';
import type { Gate } from '../../support/gate.ts';
import { openCalls } from '../calls.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';
import type { Ways } from '../ways.ts';

/** Within this every process works again, by itself. */
const WORKS_WITHIN_MS = 15_000;

/** What a client of MySQL says: the length and number of the packet, the command, the statement. */
const saying = (words: string) => new RegExp(`^.{4}\\x03(?:${words})`, 's');

const moments = [
  { name: 'begin', does: 'at BEGIN', said: saying('BEGIN') },
  { name: 'commit', does: 'at COMMIT, whether MySQL hears it or not', said: saying('COMMIT') },
  { name: 'statement', does: 'in a statement', said: saying('INSERT|UPDATE|SELECT|\\(SELECT') },
] as const;

/** Connections that nobody hears of any more, while new ones work. */
export const silenceFaults: readonly Fault[] = [
  ...moments.map(
    ({ name, does, said }): Fault => ({
      name: `mysql-silent-${name}`,
      does: `some connections of a process to MySQL go silent ${does}`,
      times: 10,
      needs: 'gates',
      recoversWithinMs: WORKS_WITHIN_MS,
      async strike({ ways }, random) {
        const [process, { mysql }] = random.pick([...ways]);
        const times = Math.ceil(random.between(0, 4));
        mysql.swallow(said, { times, passes: random.next() < 0.5 });
        // Some processes say it seldom.
        const until = Date.now() + random.between(3_000, 5_000);
        while (mysql.toSwallow() > 0 && Date.now() < until) await sleep(50);
        mysql.open();
        await untilHeard(process, mysql, Date.now());
      },
    }),
  ),
  {
    name: 'redis-silent',
    does: 'some or all connections of a process to Redis go silent',
    times: 10,
    needs: 'gates',
    recoversWithinMs: WORKS_WITHIN_MS,
    async strike({ ways }, random) {
      const [process, { redis }] = random.pick([...ways]);
      const struck = Date.now();
      redis.silence(random.next() < 0.5 ? Math.ceil(random.between(0, 6)) : undefined);
      await untilHeard(process, redis, struck);
    },
  },
  ...(
    [
      ['failover-mysql', ['mysql'], 'MySQL', 20],
      ['failover-redis', ['redis'], 'Redis', 10],
      ['failover-both', ['mysql', 'redis'], 'MySQL and Redis', 10],
    ] as const
  ).map(
    ([name, servers, said, times]): Fault => ({
      name,
      does: `every connection to ${said} goes silent at once, and new ones work`,
      times,
      needs: 'gates',
      recoversWithinMs: WORKS_WITHIN_MS,
      strike: (fixture, random) => failOver(fixture, servers, random),
    }),
  ),
];

/** Who calls meanwhile is refused once at most, and each process is heard of at each server again. */
async function failOver(fixture: Fixture, servers: readonly Server[], random: Random): Promise<void> {
  const { ways } = fixture;
  const calls = openCalls(fixture);
  const struck = Date.now();
  for (const way of ways.values()) for (const server of servers) way[server].silence();
  const asked: Promise<readonly string[]>[] = [];
  for (let at = 0; at < CALLS; at++) {
    await sleep(random.between(0, 400));
    asked.push(calls.insist('send with a key'));
  }
  const refusals = await Promise.all(asked);
  for (const [process, way] of ways) for (const server of servers) await untilHeard(process, way[server], struck);
  const often = refusals
    .filter((some) => some.length > 1)
    .map((some) => `a call was refused more than once: ${some.join(', ')}`);
  const broken = [...often, ...(await calls.check())];
  if (broken.length > 0) throw new Error(broken.join('; '));
}
const CALLS = 10;
type Server = keyof Ways;

async function untilHeard(process: string, gate: Gate, since: number): Promise<void> {
  const until = since + WORKS_WITHIN_MS;
  while (gate.heardAt() <= since) {
    if (Date.now() > until) throw new Error(`${process} was not heard for ${WORKS_WITHIN_MS / 1000} s`);
    await sleep(50);
  }
}
