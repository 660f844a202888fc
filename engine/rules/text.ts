import type { Encoding } from './segments.ts';
import { endWithin, lengthOnAir, wholeCharacters } from './segments.ts';

/** What the others read: who said it, and what. The phone stands in where there is no name. */
export function prefixed({ name, phone, text }: { name: string | null; phone: string; text: string }): string {
  return `${name || phone}: ${text}`.trimEnd();
}

/**
 * The text with its typographic characters as plain ones, if that makes it wholly GSM-7, which halves what it costs;
 * otherwise the text as it is: one emoji makes it UCS-2 anyhow, and then the curly quotes are free.
 */
export function toGsm(text: string): string {
  if (lengthOnAir(text).encoding === 'GSM-7') return text;
  // NFC changes nothing that can be seen; phones that send é as e and an accent are common.
  const plain = text.normalize('NFC').replace(fancy, (character) => plainOf.get(character) ?? character);
  return lengthOnAir(plain).encoding === 'GSM-7' ? plain : text;
}

/** "Sí, adiós" is "Si, adios", "œuvre" is "oeuvre"; letters that GSM-7 has stay, as all do that are no letters. */
export function foldAccents(text: string): string {
  return Array.from(text, (letter) => {
    if (lengthOnAir(letter).encoding === 'GSM-7') return letter;
    return ligatures[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, '');
  }).join('');
}
const ligatures: Readonly<Record<string, string>> = { œ: 'oe', Œ: 'OE' };

/** The carrier takes 1,600 GSM-7 characters, or 737 others; we leave a margin. */
const DELIVERED_LIMITS: Record<Encoding, number> = { 'GSM-7': 1_600, 'UCS-2': 700 };

/**
 * A delivered text as the carrier takes it: in one, or where it is too long, in several that break between words, and
 * and each says who said it: `Ann (2/3): `.
 */
export function splitDelivered(text: string): string[] {
  const { encoding, length } = lengthOnAir(text);
  const most = DELIVERED_LIMITS[encoding];
  if (length <= most) return [text];
  const sender = senderIn(text);
  if (sender === null) return split(text, { limit: most, encoding }, wordBreak);
  const said = text.slice(sender.length + 1);
  // The more parts there are, the more room their numbers take.
  for (let digits = 1; ; digits++) {
    const count = '9'.repeat(digits);
    const limit = most - lengthOnAir(headOf(sender, count, count)).length;
    const parts = split(said, { limit, encoding }, wordBreak);
    if (parts.length < 10 ** digits) return parts.map((part, at) => headOf(sender, at + 1, parts.length) + part);
  }
}

/** A long answer (`*who`, `*help`) in texts of at most `limit` characters, broken between lines, else between words. */
export function splitAnswer(text: string, limit = 1_500): string[] {
  const { encoding } = lengthOnAir(text);
  return split(text, { limit: Math.min(limit, DELIVERED_LIMITS[encoding]), encoding }, (whole, start, end) => {
    return lineBreak(whole, start, end) ?? wordBreak(whole, start, end);
  });
}

/** Who says it, as `prefixed` puts it before a text; null where nobody does. No name has a colon in it. */
export function senderIn(text: string): string | null {
  return /^[^:\n]{1,60}(?=:)/u.exec(text)?.[0] ?? null;
}

function headOf(sender: string, part: number | string, parts: number | string): string {
  return `${sender} (${part}/${parts}): `;
}

/** A row is a plain form and the characters that it stands in for. Nothing here changes what is said. */
const plainForms: readonly (readonly [string, string])[] = [
  ["'", '\u2018\u2019\u201A\u201B\u02BC\u2032'],
  ['"', '\u201C\u201D\u201E\u201F\u2033'],
  ['-', '\u2010\u2011\u2012\u2013\u2014\u2015\u2212'],
  ['...', '\u2026'],
  [' ', '\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000'],
  ['', '\u00AD'],
];
const plainOf = new Map(plainForms.flatMap(([plain, fancies]) => Array.from(fancies, (one) => [one, plain] as const)));
const fancy = new RegExp(`[${Array.from(plainOf.keys()).join('')}]`, 'g');

type Limit = { limit: number; encoding: Encoding };
/** Where to cut at the latest at `end`, after `start`; null where there is no good place. */
type Break = (text: string, start: number, end: number) => number | null;

/** Nothing is lost but the white space at a cut. */
function split(text: string, { limit, encoding }: Limit, goodBreak: Break): string[] {
  if (endWithin({ text, start: 0, limit, encoding }) === text.length) return [text];
  const parts: string[] = [];
  for (let start = skipSpace(text, 0); start < text.length; ) {
    const last = endWithin({ text, start, limit, encoding });
    const broken = last === text.length ? last : goodBreak(text, start, last);
    // A word that no text can hold begins here: a text with nothing but a name before it would cost as much as a full one.
    const isTorn = broken === null || !endsWord({ text, start: skipSpace(text, broken), limit, encoding });
    const end = isTorn ? wholeCharacters(text, start, last) : broken;
    const part = text.slice(start, end);
    parts.push(end === text.length ? part : part.trimEnd());
    start = skipSpace(text, end);
  }
  return parts.filter((part) => part !== '');
}

/** Does the word that begins at `start` end before the limit? */
function endsWord({
  text,
  start,
  limit,
  encoding,
}: {
  text: string;
  start: number;
  limit: number;
  encoding: Encoding;
}) {
  const last = endWithin({ text, start, limit, encoding });
  return last === text.length || wordBreak(text, start, last) !== null;
}

/** A line break near the front would leave a text of a few words; then a word break is better. */
function lineBreak(text: string, start: number, end: number): number | null {
  // In the part alone: looking through all that stands before it makes the work quadratic.
  const at = start + text.slice(start, end + 1).lastIndexOf('\n');
  return at > start + (end - start) / 2 ? at : null;
}

function wordBreak(text: string, start: number, end: number): number | null {
  for (let at = end; at > start; at--) {
    if (isSpace(text, at) && !sticksToSpace.test(text.slice(at + 1, at + 3))) return at;
  }
  return null;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text, at)) at++;
  return at;
}

/** Spaces where a line may break: not the no-break ones. */
function isSpace(text: string, at: number): boolean {
  return /^[^\S\u00A0\u2007\u202F\uFEFF]/u.test(text.charAt(at));
}

/** A mark or joiner after a space makes one character with it. */
const sticksToSpace = /^[\p{M}\u200D]/u;
