import { list } from '../fit.ts';
import { countPresent } from '../membership.ts';
import { countSegments } from '../segments.ts';
import { toGsm } from '../text.ts';
import type { Member, Roster } from '../types.ts';
import { countPeople, wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type CommandRows, callBy } from './command.ts';

/** Who is in the group: all of a small one, a large one by letter. */
export const who = {
  who: {
    also: ['list', 'members', 'names', 'roster', 'people'],
    usage: '*who',
    does: 'lists the members; *who B those with a B',
    permission: 'listMembers',
    run: ({ membership: { roster }, rest }) => answer(listMembers(roster, startIn(rest))),
  },
} satisfies CommandRows;

/** A list that takes more is asked for by letter: some 45 first and last names fit. */
const MOST_SEGMENTS = 3;

function listMembers(roster: Roster, start: string | null): string {
  const { name: group } = roster.group;
  const found = start === null ? [] : findByStart(roster, start);
  if (start !== null && found.length > 0)
    return whoTexts.whoBy({
      group,
      start,
      count: countPresent({ ...roster, members: found }),
      lines: found.map(whoLine),
    });
  const count = countPresent(roster);
  const all = whoTexts.who({ group, count, lines: roster.members.map(whoLine) });
  if (countSegments(toGsm(all)).segments <= MOST_SEGMENTS) return all;
  const letters = countLetters(roster);
  return start === null
    ? whoTexts.whoLetters({ group, count, letters, like: likeOf(letters) })
    : whoTexts.whoNone({ group, start, letters });
}

/** The beginning of a name that follows the command, or null: "is here?" and other words are no name. */
function startIn(rest: string): string | null {
  const bare = foldName(rest.slice(0, LONGEST_START)).replace(/[\s\p{P}]+$/u, '');
  if (rest.trim() === NO_LETTER) return NO_LETTER;
  return /^\p{L}[^\s]*$/u.test(bare) ? bare : null;
}
/** Longer than any name. */
const LONGEST_START = 60;

/** By one letter, those whose names begin with it; by more, also those with such a last name. In the order of names. */
function findByStart({ members }: Roster, start: string): Member[] {
  const isLetter = Array.from(start).length === 1;
  return members
    .map((member) => ({ member, name: foldName(member.name ?? '') }))
    .filter(({ name }) =>
      isLetter ? letterOf(name) === start : name.split(/[\s-]+/u).some((word) => word.startsWith(start)),
    )
    .sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)))
    .map(({ member }) => member);
}

/** `B 7`: how many who are there have names with each letter. */
function countLetters({ members }: Roster): string[] {
  const counts = new Map<string, number>();
  for (const { name } of members.filter(({ left }) => !left)) {
    const letter = letterOf(foldName(name ?? ''));
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return [...counts]
    .sort(([one], [other]) => Number(one === NO_LETTER) - Number(other === NO_LETTER) || (one < other ? -1 : 1))
    .map(([letter, count]) => `${letter} ${count}`);
}

function likeOf([first = '']: readonly string[]): string {
  return first.split(' ')[0] ?? '';
}

/** Who has no name, or one of digits or emoji. */
const NO_LETTER = '#';

function letterOf(name: string): string {
  const [letter = NO_LETTER] = Array.from(name);
  return letter;
}

/** A name in capitals without accents, from its first letter on; empty where it has none. */
function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/^[^\p{L}]+/u, '');
}

/** A member, and what marks them. */
export function whoLine(member: Member): string {
  const marks = [
    member.owner ? words().owner : member.coOwner ? words().coOwner : '',
    member.left ? words().left : '',
  ].filter((mark) => mark !== '');
  return marks.length === 0 ? callBy(member) : `${callBy(member)} (${marks.join(', ')})`;
}

/** What this command says. */
export const whoTexts = wording(
  {
    who: ({ group, count, lines }: { group: string; count: number; lines: readonly string[] }) =>
      `"${group}" has ${countPeople(count)}:\n${lines.join('\n')}`,
    whoBy: ({
      group,
      start,
      count,
      lines,
    }: {
      group: string;
      start: string;
      count: number;
      lines: readonly string[];
    }) => `${start} in "${group}", ${countPeople(count)}:\n${lines.join('\n')}`,
    whoLetters: (put: { group: string; count: number; letters: readonly string[]; like: string }) =>
      `"${put.group}" has ${countPeople(put.count)}. Ask by letter, such as *who ${put.like}: ${list(put.letters, 160)}.`,
    whoNone: ({ group, start, letters }: { group: string; start: string; letters: readonly string[] }) =>
      `No name in "${group}" begins with ${start}. Ask by letter: ${list(letters, 160)}.`,
  },
  { lists: ['who', 'whoBy'] },
);
