import { asTheyLook } from './look-alikes.ts';
import { type PhoneSettings, readPhone } from './phone.ts';

/**
 * A name, description or other one-line field as we keep it: trimmed, every run of white space one space, nothing
 * in it that cannot be seen (controls, direction overrides, zero-width characters, blanks, lone surrogates). May be empty.
 */
export function cleanText(input: string): string {
  return visible(input)
    .replace(/[\s\u0085\u2800\u{1D159}]+/gu, ' ')
    .trim();
}

/** True for a text that shows nothing and yet holds letters or signs, such as Braille's blank; spaces alone are no text. */
export function isBlank(text: string): boolean {
  return cleanText(text) === '' && /[\u2800\u3164\u115F\u1160\uFFA0\uFFFC\u{1D159}]/u.test(text);
}

/** A message as we keep it: as `cleanText`, but runs of spaces stay, and so do line breaks, as LF. May be empty. */
export function cleanMessage(input: string): string {
  return visible(input)
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .trim();
}

/** A name's limit in code points. */
export const NAME_LIMIT = 30;

/** The length that limits are meant in: a surrogate pair counts once. */
export function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}

/** A key is at most this many code points; only names of exotic ligatures (one becomes up to 18 letters) reach it. */
export const NAME_KEY_LIMIT = 190;

/**
 * Two names that are the same but for case, Unicode form, punctuation, spaces or look-alike letters have the same key:
 * NFKC, full case folding, and the letters alone.
 * JavaScript has no folding; upper case, then lower case gives the same classes: it takes ß to ss, ſ to s, ς to σ
 * and the Kelvin sign to k. (It also takes the dotless ı to i, which folding leaves apart.) A second round catches
 * letters that only NFKC brings to light.
 */
export function nameKey(name: string): string {
  const folded = foldOnce(foldOnce(cleanText(name)))
    .replace(/[\uFE0E\uFE0F]/g, '')
    .trim();
  // A free-standing accent is punctuation: O´Brien.
  const bare = folded.replace(/(?:[\p{P}\s`]\p{M}*)+/gu, '');
  const key = asTheyLook(bare === '' ? folded : bare);
  return codePoints(key) > NAME_KEY_LIMIT ? Array.from(key).slice(0, NAME_KEY_LIMIT).join('').trimEnd() : key;
}

/** True for a name that would read as a star command when somebody quotes it; such names are refused. */
export function isCommandLike(name: string): boolean {
  return startsWithStar.test(cleanText(name));
}

/** The stars that begin a command: that of ASCII, those that some handsets type, and those that look like it (UTS 39). */
export const STARS = '*＊﹡∗⁎٭✱\u{1031F}';
const startsWithStar = new RegExp(`^[${STARS}]`, 'u');

/** Why nobody can be called so, or null. Before a text a name must neither name somebody else nor end early. */
export type NameFault = 'star' | 'phone' | 'colon' | 'address';

export function faultOfName(name: string): NameFault | null {
  const plain = cleanText(name).normalize('NFKC');
  if (isCommandLike(name)) return 'star';
  if (holdsWebAddress(plain)) return 'address';
  const digits = plain.replace(/[oOоО]/gu, '0').replace(/[lI|]/gu, '1');
  if (!/\p{L}/u.test(digits) && (digits.match(/\p{Nd}/gu)?.length ?? 0) >= SHORTEST_PHONE) return 'phone';
  return colon.test(plain) || colon.test(name) ? 'colon' : null;
}

/** A local number without its area code. */
const SHORTEST_PHONE = 7;
/** That of ASCII, and those that look like it (UTS 39); one that is a letter or a mark of living scripts is none. */
const colon = /[:\u02D0\u02F8\u0589\u05C3\u0703\u0704\u16EC\u1803\u1809\u205A\u2236\uA789\uA4FD\uFE30]/u;

/** Why no group can be called so, or null: its name goes to phones that have never heard of us. */
export function faultOfGroupName(name: string, phones: PhoneSettings): NameFault | null {
  if (holdsWebAddress(name)) return 'address';
  return readPhone(name.normalize('NFKC'), phones) === null ? null : 'phone';
}

export function holdsWebAddress(name: string): boolean {
  return webAddress.test(name.normalize('NFKC').replaceAll('。', '.'));
}

/** "J.R.Smith" is none, so an ending that stands alone has to be one of those that are common. */
const commonEndings =
  'com|net|org|edu|gov|info|biz|app|dev|xyz|link|shop|online|site|club|top|live|page|click|store|mobi|vip|win|io|co|ly|gg|tv|cc|me|us|ca|uk|eu|de|fr|ru|cn|рф';
const webAddress = new RegExp(
  [
    String.raw`:\/\/`,
    String.raw`\bwww\.`,
    String.raw`\b\d{1,3}(?:\.\d{1,3}){3}\b`,
    String.raw`[\p{L}\p{N}-]\.\p{L}{2,20}[/?#]`,
    String.raw`[\p{L}\p{N}-]{2}\.(?:${commonEndings})(?![\p{L}\p{N}])`,
  ].join('|'),
  'iu',
);

function foldOnce(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}

/** Drops what cannot be seen, and of a flood of combining marks all but the first 8 (no script stacks more). */
function visible(input: string): string {
  if (!suspicious.test(input)) return input;
  return input.replace(emojiOrInvisible, (_match, emoji?: string) => emoji ?? '').replace(/(\p{M}{8})\p{M}+/gu, '$1');
}

/** Most texts have none of these; asking first is faster than replacing. */
const suspicious = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{M}\uFFF9-\uFFFC]/u;

/**
 * Zero-width joiners, variation selectors and tag letters are invisible too, but inside an emoji they make a family,
 * a keycap or the flag of Wales. So an emoji is matched as a whole first, and kept; the rest goes one by one.
 */
const pictograph = String.raw`\p{Extended_Pictographic}[\uFE0E\uFE0F]?\p{Emoji_Modifier}?`;
const emojis = [
  String.raw`[0-9#*]\uFE0F?\u20E3`,
  String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`,
  String.raw`${pictograph}(?:\u200D${pictograph})*`,
];
/** White space among the controls is kept here: `cleanText` and `cleanMessage` each treat it in their way. */
const invisible = String.raw`[\p{Default_Ignorable_Code_Point}\p{Cs}\uFFF9-\uFFFC]|(?![\t-\r\u0085])\p{Cc}`;
const emojiOrInvisible = new RegExp(`(${emojis.join('|')})|${invisible}`, 'gu');
