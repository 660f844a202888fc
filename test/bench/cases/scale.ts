import type { Case } from '../case.ts';
import type { Fixture } from '../fixture.ts';
import type { Variant } from '../processes.ts';
import { path } from './whole-path.ts';

const DELIVERIES = 40_000;
const MEMBERS = 100;

/** What more processes give on this machine, and what they cost. */
export const scaleSenders: Case = {
  name: 'scale-senders',
  reporting: 'none',
  title: `Whole path, groups of ${MEMBERS}, by the number of senders`,
  mostRounds: 3,
  prepare: (fixture, { share }) =>
    contestants(fixture, {
      share,
      variants: [1, 2, 4].map((sender) => [`${sender} sender${sender === 1 ? '' : 's'}`, { copies: { sender } }]),
    }),
  ratios: [],
};

/** What more queues give, on a Redis Cluster of two nodes. */
export const scaleShards: Case = {
  name: 'scale-shards',
  reporting: 'none',
  title: `Whole path, groups of ${MEMBERS}, 2 senders, a Redis Cluster of two nodes, by the number of queues`,
  redisNodes: 2,
  mostRounds: 3,
  prepare: (fixture, { share }) =>
    contestants(fixture, {
      share,
      variants: [1, 2, 4].map((shards) => [
        `${shards} queue${shards === 1 ? '' : 's'}`,
        { copies: { sender: 2 }, settings: { QUEUE_SHARDS: String(shards) } },
      ]),
    }),
  ratios: [],
};

async function contestants(
  fixture: Fixture,
  { share, variants }: { share: number; variants: [name: string, variant: Variant][] },
) {
  const { round } = await path(fixture, { size: MEMBERS, deliveries: Math.round(DELIVERIES * share) });
  return variants.map(([name, variant]) => ({
    name,
    async round() {
      await fixture.outcomes.quiet();
      await fixture.change(variant);
      // New processes are slow at first.
      for (let warmUps = 0; warmUps < 3; warmUps++) await round();
      return round();
    },
  }));
}
