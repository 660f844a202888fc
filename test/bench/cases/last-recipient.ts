import { arrivalsAfter, lastByWords } from '../arrivals.ts';
import type { Case, Contestant } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Fixture } from '../fixture.ts';
import type { Inbound } from '../poster.ts';
import { shareOf } from '../spread.ts';
import { saysInTurn } from './whole-path.ts';

const MEMBERS = 100;
const PROBES = 25;
const PROBE_EVERY_MS = 160;
/** Deliveries a second to other groups at the same time. */
export const LOADS = [0, 500, 1_000, 2_000, 3_000] as const;

export const besideLoad = (load: number) =>
  load === 0 ? 'idle' : `beside ${load.toLocaleString('en-US')} deliveries a second`;
export const MEDIAN = 'ms to the last recipient, median';
export const P99 = 'ms to the last recipient, p99';
export const RATE_ALL = 'deliveries a second, all';

/** How long a text needs to everybody in a group, while nothing else happens and while others text. */
export const lastRecipient: Case = {
  name: 'last-recipient',
  reporting: 'none',
  title: `From a text to the last of the other ${MEMBERS - 1} in its group, a text every ${PROBE_EVERY_MS} ms`,
  async prepare(fixture, { share }) {
    const [group] = await makeGroups(fixture.db, { groups: 1, members: MEMBERS });
    const others = await makeGroups(fixture.db, { groups: 10, members: MEMBERS });
    if (group === undefined) throw new Error('there is no group');
    const probes = probesOf(group);
    const say = saysInTurn(others);
    return LOADS.map((load) => beside(fixture, { load, count: Math.max(5, Math.round(PROBES * share)), probes, say }));
  },
  ratios: [{ name: 'beside 2,000 a second ÷ idle', over: [besideLoad(2_000), MEDIAN], under: [besideLoad(0), MEDIAN] }],
};

type Says = (count: number) => Inbound[];

function beside(
  fixture: Fixture,
  { load, count, probes, say }: { load: number; count: number; probes: Says; say: Says },
): Contestant {
  return {
    name: besideLoad(load),
    async round() {
      await fixture.outcomes.quiet();
      const mark = await fixture.outcomes.begin();
      const inbound = probes(count);
      const texts = Math.round((load * count * PROBE_EVERY_MS) / 1000 / (MEMBERS - 1));
      const start = performance.now();
      const others = fixture.poster.send(
        'text',
        { inbound: say(texts) },
        { everyMs: (count * PROBE_EVERY_MS) / texts },
      );
      const { beganAt } = await fixture.poster.send('text', { inbound }, { everyMs: PROBE_EVERY_MS });
      await others;
      const expected = (texts + count) * (MEMBERS - 1);
      await fixture.outcomes.allOf(mark, expected);
      const ms = performance.now() - start;
      const last = lastByWords(await arrivalsAfter(fixture.simulator, mark.taken));
      const taken = inbound.map(({ text }, at) => (last.get(text)?.at ?? Number.NaN) - (beganAt[at] ?? Number.NaN));
      taken.sort((a, b) => a - b);
      return {
        [MEDIAN]: shareOf(taken, 0.5),
        [P99]: shareOf(taken, 0.99),
        [RATE_ALL]: (expected * 1000) / ms,
      };
    },
  };
}

/** Texts that can be told from all others by how they end. */
function probesOf({ phones, number }: Group): Says {
  let said = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      const at = said++;
      return { from: phones[at % phones.length] ?? '', to: number, text: `#${at}` };
    });
}
