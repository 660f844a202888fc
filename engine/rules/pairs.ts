import { cleanText } from './names.ts';
import { type PhoneSettings, readPhone } from './phone.ts';

export type Pair = { name: string | null; phone: string };

/**
 * The names and phones that somebody typed: "Bob (212) 555-0100, Sue 212.555.0101", one or many, split by commas,
 * semicolons or lines, or by nothing. Pieces that are no pair come back as they were typed.
 */
export function readPairs(text: string, phones: PhoneSettings): { pairs: Pair[]; wrong: string[] } {
  const pairs: Pair[] = [];
  const wrong: string[] = [];
  let waiting: string | null = null;
  for (const piece of piecesOf(text)) {
    const found = pairsIn(piece, phones);
    const [only] = found ?? [];
    if (waiting !== null && found?.length === 1 && only?.name === null) {
      // "Bob, 212-555-0100": the comma stands inside a pair.
      pairs.push({ name: nameIn(waiting), phone: only.phone });
      waiting = null;
      continue;
    }
    if (waiting !== null) wrong.push(waiting);
    waiting = null;
    if (found !== null) pairs.push(...found);
    else if (/\d/.test(piece)) wrong.push(piece);
    else waiting = piece;
  }
  if (waiting !== null) wrong.push(waiting);
  return { pairs, wrong };
}

/** A name as somebody typed it: cleaned, without the quotes around it. */
export function nameIn(text: string): string {
  return cleanText(cleanText(text).replace(/^["'“”„«‘’]+|["'“”«»‘’]+$/gu, ''));
}

/** As much as anybody types, with room; longer than a name and a phone for each member of a large group. */
const LONGEST = 5_000;

function piecesOf(text: string): string[] {
  return text
    .slice(0, LONGEST)
    .split(/[,;，、\n]/u)
    .map(cleanText)
    .filter((piece) => piece !== '');
}

/** null where a piece is no pair, or something is left over. */
function pairsIn(piece: string, phones: PhoneSettings): Pair[] | null {
  const found = phonesIn(piece, phones);
  const [first] = found;
  if (first === undefined) return null;
  const tail = nameIn(piece.slice(found.at(-1)?.end));
  if (found.length === 1 && nameIn(piece.slice(0, first.start)) === '') {
    return [{ name: tail === '' ? null : tail, phone: first.phone }];
  }
  if (tail !== '') return null;
  return found.map(({ start, phone }, at) => {
    const name = nameIn(piece.slice(found[at - 1]?.end ?? 0, start).replace(/[\s:=-]+$/u, ''));
    return { name: name === '' ? null : name, phone };
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
