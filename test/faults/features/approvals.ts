import { row } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';
import { type Doors, insistOnMysql, openDoors } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup } from './group.ts';
import { findUnheard, type Heard } from './heard.ts';
import { countDue, endHeld } from './held.ts';

/** Speakers' texts wait for an owner, and both owners decide at the same moment, one by text and one by call. */
export const openApprovals: OpenFeature = async ({ fixture, group, random }) => {
  const doors = openDoors(fixture, group);
  const asked: Asked[] = [];
  await endHeld(fixture, group);
  return {
    restMs: [7_000, 12_000],
    async round() {
      asked.push(await play(fixture, { doors, group, random }));
    },
    // What nobody has decided waits on, for a day.
    isQuiet: async () => (await countDue(fixture, group)) === 0,
    judge: async (heard) =>
      asked.filter(({ from, until }) => !heard.isDoubtful(from, until)).flatMap((one) => judgeAsked(one, heard)),
  };
};

export type Decision = 'approve' | 'decline';
/** `end`: what it came to, by the answers to the owners; null: nobody was asked. */
export type Asked = {
  /** As it is told. */
  words: string;
  to: readonly string[];
  end: 'sent' | 'dropped' | null;
  from: number;
  until: number;
};

let lastText = 0;
const decisions: readonly (readonly [byCall: Decision, byText: Decision])[] = [
  ['approve', 'approve'],
  ['approve', 'approve'],
  ['decline', 'decline'],
  ['approve', 'decline'],
  ['decline', 'approve'],
];

async function play(fixture: Fixture, { doors, group, random }: Stage): Promise<Asked> {
  const [one, other, ...members] = group.players;
  const speaker = members[random.next() < 0.5 ? 0 : 1];
  if (one === undefined || other === undefined || speaker === undefined) throw new Error('nobody may ask for approval');
  const [byCall, byText] = random.next() < 0.5 ? [one, other] : [other, one];
  const words = `Practice ${++lastText}, please`;
  const from = Date.now();
  const door = random.pick(['call', 'text'] as const);
  const said = await doors[door](speaker, words);
  const to = group.players.filter((player) => player !== speaker).map(({ phone }) => phone);
  const asked = { words: `${speaker.name}: ${words}`, to, from };
  const id = await findId(fixture, { group, words });
  if (id === null) {
    if (said.until !== null) throw new Error(`"${words}" was taken, and does not wait for an owner`);
    return { ...asked, end: null, until: Date.now() };
  }
  const [called, texted] = random.pick(decisions);
  const [answer] = await Promise.all([doors.call(byCall, `*${called} ${id}`), doors.text(byText, `*${texted} ${id}`)]);
  const end = endOf({ called, texted, reply: answer.reply });
  if (end === null) throw new Error(`"*${called} ${id}" was answered "${answer.reply}"`);
  return { ...asked, end, until: Date.now() };
}

type Stage = { doors: Doors; group: FeatureGroup; random: Random };

async function findId(
  { db }: Fixture,
  { group, words }: { group: FeatureGroup; words: string },
): Promise<number | null> {
  const sql =
    'SELECT MIN(id) AS id FROM schedules WHERE group_id = ? AND text = ? AND awaits_approval = 1 AND ended_at IS NULL';
  return (await insistOnMysql(() => row<{ id: number | null }>(db, sql, [group.id, words])))?.id ?? null;
}

/** The call happened for certain, so its answer tells who was first. Null where it tells nothing of the kind. */
export function endOf({ called, texted, reply }: { called: Decision; texted: Decision; reply: string }): Asked['end'] {
  const isOther = reply.includes('waits for your OK');
  const isOwn = called === 'approve' ? /^OK, what .* goes to all/.test(reply) : /^OK, what .* doesn't go/.test(reply);
  if (!isOther && !isOwn) return null;
  return (isOwn ? called : texted) === 'approve' ? 'sent' : 'dropped';
}

/** What was approved reaches everybody else once; what was declined, or never decided, nobody. */
export function judgeAsked({ words, to, end }: Pick<Asked, 'words' | 'to' | 'end'>, heard: Heard): string[] {
  const what = `approvals: "${words}", which ${end === 'sent' ? 'was approved' : 'no owner approved'},`;
  return findUnheard({ what, is: (text) => text === words, to: end === 'sent' ? to : [] }, heard);
}
