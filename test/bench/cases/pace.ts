import {
  type Arrival,
  arrivalsAfter,
  latenessOf,
  shareOfAllowed,
  shareWhileWaiting,
  worstExcess,
} from '../arrivals.ts';
import type { Case, Contestant } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { haveNumbers } from '../numbers.ts';
import { shareOf, spreadOf } from '../spread.ts';
import { perItem } from '../usage.ts';
import { saysInTurn } from './whole-path.ts';

const BACKLOG = 3_000;
const GROUPS = 10;
const MEMBERS = 101;
const SPAN_SECONDS = 10;
const SENDERS = 2;

export const SHARE = 'sent ÷ allowed';
export const EXCESS = `most in any ${SPAN_SECONDS} s beyond the limit`;
export const PACED = 'backlog';

/** Whether all that a limit allows is sent, and no more: a limit of each of ten numbers, and one of the account. */
export const paceNumbers = paced({
  name: 'pace-numbers',
  title: `${BACKLOG.toLocaleString('en-US')} deliveries through ${GROUPS} numbers of 25 a second each, ${SENDERS} senders`,
  settings: { NUMBER_MPS: '25', ACCOUNT_MPS: '0' },
  rate: 25,
  limited: ({ from }) => from,
});
export const paceAccount = paced({
  name: 'pace-account',
  title: `${BACKLOG.toLocaleString('en-US')} deliveries through an account of 250 a second, ${SENDERS} senders`,
  settings: { NUMBER_MPS: '0', ACCOUNT_MPS: '250' },
  rate: 250,
  limited: () => 'account',
});

/** As production is: many numbers of one text a second, each with a group of its own that has something to say. */
export const pacedNumbers: Case = {
  name: 'paced',
  title: `Numbers of one text a second, ${SENDERS} senders, by how many there are and how much waits for each`,
  settings: { NUMBER_MPS: '1', ACCOUNT_MPS: '0', SIMULATOR_KEEP: '1000000' },
  copies: { sender: SENDERS },
  reporting: 'none',
  mostRounds: 3,
  async prepare(fixture, { share, onProgress }) {
    const contestants: Contestant[] = [];
    const deep = Math.max(LEAST_DEEP, Math.round(DEEP * share));
    const counts = share === 1 ? [10, 100, 1_000, 10_000] : [10, 100, 1_000];
    for (const numbers of counts) {
      onProgress(`Preparing ${numbers.toLocaleString('en-US')} numbers`);
      await haveNumbers(fixture.db, Math.max(...counts));
      for (const [name, waiting] of [
        [oneEach(numbers), 1],
        [manyEach(numbers), deep],
      ] as const) {
        const groups = await makeGroups(fixture.db, { groups: numbers, members: waiting + 1, firstNumber: 0 });
        contestants.push({ name, round: () => drain(fixture, { groups, waiting }) });
      }
    }
    return contestants;
  },
  ratios: [
    {
      name: 'CPU of a delivery, 1,000 ÷ 100 numbers',
      over: [manyEach(1_000), 'CPU µs, all'],
      under: [manyEach(100), 'CPU µs, all'],
    },
  ],
};

export function manyEach(numbers: number): string {
  return `${numbers.toLocaleString('en-US')} numbers, much for each`;
}

function oneEach(numbers: number): string {
  return `${numbers.toLocaleString('en-US')} numbers, one text for each`;
}

/** Texts that wait for each number, in a whole round, and in the least. */
const DEEP = 30;
const LEAST_DEEP = 15;
/** Webhooks that the carrier has under way at once. */
const TEXTS_AT_ONCE = 16;
/** Each group says something to all of its members; its number has work from then on until the last of them has it. */
async function drain(
  fixture: Fixture,
  { groups, waiting }: { groups: readonly Group[]; waiting: number },
): Promise<Figures> {
  const expected = groups.length * waiting;
  await fixture.outcomes.quiet();
  const mark = await fixture.outcomes.begin();
  const before = await fixture.meter.read();
  const inbound = groups.map(({ phones, number }) => ({ from: phones[0] ?? '', to: number, text: 'Who brings it?' }));
  const { beganAt, answersMs } = await fixture.poster.send('text', { inbound }, { atOnce: TEXTS_AT_ONCE });
  await fixture.outcomes.allOf(mark, expected);
  const spent = perItem(before, await fixture.meter.read(), expected);
  const byNumber = timesBy(await arrivalsAfter(fixture.simulator, mark.taken), ({ from }) => from);
  const lines = groups.map(({ number }, at) => ({
    since: (beganAt[at] ?? 0) + (answersMs[at] ?? 0),
    times: byNumber.get(number) ?? [],
  }));
  const late = lines.flatMap(({ times }) => latenessOf(times, GAP_MS)).sort((a, b) => a - b);
  return {
    [SHARE_OF_ALL]: shareWhileWaiting(lines, 1),
    [EXCESS]: Math.max(...lines.map(({ times }) => worstExcess(times, { rate: 1, seconds: SPAN_SECONDS }))),
    [LATE_P50]: shareOf(late, 0.5),
    [LATE_P99]: shareOf(late, 0.99),
    ...spent,
  };
}

/** Texts of a number are kept this far apart: a second, and a little to spare. */
const GAP_MS = 1_009;
export const SHARE_OF_ALL = 'sent ÷ allowed, all numbers, while they had work';
export const LATE_P50 = 'ms late against an even pace, p50';
export const LATE_P99 = 'ms late against an even pace, p99';

type Limit = {
  name: string;
  title: string;
  settings: Record<string, string>;
  rate: number;
  /** What of a text is limited. */
  limited: (arrival: Arrival) => string;
};

function paced({ rate, limited, ...chosen }: Limit): Case {
  return {
    ...chosen,
    copies: { sender: SENDERS },
    reporting: 'none',
    mostRounds: 3,
    prepare: async (fixture, { share }) => [await backlog(fixture, { share, rate, limited })],
    ratios: [],
  };
}

async function backlog(
  fixture: Fixture,
  { share, rate, limited }: Pick<Limit, 'rate' | 'limited'> & { share: number },
): Promise<Contestant> {
  const groups = await makeGroups(fixture.db, { groups: GROUPS, members: MEMBERS });
  const say = saysInTurn(groups);
  const texts = GROUPS * Math.max(1, Math.round((BACKLOG * share) / GROUPS / (MEMBERS - 1)));
  const expected = texts * (MEMBERS - 1);
  return {
    name: PACED,
    async round() {
      await fixture.outcomes.quiet();
      const mark = await fixture.outcomes.begin();
      const before = await fixture.meter.read();
      await fixture.poster.send('text', { inbound: say(texts) }, { atOnce: texts });
      await fixture.outcomes.allOf(mark, expected);
      const spent = perItem(before, await fixture.meter.read(), expected);
      return { ...figuresOf(await arrivalsAfter(fixture.simulator, mark.taken), { rate, limited }), ...spent };
    },
  };
}

function figuresOf(arrivals: readonly Arrival[], { rate, limited }: Pick<Limit, 'rate' | 'limited'>): Figures {
  const times = [...timesBy(arrivals, limited).values()];
  return {
    [SHARE]: spreadOf(times.map((some) => shareOfAllowed(some, rate))).median,
    [EXCESS]: Math.max(0, ...times.map((some) => worstExcess(some, { rate, seconds: SPAN_SECONDS }))),
  };
}

function timesBy(arrivals: readonly Arrival[], limited: (arrival: Arrival) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const arrival of arrivals) {
    const known = found.get(limited(arrival)) ?? [];
    known.push(arrival.at);
    found.set(limited(arrival), known);
  }
  return found;
}
