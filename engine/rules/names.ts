/**
 * A name, description or other one-line field as we keep it: trimmed, every run of white space one space, nothing
 * in it that cannot be seen (controls, direction overrides, zero-width characters, lone surrogates). May be empty.
 */
export function cleanText(input: string): string {
  return visible(input)
    .replace(/[\s\u0085]+/gu, ' ')
    .trim();
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
 * Two names that are the same but for case or Unicode form have the same key: NFKC and full case folding.
 * JavaScript has no folding; upper case, then lower case gives the same classes: it takes ß to ss, ſ to s, ς to σ
 * and the Kelvin sign to k. (It also takes the dotless ı to i, which folding leaves apart.) A second round catches
 * letters that only NFKC brings to light.
 */
export function nameKey(name: string): string {
  const key = foldOnce(foldOnce(cleanText(name)))
    .replace(/[\uFE0E\uFE0F]/g, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return codePoints(key) > NAME_KEY_LIMIT ? Array.from(key).slice(0, NAME_KEY_LIMIT).join('').trimEnd() : key;
}

/** True for a name that would read as a star command when somebody quotes it; such names are refused. */
export function isCommandLike(name: string): boolean {
  return cleanText(name).normalize('NFKC').startsWith('*');
}

function foldOnce(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}

/** Drops what cannot be seen, and of a flood of combining marks all but the first 8 (no script stacks more). */
function visible(input: string): string {
  if (!suspicious.test(input)) return input;
  return input.replace(emojiOrInvisible, (_match, emoji?: string) => emoji ?? '').replace(/(\p{M}{8})\p{M}+/gu, '$1');
}

/** Most texts have none of these; asking first is faster than replacing. */
const suspicious = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{M}\uFFF9-\uFFFB]/u;

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
const invisible = String.raw`[\p{Default_Ignorable_Code_Point}\p{Cs}\uFFF9-\uFFFB]|(?![\t-\r\u0085])\p{Cc}`;
const emojiOrInvisible = new RegExp(`(${emojis.join('|')})|${invisible}`, 'gu');
