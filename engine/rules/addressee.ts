import { nearest } from './distance.ts';
import { findByName, findByPhone } from './membership.ts';
import { NAME_LIMIT, nameKey } from './names.ts';
import { nameIn } from './pairs.ts';
import { type PhoneSettings, readPhone } from './phone.ts';
import type { Member, Roster } from './types.ts';

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

/**
 * Whom a text begins with, and the words after that: of several names the longest, so that "Ann Lee" is not "Ann". A
 * name may have quotes around it, and a colon or comma behind.
 */
export function readAddressee(
  roster: Roster,
  text: string,
  phones: PhoneSettings,
): { member: Member; words: string } | null {
  const ends = wordEnds(text).reverse();
  // A colon or comma ends a name: "Ann, Lee is here" is for Ann, also where there is an Ann Lee.
  const sign = ends.findLast((end) => /[:,]$/.test(text.slice(0, end)));
  for (const end of sign === undefined ? ends : [sign, ...ends]) {
    const member = findMember(roster, text.slice(0, end).replace(/[:,\s]+$/u, ''), phones);
    if (member !== undefined) return { member, words: text.slice(end).replace(/^[\s:,]+/u, '') };
  }
  return null;
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
