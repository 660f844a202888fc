import { barePosts, kannelOf, kannels, naive, POSTS_AT_ONCE } from '../baselines/contestants.ts';
import { type Case, type Contestant, RATE } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Fixture } from '../fixture.ts';
import type { Inbound } from '../poster.ts';
import { perItem } from '../usage.ts';

/** Deliveries and bare posts a round: some seconds of work, so that its beginning and its end weigh little. */
const DELIVERIES = 40_000;
const NAIVE_DELIVERIES = 4_000;
const FORWARDED = 10_000;
/** Webhooks that the carrier has under way at once. */
const TEXTS_AT_ONCE = 16;

export const wholePathOf = (size: number) => `whole path, groups of ${size.toLocaleString('en-US')}`;

/**
 * From the webhook to the committed outcome of every delivery, beside the POSTs alone that it cannot do without, what
 * anybody would write first, and a gateway of the trade. The carrier sends no reports: their way is another one.
 */
export const wholePath: Case = {
  name: 'whole-path',
  reporting: 'none',
  // Node is at its best after some hundred thousand deliveries, and engines run for weeks.
  warmUps: 5,
  title: `Whole path, ${TEXTS_AT_ONCE} texts at once; bare POSTs, ${POSTS_AT_ONCE} at once; the naive path; Kannel`,
  async prepare(fixture, { share }) {
    const posts = Math.round(DELIVERIES * share);
    return [
      barePosts(fixture, posts),
      await path(fixture, { size: 100, deliveries: posts }),
      await naive(fixture, Math.round(NAIVE_DELIVERIES * share)),
      ...(await kannels(fixture, Math.round(FORWARDED * share))),
    ];
  },
  ratios: [
    { name: 'whole path ÷ bare POSTs', over: [wholePathOf(100), RATE], under: ['bare POSTs', RATE] },
    { name: 'whole path ÷ naive', over: [wholePathOf(100), RATE], under: ['naive path', RATE] },
    ...(['memory', 'spool'] as const).flatMap((store) =>
      [1, 25].map((each) => ({
        name: `whole path ÷ ${kannelOf(store, each)}`,
        over: [wholePathOf(100), RATE] as [string, string],
        under: [kannelOf(store, each), RATE] as [string, string],
      })),
    ),
  ],
};

/** Ten groups of a size, or as many as are wanted, but not more than texts; everybody in turn says something. */
export async function path(
  fixture: Fixture,
  { size, deliveries, groups: most = 10 }: { size: number; deliveries: number; groups?: number },
): Promise<Contestant> {
  const texts = Math.max(1, Math.round(deliveries / (size - 1)));
  const groups = await makeGroups(fixture.db, { groups: Math.min(most, texts), members: size });
  const next = saysInTurn(groups);
  return {
    name: wholePathOf(size),
    async round() {
      const inbound = next(texts);
      const expected = texts * (size - 1);
      await fixture.outcomes.quiet();
      const sofar = await fixture.outcomes.begin();
      const before = await fixture.meter.read();
      const start = performance.now();
      const posted = await fixture.poster.send('text', { inbound }, { atOnce: TEXTS_AT_ONCE });
      await fixture.outcomes.allOf(sofar, expected);
      const ms = performance.now() - start;
      // The reports belong to the cost of a delivery, though not to the time until its outcome.
      await fixture.outcomes.quiet();
      const spent = perItem(before, await fixture.meter.read(), expected);
      return { [RATE]: (expected * 1000) / ms, 'ms until the last webhook was answered': posted.ms, ...spent };
    },
  };
}

/** Texts of the groups in turn, and in a group of everybody in turn; no two are the same. */
export function saysInTurn(groups: readonly Group[]): (count: number) => Inbound[] {
  let said = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      const at = said++;
      const group = groups[at % groups.length];
      const from = group?.phones[Math.floor(at / groups.length) % group.phones.length];
      return { from: from ?? '', to: group?.number ?? '', text: `Who brings the ball tonight? (${at})` };
    });
}
