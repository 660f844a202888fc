import { rows } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';
import { type Doors, openDoors } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup, Player } from './group.ts';
import { findUnheard } from './heard.ts';
import { possibleEnds, type Write } from './writes.ts';

/** The owner says something, and all others like it and take it back, some times each, by text and by call. */
export const openReactions: OpenFeature = async ({ fixture, group, random }) => {
  const doors = openDoors(fixture, group);
  const liked: Liked[] = [];
  return {
    restMs: [14_000, 20_000],
    async round() {
      liked.push(await play({ doors, group, random }));
    },
    isQuiet: async () => true,
    async judge(heard) {
      const wrong: string[] = [];
      for (const one of liked) {
        if (heard.isDoubtful(one.from, one.until)) continue;
        const [owner, ...others] = group.players;
        const to = others.map(({ phone }) => phone);
        const words = `${owner?.name}: ${one.words}`;
        wrong.push(
          ...findUnheard({ what: `"${words}"`, is: (text) => text === words, to }, heard),
          ...judgeLikes(one, {
            kept: await readKept(fixture, { group, one }),
            told: await readTold({ doors, group, one }),
            to,
          }),
        );
      }
      return wrong;
    },
  };
};

export type Liked = { words: string; messageId: number; acts: readonly Act[]; from: number; until: number };
/** True where it is liked. */
export type Act = Write<boolean> & { phone: string };

let lastText = 0;
const ACTS = 3;

async function play({ doors, group, random }: Stage): Promise<Liked> {
  const [owner, ...others] = group.players;
  if (owner === undefined) throw new Error('the group of the reactions has no owner');
  const words = `Concert ${++lastText} at 7`;
  const from = Date.now();
  const { messageId } = await doors.call(owner, words);
  if (messageId === null) throw new Error(`"${words}" was sent, and is no message`);
  const acts: Act[] = [];
  await Promise.all(others.map((player) => react({ doors, player, random, acts }, `${owner.name}: ${words}`)));
  return { words, messageId, acts, from, until: Date.now() };
}

type Stage = { doors: Doors; group: FeatureGroup; random: Random };

/** All at once, or one after the other is answered. */
async function react(by: Reacting, quoted: string): Promise<void> {
  const wanted = Array.from({ length: ACTS }, () => by.random.next() < LIKED);
  if (by.random.next() < 0.5) await Promise.all(wanted.map((value) => act(by, quoted, value)));
  else for (const value of wanted) await act(by, quoted, value);
}

type Reacting = { doors: Doors; player: Player; random: Random; acts: Act[] };
const LIKED = 0.6;

async function act({ doors, player, random, acts }: Reacting, quoted: string, value: boolean): Promise<void> {
  const door = random.pick(['text', 'callOnce', 'call'] as const);
  const one = await doors[door](player, `${value ? 'Liked' : 'Removed a like from'} “${quoted}”`);
  if (one !== null) acts.push({ value, phone: player.phone, from: one.from, until: one.until });
}

type Of = { group: FeatureGroup; one: Liked };

/** Whose like is kept, one phone for each row. */
async function readKept({ db }: Fixture, { group, one }: Of): Promise<string[]> {
  const found = await rows<{ phone: string }>(
    db,
    `SELECT p.phone FROM messages m JOIN reactions r ON r.message_id = m.id JOIN memberships b ON b.id = r.member_id
     JOIN people p ON p.id = b.person_id WHERE m.group_id = ? AND m.message_id = ?`,
    [group.id, one.messageId],
  );
  return found.map(({ phone }) => phone);
}

/** How many likes an app is told of. */
async function readTold({ doors, group, one }: Of & { doors: Doors }): Promise<number> {
  const [owner] = group.players;
  const body = await doors.insist('/message/get', {
    ...{ sid: owner?.sid ?? '', number: group.number, message_id: String(one.messageId) },
  });
  const [message] = body.messages as readonly { reactions?: readonly { count: number }[] }[];
  return (message?.reactions ?? []).reduce((sum, { count }) => sum + count, 0);
}

/** One voice a member, as they left it; and what apps are told is what is kept. */
export function judgeLikes(
  { words, acts }: Pick<Liked, 'words' | 'acts'>,
  { kept, told, to }: { kept: readonly string[]; told: number; to: readonly string[] },
): string[] {
  const wrong = to.flatMap((phone) => {
    const rowsOfTheirs = kept.filter((one) => one === phone).length;
    const own = acts.filter((one) => one.phone === phone);
    const isPossible = possibleEnds(false, own).has(rowsOfTheirs > 0);
    return rowsOfTheirs < 2 && isPossible
      ? []
      : [`reactions: ${phone} has ${rowsOfTheirs} likes of "${words}" after ${own.map(sayAct).join(', ')}`];
  });
  return told === kept.length ? wrong : [...wrong, `reactions: ${told} likes of "${words}" are told of ${kept.length}`];
}

function sayAct({ value, from, until }: Act): string {
  return `${value ? 'a like' : 'none'} (${until === null ? 'unanswered' : `answered after ${until - from} ms`})`;
}
