import type { Case } from '../case.ts';
import type { Fixture } from '../fixture.ts';
import type { Variant } from '../processes.ts';
import { path } from './whole-path.ts';

const DELIVERIES = 40_000;
const MEMBERS = 100;
const TEN_GROUPS = ', ten groups';
const ALL_CPU = 'CPU µs, all';

/**
 * What more processes give on this machine, and what they cost: where each text is of another group, and where ten groups have dozens
 * of texts on their way, which go one after the other at each phone, whichever sender has them.
 */
export const scaleSenders: Case = {
  name: 'scale-senders',
  reporting: 'none',
  title: `Whole path, groups of ${MEMBERS}, a group a text and ten groups, by the number of senders`,
  mostRounds: 3,
  async prepare(fixture, { share }) {
    const bySenders = (after: string) =>
      [1, 2, 4].map((sender): Named => [`${sender} sender${sender === 1 ? '' : 's'}${after}`, { copies: { sender } }]);
    return [
      ...(await contestants(fixture, { share, groups: DELIVERIES / MEMBERS, variants: bySenders('') })),
      ...(await contestants(fixture, { share, variants: bySenders(TEN_GROUPS) })),
    ];
  },
  ratios: [2, 4].map((senders) => ({
    name: `CPU of a delivery, ${senders} senders ÷ 1`,
    over: [`${senders} senders`, ALL_CPU],
    under: ['1 sender', ALL_CPU],
  })),
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
  { share, variants, groups }: { share: number; variants: Named[]; groups?: number },
) {
  const deliveries = Math.round(DELIVERIES * share);
  const { round } = await path(fixture, { size: MEMBERS, deliveries, ...(groups !== undefined && { groups }) });
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

type Named = [name: string, variant: Variant];
