import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsAfter, lastByWords } from '../arrivals.ts';
import type { Case } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { OLD_DELIVERIES, type Seeded, seedOldDeliveries, TO_EACH } from '../old-deliveries.ts';
import { shareOf } from '../spread.ts';
import { saysInTurn } from './whole-path.ts';

/** What becomes old enough in each round: a day of a hundred million rows in 400 days, which takes longer to delete than the texts go out. */
const A_DAY = 250_000;
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
  title: `${(TEXTS_A_SECOND * (MEMBERS - 1)).toLocaleString('en-US')} deliveries a second while ${A_DAY.toLocaleString('en-US')} old ones of a year are deleted (--old-deliveries, ${OLD_DELIVERIES.toLocaleString('en-US')})`,
  // Nothing is old enough before a round makes it so.
  settings: { KEEP_DELIVERIES_DAYS: '400', KEEP_TEXTS_DAYS: '0', KEEP_INBOUND_DAYS: '0' },
  mostRounds: 3,
  warmUps: 0,
  async prepare(fixture, effort) {
    const rows = Math.round(effort.oldDeliveries * effort.share);
    const { onProgress } = effort;
    const seeded = await seedOldDeliveries(fixture, { rows, oldestSeconds: SPAN_SECONDS, onProgress });
    const aPart = Math.min(A_DAY, TO_EACH * Math.ceil(rows / 10 / TO_EACH));
    const groups = await makeGroups(fixture.db, { groups: GROUPS, members: MEMBERS });
    const say = saysInTurn(groups);
    onProgress('Warming up');
    await trickle(fixture, say);
    return [{ name: KEPT, round: () => round(fixture, { say, aPart, seeded }) }];
  },
  ratios: [],
};

const SPAN_SECONDS = DAYS * 86_400 - 3_600;

type Round = { say: ReturnType<typeof saysInTurn>; aPart: number; seeded: Seeded };

async function round(fixture: Fixture, { say, aPart, seeded }: Round): Promise<Figures> {
  const without = await trickle(fixture, say);
  // From here on the next part is old enough; clocks look for that once a minute.
  const before = Math.max(await readUpto(fixture), seeded.firstId - 1);
  const end = before + aPart / TO_EACH;
  await fixture.db.raw('UPDATE messages SET accepted_at = NOW(3) - INTERVAL 500 DAY WHERE id <= ?', [end]);
  await until(async () => (await readUpto(fixture)) > before, 120);
  const during = await trickle(fixture, say);
  const deleted = ((await readUpto(fixture)) - before) * TO_EACH;
  // The next round begins without.
  await until(async () => (await readUpto(fixture)) >= end, 1_200);
  return {
    [WITHOUT]: without,
    [WITH]: during,
    [P99_RATIO]: during / without,
    'deliveries deleted meanwhile': deleted,
    'of what was old enough': deleted / aPart,
    'old deliveries at the start': seeded.rows,
    'bytes of disk a delivery': seeded.bytesARow,
    'deliveries seeded a second': seeded.rowsASecond,
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

async function until(isTrue: () => Promise<boolean>, seconds: number): Promise<void> {
  for (let look = 0; look < seconds; look++) {
    if (await isTrue()) return;
    await sleep(1_000);
  }
  throw new Error(`what is old enough was not deleted in ${seconds} s`);
}

/** The last message whose deliveries are gone. */
async function readUpto({ db }: Fixture): Promise<number> {
  const [found] = (await db.raw("SELECT upto_id AS uptoId FROM purges WHERE what = 'deliveries'"))[0] as {
    uptoId: number;
  }[];
  return Number(found?.uptoId ?? 0);
}
