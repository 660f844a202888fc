import { type Arrival, arrivalsAfter, shareOfAllowed, worstExcess } from '../arrivals.ts';
import type { Case, Contestant } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { spreadOf } from '../spread.ts';
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
  const byLimit = new Map<string, number[]>();
  for (const arrival of arrivals) {
    const known = byLimit.get(limited(arrival)) ?? [];
    known.push(arrival.at);
    byLimit.set(limited(arrival), known);
  }
  const times = [...byLimit.values()];
  return {
    [SHARE]: spreadOf(times.map((some) => shareOfAllowed(some, rate))).median,
    [EXCESS]: Math.max(0, ...times.map((some) => worstExcess(some, { rate, seconds: SPAN_SECONDS }))),
  };
}
