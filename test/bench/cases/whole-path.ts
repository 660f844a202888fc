import type { Case, Contestant, Figures } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Inbound } from '../poster.ts';
import type { Stage } from '../stage.ts';
import { perItem } from '../usage.ts';

const GROUPS = 10;
const MEMBERS = 100;
const TEXTS = 100;
const POSTS = 10_000;
/** Webhooks that the carrier has under way at once, and POSTs of the yardstick. */
const TEXTS_AT_ONCE = 16;
const POSTS_AT_ONCE = 100;

const RATE = 'a second';

/**
 * From the webhook to the committed outcome of every delivery, beside the POSTs alone that it cannot do without. The
 * carrier sends no reports: their way is another one.
 */
export const wholePath: Case = {
  name: 'whole-path',
  reporting: 'none',
  title: `Whole path, ${GROUPS} groups of ${MEMBERS}, ${TEXTS_AT_ONCE} texts at once; bare POSTs, ${POSTS_AT_ONCE} at once`,
  async prepare(stage, { share }) {
    const groups = await makeGroups(stage.db, { groups: GROUPS, members: MEMBERS });
    let said = 0;
    const nextTexts = (count: number): Inbound[] =>
      Array.from({ length: count }, () => {
        const at = said++;
        const group = groups[at % groups.length];
        const from = group?.phones[Math.floor(at / groups.length) % group.phones.length];
        return { from: from ?? '', to: group?.number ?? '', text: `Who brings the ball tonight? (${at})` };
      });
    return [barePosts(stage, Math.round(POSTS * share)), texts(stage, () => nextTexts(Math.round(TEXTS * share)))];
  },
  ratios: [{ name: 'whole path ÷ bare POSTs', over: ['whole path', RATE], under: ['bare POSTs', RATE], floor: 0.25 }],
};

function barePosts(stage: Stage, count: number): Contestant {
  return {
    name: 'bare POSTs',
    async round() {
      const before = await stage.meter.read();
      const { ms } = await stage.poster.post({ count, atOnce: POSTS_AT_ONCE });
      const spent = perItem(before, await stage.meter.read(), count);
      return { [RATE]: (count * 1000) / ms, ...only(spent, ['CPU µs, carrier', 'CPU µs, poster']) };
    },
  };
}

function texts(stage: Stage, next: () => Inbound[]): Contestant {
  return {
    name: 'whole path',
    async round() {
      const inbound = next();
      const expected = inbound.length * (MEMBERS - 1);
      await stage.outcomes.quiet();
      const sofar = await stage.outcomes.begin();
      const before = await stage.meter.read();
      const start = performance.now();
      const posted = await stage.poster.text({ inbound, atOnce: TEXTS_AT_ONCE });
      await stage.outcomes.allOf(sofar, expected);
      const ms = performance.now() - start;
      // The reports belong to the cost of a delivery, though not to the time until its outcome.
      await stage.outcomes.quiet();
      const spent = perItem(before, await stage.meter.read(), expected);
      return { [RATE]: (expected * 1000) / ms, 'ms until the last webhook was answered': posted.ms, ...spent };
    },
  };
}

function only(figures: Figures, names: readonly string[]): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([name]) => names.includes(name)));
}
