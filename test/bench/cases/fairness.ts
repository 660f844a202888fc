import { arrivalAt } from '../arrivals.ts';
import type { Case, Contestant } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Fixture } from '../fixture.ts';
import { spreadOf } from '../spread.ts';
import { BROADCASTS_AT_ONCE } from './backlog.ts';

const BROADCASTS = 4;
const BROADCAST_MEMBERS = 10_000;
const CHAT_MEMBERS = 5;
const PROBES = 3;
const ACCOUNT_MPS = 100;

export const SLOWEST = 's to the last recipient, slowest';
export const CHAT = 'a chat of 5';
export const PIN = 'a PIN';

/** What becomes of small things while large ones fill the account's limit. */
export const fairness: Case = {
  name: 'fairness',
  reporting: 'none',
  settings: { NUMBER_MPS: '50', ACCOUNT_MPS: String(ACCOUNT_MPS) },
  mostRounds: 3,
  title: `While ${BROADCASTS} broadcasts to ${BROADCAST_MEMBERS.toLocaleString('en-US')} run at the account's limit of ${ACCOUNT_MPS} a second`,
  async prepare(fixture, { onProgress }) {
    onProgress('Preparing the broadcasts');
    const crowds = await makeGroups(fixture.db, { groups: BROADCASTS, members: BROADCAST_MEMBERS });
    const [near] = await makeGroups(fixture.db, { groups: 1, members: CHAT_MEMBERS });
    const [far] = await makeGroups(fixture.db, { groups: 1, members: CHAT_MEMBERS, firstNumber: BROADCASTS });
    if (near === undefined || far === undefined) throw new Error('there are no chats');
    const mark = await fixture.outcomes.begin();
    const inbound = crowds.map(({ phones, number }) => ({ from: phones[0] ?? '', to: number, text: 'To all of you' }));
    await fixture.poster.send('text', { inbound }, { atOnce: BROADCASTS_AT_ONCE });
    // They are under way at the full rate.
    await fixture.outcomes.taken(mark.taken + ACCOUNT_MPS * 3);
    const isUnderWay = async () => {
      const { taken } = await fixture.outcomes.begin();
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
      probe(CHAT, () => chat(fixture, far)),
      probe('a chat of 5 on the number of a broadcast', () => chat(fixture, near)),
      probe(PIN, () => pin(fixture, crowds)),
    ];
  },
  ratios: [],
};

let said = 0;

async function chat(fixture: Fixture, { phones, number }: Group): Promise<number> {
  const words = `#${said++}`;
  const [from = '', ...others] = phones;
  const { beganAt } = await fixture.poster.send(
    'text',
    { inbound: [{ from, to: number, text: words }] },
    { atOnce: 1 },
  );
  const since = beganAt[0] ?? 0;
  const last = await Promise.all(others.map((to) => arrivalAt(fixture.simulator, { to, words, since })));
  return Math.max(...last) - since;
}

/** Each for somebody else: a person may ask for few. */
async function pin(fixture: Fixture, crowds: readonly Group[]): Promise<number> {
  const to = crowds[0]?.phones[1 + said++] ?? '';
  const calls = [{ path: '/member/find', params: { number: to } }];
  const { beganAt } = await fixture.poster.send('call', { calls }, { atOnce: 1 });
  const since = beganAt[0] ?? 0;
  return (await arrivalAt(fixture.simulator, { to, words: 'PIN', since })) - since;
}
