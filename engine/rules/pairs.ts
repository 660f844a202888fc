import { type FieldTable, shapeOf, type ValuesOf } from './fields.ts';
import { cleanText } from './names.ts';
import { type PhoneSettings, readPhone } from './phone.ts';

/** Somebody who is to be a member, as they are named by call or by text. */
const memberInputFields = { name: { type: 'optionalText' }, phone: { type: 'phone' } } as const satisfies FieldTable;
export type MemberInput = ValuesOf<typeof memberInputFields>;

/** The shape in which a draft keeps its members; one of another shape cannot be read. */
export const DRAFT_SHAPE = shapeOf(memberInputFields);

/**
 * The names and phones that somebody typed: "Bob (212) 555-0100, Sue 212.555.0101", one or many, split by commas,
 * semicolons or lines, or by nothing. Pieces that are no pair come back as they were typed.
 */
export function readPairs(text: string, phones: PhoneSettings): { pairs: MemberInput[]; wrong: string[] } {
  const pairs: MemberInput[] = [];
  const wrong: string[] = [];
  let waiting: string | null = null;
  let nameless: MemberInput | undefined;
  for (const piece of piecesOf(text)) {
    const found = pairsIn(piece, phones);
    const [only] = found ?? [];
    if (nameless !== undefined && !/\d/.test(piece)) {
      // "212-555-0100, Bob": the same the other way round.
      nameless.name = nameIn(piece) || null;
      nameless = undefined;
      continue;
    }
    if (waiting !== null && found?.length === 1 && only?.name === null) {
      // "Bob, 212-555-0100": the comma stands inside a pair.
      pairs.push({ name: nameIn(waiting) || null, phone: only.phone });
      waiting = null;
      continue;
    }
    nameless = found?.length === 1 && only?.name === null ? only : undefined;
    if (waiting !== null) wrong.push(waiting);
    waiting = null;
    if (found !== null) pairs.push(...found);
    else if (/\d/.test(piece)) wrong.push(piece);
    else waiting = piece;
  }
  if (waiting !== null) wrong.push(waiting);
  return { pairs, wrong };
}

/** A name as somebody typed it: cleaned, without the quotes around it; one that closes inside is part of the name. */
export function nameIn(text: string): string {
  const name = cleanText(cleanText(text).slice(0, LONGEST_NAME));
  const inner = name.replace(/^["'“”„«‘’]+|["'“”«»‘’]+$/gu, '');
  const isAround = !/["“”„«»]/u.test(inner) || (isQuote.test(name.charAt(0)) && isQuote.test(name.slice(-1)));
  return isAround ? cleanText(inner) : name;
}
/** Any longer one is too long all the same, and looking for its quotes would take its time. */
const LONGEST_NAME = 200;
const isQuote = /["'“”„«»‘’]/u;

/** As much as anybody types, with room; longer than a name and a phone for each member of a large group. */
const LONGEST = 5_000;

function piecesOf(text: string): string[] {
  return text
    .slice(0, LONGEST)
    .split(/[,;，、\n]/u)
    .map((piece, at) => (at === 0 ? cleanText(piece) : afterAnd(cleanText(piece))))
    .filter((piece) => piece !== '');
}

/** "Bob (2125550100)." ends in no name. */
function afterNumber(text: string): string {
  return text.replace(/^[^\p{L}\p{N}\p{S}"'“‘«„]+/u, '');
}

/** "Al 212-555-0100 and Ed 212-555-0101": the word between two is nobody’s name. */
function afterAnd(text: string): string {
  return text.replace(/^(?:and|&|\+) /u, '');
}

/** null where a piece is no pair, or something is left over. */
function pairsIn(piece: string, phones: PhoneSettings): MemberInput[] | null {
  const found = phonesIn(piece, phones);
  const [first] = found;
  if (first === undefined) return null;
  const tail = nameIn(afterNumber(piece.slice(found.at(-1)?.end)));
  if (found.length === 1 && nameIn(piece.slice(0, first.start)) === '') {
    return [{ name: tail || null, phone: first.phone }];
  }
  if (tail !== '') return null;
  return found.map(({ start, phone }, at) => {
    const typed = piece.slice(found[at - 1]?.end ?? 0, start).replace(/[\s:=-]+$/u, '');
    const name = nameIn(at === 0 ? typed : afterAnd(afterNumber(typed)));
    return { name: name || null, phone };
  });
}

/** Long enough for a number that is written with spaces, brackets and an international prefix. */
const numberLike = /[+(\d][\d\s().+/\u2010-\u2015-]{5,30}\d/gu;

function phonesIn(piece: string, phones: PhoneSettings): { start: number; end: number; phone: string }[] {
  return [...piece.matchAll(numberLike)].flatMap((run) => {
    const end = run.index + run[0].length;
    for (const start of wordsIn(piece, run.index, end)) {
      const phone = readPhone(piece.slice(start, end).replace(/[\u2010-\u2015]/gu, '-'), phones);
      if (phone !== null) return [{ start, end, phone }];
    }
    return [];
  });
}

/** Where words begin: in "Bob 2 2125550100" the first number belongs to the name. */
function wordsIn(text: string, from: number, end: number): number[] {
  const starts = [from];
  for (let at = from + 1; at < end; at++) if (text[at - 1] === ' ') starts.push(at);
  return starts;
}
