import { nearest } from './distance.ts';
import { findByName, findByPhone } from './membership.ts';
import { NAME_LIMIT, nameKey } from './names.ts';
import { nameIn } from './pairs.ts';
import { type PhoneSettings, readPhone } from './phone.ts';
import type { Member, Membership, Roster } from './types.ts';

/** The member that a number or a name means; a number comes first, so that nobody takes another's by a name. */
export function findMember(roster: Roster, text: string, phones: PhoneSettings): Member | undefined {
  const name = nameIn(text);
  if (name === '') return undefined;
  const phone = /(?:\p{Nd}\P{Nd}*){7}/u.test(name) ? readPhone(name, phones) : null;
  const called = phone === null ? undefined : findByPhone(roster, phone);
  return called ?? findByName(roster, name);
}

/** The name in the group that is most like what was typed, or null where none is near. */
export function nearestName({ members }: Roster, text: string): string | null {
  const names = members.flatMap(({ name }) => (name === null ? [] : [name]));
  const wanted = nameKey(nameIn(text)).slice(0, NAME_LIMIT);
  const found = nearest(wanted, names, nameKey);
  return found !== null && found.distance <= Math.max(1, wanted.length / 3) ? found.of : null;
}

/** One member, and what is said to them. */
export type Addressee = { member: Member; words: string };

/**
 * Whom a text begins with, and the words after that: of several names the longest, so that "Ann Lee" is not "Ann". A
 * name may have quotes around it, and a colon or comma behind.
 */
export function readAddressee(roster: Roster, text: string, phones: PhoneSettings): Addressee | null {
  const begun = beginsWith(text, (name) => findMember(roster, name, phones));
  return begun === null ? null : { member: begun.found, words: begun.words };
}

/** What a text begins with the name of, by the longest name that `find` knows, and the words after that. */
export function beginsWith<T>(text: string, find: (name: string) => T | undefined): { found: T; words: string } | null {
  const ends = wordEnds(text).reverse();
  // A colon or comma ends a name: "Ann, Lee is here" is for Ann, also where there is an Ann Lee.
  const sign = ends.findLast((end) => /[:,]$/.test(text.slice(0, end)));
  for (const end of sign === undefined ? ends : [sign, ...ends]) {
    const found = find(text.slice(0, end).replace(/[:,\s]+$/u, ''));
    if (found !== undefined) return { found, words: text.slice(end).replace(/^[\s:,]+/u, '') };
  }
  return null;
}

/**
 * Whom `@NAME text` is for, or null where it is a message like others: nobody here is called so (an e-mail address, a
 * handle, "@7pm", "@ the gate"), or it is the sender. Nobody looks whether the sender may see the roster: `*to` tells
 * anybody who knows a name as much.
 */
export function readMention(text: string, { roster, member: by }: Membership, phones: PhoneSettings): Addressee | null {
  const rest = mentionIn(text);
  const found = rest === null ? null : readAddressee(roster, rest, phones);
  return found === null || found.member.id === by.id ? null : found;
}

/** What stands behind the @ that a text begins with; null where it does not. */
export function mentionIn(text: string): string | null {
  return /^[@＠](?=\S)([\s\S]+)$/u.exec(text)?.[1] ?? null;
}

/** A name has at most 30 letters, and so at most 15 words. */
const MOST_WORDS = 15;
/** Quotes and runs of spaces around and in a name take room too. */
const LONGEST = 100;

function wordEnds(text: string): number[] {
  const ends: number[] = [];
  for (const word of text.slice(0, LONGEST).matchAll(/[^\s:,]+[:,]*/gu)) {
    ends.push(word.index + word[0].length);
    if (ends.length === MOST_WORDS) break;
  }
  return ends;
}
