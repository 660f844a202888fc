import { arrivalAt } from '../arrivals.ts';
import type { Case, Contestant } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import { spreadOf } from '../spread.ts';
import type { Stage } from '../stage.ts';
import { BROADCASTS_AT_ONCE } from './backlog.ts';

const BROADCASTS = 4;
const BROADCAST_MEMBERS = 10_000;
const CHAT_MEMBERS = 5;
const PROBES = 3;
const ACCOUNT_MPS = 100;

export const SLOWEST = 's to the last recipient, slowest';
export const CHAT = 'a chat of 5';

/** What becomes of small things while large ones fill the account's limit. */
export const fairness: Case = {
  name: 'fairness',
  reporting: 'none',
  settings: { NUMBER_MPS: '50', ACCOUNT_MPS: String(ACCOUNT_MPS) },
  mostRounds: 3,
  title: `While ${BROADCASTS} broadcasts to ${BROADCAST_MEMBERS.toLocaleString('en-US')} run at the account's limit of ${ACCOUNT_MPS} a second`,
  async prepare(stage, { onProgress }) {
    onProgress('Preparing the broadcasts');
    const crowds = await makeGroups(stage.db, { groups: BROADCASTS, members: BROADCAST_MEMBERS });
    const [near] = await makeGroups(stage.db, { groups: 1, members: CHAT_MEMBERS });
    const [far] = await makeGroups(stage.db, { groups: 1, members: CHAT_MEMBERS, firstNumber: BROADCASTS });
    if (near === undefined || far === undefined) throw new Error('there are no chats');
    const mark = await stage.outcomes.begin();
    const inbound = crowds.map(({ phones, number }) => ({ from: phones[0] ?? '', to: number, text: 'To all of you' }));
    await stage.poster.send('text', { inbound }, { atOnce: BROADCASTS_AT_ONCE });
    // They are under way at the full rate.
    await stage.outcomes.taken(mark.taken + ACCOUNT_MPS * 3);
    const isUnderWay = async () => {
      const { taken } = await stage.outcomes.begin();
      if (taken > mark.taken + BROADCASTS * (BROADCAST_MEMBERS - 1)) throw new Error('the broadcasts ended too early');
    };
    const probe = (name: string, once: () => Promise<number>): Contestant => ({
      name,
      async round() {
        const seconds: number[] = [];
        for (let at = 0; at < PROBES; at++) seconds.push((await once()) / 1000);
        await isUnderWay();
        const { median, max } = spreadOf(seconds);
        return { 's to the last recipient, median': median, [SLOWEST]: max };
      },
    });
    return [
      probe(CHAT, () => chat(stage, far)),
      probe('a chat of 5 on the number of a broadcast', () => chat(stage, near)),
      probe('a PIN', () => pin(stage, crowds)),
    ];
  },
  ratios: [],
};

let said = 0;

async function chat(stage: Stage, { phones, number }: Group): Promise<number> {
  const words = `#${said++}`;
  const [from = '', ...others] = phones;
  const { beganAt } = await stage.poster.send('text', { inbound: [{ from, to: number, text: words }] }, { atOnce: 1 });
  const since = beganAt[0] ?? 0;
  const last = await Promise.all(others.map((to) => arrivalAt(stage.simulator, { to, words, since })));
  return Math.max(...last) - since;
}

/** Each for somebody else: a person may ask for few. */
async function pin(stage: Stage, crowds: readonly Group[]): Promise<number> {
  const to = crowds[0]?.phones[1 + said++] ?? '';
  const calls = [{ path: '/member/find', params: { number: to } }];
  const { beganAt } = await stage.poster.send('call', { calls }, { atOnce: 1 });
  const since = beganAt[0] ?? 0;
  return (await arrivalAt(stage.simulator, { to, words: 'PIN', since })) - since;
}
