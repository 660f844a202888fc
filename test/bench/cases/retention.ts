import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsAfter, lastByWords } from '../arrivals.ts';
import type { Case, Effort } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { shareOf } from '../spread.ts';
import { saysInTurn } from './whole-path.ts';

/** Rows that are a year old and more, at the whole effort; and how long texts go out in each part of a round. */
const OLD_DELIVERIES = 4_000_000;
/** What becomes old enough in each round: as much as takes longer to delete than the texts go out. */
const SHARE_DELETED = 0.1;
const DAYS = 400;
const MEMBERS = 101;
const GROUPS = 10;
const SECONDS = 20;
/** Ten messages a second to a hundred members each. */
const TEXTS_A_SECOND = 10;

export const KEPT = 'texts go out';
const WITH = 'ms to the last recipient while old ones are deleted, p99';
const WITHOUT = 'ms to the last recipient without, p99';
export const P99_RATIO = 'p99 with ÷ without';

/** Whether texts notice that deliveries of a year ago are deleted. */
export const retention: Case = {
  name: 'retention',
  reporting: 'none',
  title: `${(TEXTS_A_SECOND * (MEMBERS - 1)).toLocaleString('en-US')} deliveries a second over ${OLD_DELIVERIES.toLocaleString('en-US')} old ones, while a tenth of these is deleted`,
  // Nothing is old enough before a round makes it so.
  settings: { KEEP_DELIVERIES_DAYS: '400', KEEP_TEXTS_DAYS: '0', KEEP_INBOUND_DAYS: '0' },
  mostRounds: 3,
  warmUps: 0,
  async prepare(fixture, effort) {
    const aPart = await seed(fixture, effort);
    const groups = await makeGroups(fixture.db, { groups: GROUPS, members: MEMBERS });
    const say = saysInTurn(groups);
    effort.onProgress('Warming up');
    await trickle(fixture, say);
    return [{ name: KEPT, round: () => round(fixture, { say, aPart }) }];
  },
  ratios: [],
};

/** Messages of a hundred deliveries each, spread over the days. Returns how many deliveries a round makes old enough. */
async function seed(fixture: Fixture, { share, onProgress }: Effort): Promise<number> {
  const { db } = fixture;
  const messages = Math.round((OLD_DELIVERIES * share) / 100);
  const [number] = (await db.raw('SELECT MIN(id) AS id FROM numbers'))[0] as { id: number }[];
  for (let made = 0; made < messages; made += 1_000) {
    onProgress(`Seeding ${(made * 100).toLocaleString('en-US')} old deliveries`);
    const count = Math.min(1_000, messages - made);
    // By `raw`, without the product's time limit.
    await db.raw(
      `INSERT INTO messages (kind, text, accepted_at) SELECT 'said', '', NOW(3) - INTERVAL ? SECOND + INTERVAL (n * ?) SECOND
       FROM (SELECT a.n + 10 * b.n + 100 * c.n AS n FROM (${DIGITS}) a, (${DIGITS}) b, (${DIGITS}) c) thousand WHERE n < ? ORDER BY n`,
      [SPAN_SECONDS - (made / messages) * (SPAN_SECONDS - 86_400), (SPAN_SECONDS - 86_400) / messages, count],
    );
    await db.raw(
      `INSERT INTO deliveries (message_id, person_id, number_id, state, attempt, attempt_log, carrier_id, carrier_cost, created_at, sent_at, ended_at)
       SELECT m.id, 1 + a.n + 10 * b.n, ?, 'delivered', 1, '', UUID(), 77, m.accepted_at, m.accepted_at, m.accepted_at
       FROM (SELECT id, accepted_at FROM messages ORDER BY id DESC LIMIT ${count}) m, (${DIGITS}) a, (${DIGITS}) b`,
      [number?.id ?? 0],
    );
  }
  return Math.round(messages * 100 * SHARE_DELETED);
}

const SPAN_SECONDS = DAYS * 86_400 - 3_600;
const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ');

type Round = { say: ReturnType<typeof saysInTurn>; aPart: number };

async function round(fixture: Fixture, { say, aPart }: Round): Promise<Figures> {
  const without = await trickle(fixture, say);
  const before = await countOld(fixture);
  // From here on the next tenth is old enough; clocks look for that once a minute.
  await fixture.db.raw(
    `UPDATE messages SET accepted_at = NOW(3) - INTERVAL 500 DAY WHERE id <= COALESCE((SELECT upto_id FROM purges WHERE what = 'deliveries'), 0) + ?`,
    [Math.ceil(aPart / 100)],
  );
  await until(async () => (await countOld(fixture)) < before);
  const during = await trickle(fixture, say);
  const deleted = before - (await countOld(fixture));
  return {
    [WITHOUT]: without,
    [WITH]: during,
    [P99_RATIO]: during / without,
    'deliveries deleted meanwhile': deleted,
    'of what was old enough': deleted / aPart,
  };
}

let probes = 0;

/** The 99th of a hundred times, in ms, from a text until the last of its group has it. */
async function trickle(fixture: Fixture, say: Round['say']): Promise<number> {
  await fixture.outcomes.quiet();
  const mark = await fixture.outcomes.begin();
  // Told from all others by how they end.
  const inbound = say(SECONDS * TEXTS_A_SECOND).map((text) => ({ ...text, text: `#${probes++}` }));
  const { beganAt } = await fixture.poster.send('text', { inbound }, { everyMs: 1_000 / TEXTS_A_SECOND });
  await fixture.outcomes.allOf(mark, inbound.length * (MEMBERS - 1));
  const last = lastByWords(await arrivalsAfter(fixture.simulator, mark.taken));
  const took = inbound.map(({ text }, at) => (last.get(text)?.at ?? Number.NaN) - (beganAt[at] ?? Number.NaN));
  return shareOf(
    took.toSorted((a, b) => a - b),
    0.99,
  );
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 120; look++) {
    if (await isTrue()) return;
    await sleep(1_000);
  }
  throw new Error('nothing was deleted in two minutes');
}

async function countOld({ db }: Fixture): Promise<number> {
  const [found] = (
    await db.raw('SELECT COUNT(*) AS count FROM deliveries WHERE created_at < NOW() - INTERVAL 1 DAY')
  )[0] as {
    count: number;
  }[];
  return Number(found?.count ?? 0);
}
