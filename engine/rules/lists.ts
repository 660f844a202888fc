import { beginsWith } from './addressee.ts';
import { keywordOf } from './keywords.ts';
import { findByName } from './membership.ts';
import { codePoints, nameKey } from './names.ts';
import { nameIn } from './pairs.ts';
import type { Roster } from './types.ts';

/** Some members of a group under a name; those who are there. */
export type GroupList = { id: number; name: string; memberIds: readonly number[] };

/** Of a group; and of a name, in code points. */
export const LIST_LIMITS = { lists: 20, name: 20 } as const;

export function findList(lists: readonly GroupList[], name: string): GroupList | undefined {
  const key = nameKey(nameIn(name));
  return key === '' ? undefined : lists.find((list) => nameKey(list.name) === key);
}

/** The list that a text begins with, of several names the longest, and the words after that. */
export function readListed(lists: readonly GroupList[], text: string): { list: GroupList; words: string } | null {
  const begun = beginsWith(text, (name) => findList(lists, name));
  return begun === null ? null : { list: begun.found, words: begun.words };
}

/**
 * Why no list of the group can be called so, or null: behind an @ the name would mean a member, or it is a word that means
 * something else here. What no member may be called either is asked of `faultOfName`.
 */
export function faultOfListName(
  roster: Roster,
  name: string,
  commandWords: ReadonlySet<string>,
): 'isTooLong' | 'isMember' | 'isTaken' | null {
  if (codePoints(name) > LIST_LIMITS.name) return 'isTooLong';
  if (findByName(roster, name) !== undefined) return 'isMember';
  const word = nameKey(name);
  const isTaken = word === '' || commandWords.has(word) || everybody.has(word) || keywordOf(name) !== null;
  return isTaken ? 'isTaken' : null;
}

/** What people say for the whole group. */
const everybody: ReadonlySet<string> = new Set(
  ['all', 'everyone', 'everybody', 'group', 'todos', 'todas', 'grupo', 'tous', 'toutes', 'groupe'].map(nameKey),
);
