import { paceOf } from '../../../engine/delivery/pace.ts';
import { openRandom } from '../../faults/random.ts';
import { arrivalsAfter, lastByWords } from '../arrivals.ts';
import type { Case } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import { haveNumbers } from '../numbers.ts';
import { shareOf } from '../spread.ts';
import { sizeOfGroup } from '../town.ts';
import { lastRecipients, type Said } from '../turns-model.ts';

const NUMBERS = 10_000;
const GROUPS_A_NUMBER = 2;
const MESSAGES = 1_500;
const SPAN_SECONDS = 40;
/** Less than is said meanwhile, so that what is shared makes everybody wait too. */
const ACCOUNT_MPS = 400;
const SENDERS = 2;
const SEED = 2_027;

export const APART = 'engine ÷ model, farthest from 1';
export const TOWN = 'groups of a town';

/** Whether the model that docs/growth.md counts with says what the engine does: the same messages to both. */
export const turns: Case = {
  name: 'turns',
  reporting: 'none',
  settings: { NUMBER_MPS: '1', ACCOUNT_MPS: String(ACCOUNT_MPS), SIMULATOR_KEEP: '1000000' },
  copies: { sender: SENDERS },
  warmUps: 0,
  mostRounds: 3,
  title: `${MESSAGES.toLocaleString('en-US')} messages to groups on ${NUMBERS.toLocaleString('en-US')} numbers of one text a second, account ${ACCOUNT_MPS}: time to the last recipient beside the model’s`,
  async prepare(fixture, { share, onProgress }) {
    const numbers = Math.round(NUMBERS * share);
    onProgress(`Preparing ${numbers.toLocaleString('en-US')} numbers, ${GROUPS_A_NUMBER} groups each`);
    await haveNumbers(fixture.db, numbers);
    const random = openRandom(SEED);
    const groups = await makeGroups(fixture.db, {
      groups: numbers * GROUPS_A_NUMBER,
      members: () => sizeOfGroup(random),
    });
    // Some numbers are busy, as they are in a town: a tenth of the groups says half of all.
    const busy = groups.slice(0, groups.length / 10);
    const gaps = paceOf({ ...UNLIMITED, NUMBER_MPS: 1, ACCOUNT_MPS }, new Map());
    return [
      {
        name: TOWN,
        async round() {
          const chosen = Array.from({ length: Math.round(MESSAGES * share) }, () =>
            random.pick(random.next() < 0.5 ? busy : groups),
          );
          const inbound = chosen.map(({ phones, number }, at) => ({
            ...{ from: phones[at % phones.length] ?? '', to: number },
            text: `#${at}`,
          }));
          const expected = chosen.reduce((sum, { phones }) => sum + phones.length - 1, 0);
          await fixture.outcomes.quiet();
          const mark = await fixture.outcomes.begin();
          const everyMs = (SPAN_SECONDS * share * 1_000) / inbound.length;
          const { beganAt } = await fixture.poster.send('text', { inbound }, { everyMs });
          await fixture.outcomes.allOf(mark, expected);
          const last = lastByWords(await arrivalsAfter(fixture.simulator, mark.taken));
          const said = chosen.map(({ id, number, phones }, at): Said => {
            return { at: beganAt[at] ?? 0, number: Number(number), group: id, recipients: phones.length - 1 };
          });
          const limits = { numberMs: gaps.numbers.long.segmentMs, accountMs: gaps.account.segmentMs };
          const ends = inbound.map(({ text }) => last.get(text)?.at ?? Number.NaN);
          return besideModel(said, { ends, modelled: lastRecipients(said, limits) });
        },
      },
    ];
  },
  ratios: [],
};

const UNLIMITED = { TOLLFREE_MPS: 0, SHORT_MPS: 0, NUMBER_MMS_MPS: 0, TOLLFREE_MMS_MPS: 0, ACCOUNT_MMS_MPS: 0 };

/** Seconds to the last recipient at each share of the messages, by both, and how far the engine is from the model at most. */
function besideModel(
  said: readonly Said[],
  { ends, modelled }: { ends: readonly number[]; modelled: readonly number[] },
): Figures {
  const waits = (of: readonly number[]) =>
    said.map(({ at }, index) => ((of[index] ?? at) - at) / 1_000).sort((a, b) => a - b);
  const [real, told] = [waits(ends), waits(modelled)];
  const figures: Figures = {};
  const apart: number[] = [];
  for (const share of SHARES) {
    const [is, says] = [shareOf(real, share), shareOf(told, share)];
    figures[`s to the last recipient, p${share * 100}`] = is;
    figures[`s by the model, p${share * 100}`] = says;
    apart.push(Math.abs(is / says - 1));
  }
  return { [APART]: Math.max(...apart), ...figures };
}
const SHARES = [0.5, 0.9, 0.99] as const;
