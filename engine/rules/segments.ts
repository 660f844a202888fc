export type Encoding = 'GSM-7' | 'UCS-2';

/**
 * How many SMS segments a text takes, and in which encoding: what the carrier sends and bills. An empty text takes
 * one. Source: 3GPP TS 23.038 (alphabet) and 23.040 (a header of 6 bytes in each part of a longer text).
 */
export function countSegments(text: string): { encoding: Encoding; segments: number } {
  const segments = gsmSegments(text);
  return segments === null ? { encoding: 'UCS-2', segments: ucs2Segments(text) } : { encoding: 'GSM-7', segments };
}

/** The text itself where it takes at most `max` segments, else its beginning with an ellipsis, which does. */
export function clampToSegments(text: string, max: number): string {
  const { encoding, segments } = countSegments(text);
  if (segments <= max) return text;
  const ellipsis = encoding === 'GSM-7' ? '...' : '…';
  let fits = 0;
  let tooLong = Math.min(text.length, 160 * max);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (countSegments(text.slice(0, middle) + ellipsis).segments <= max) fits = middle;
    else tooLong = middle;
  }
  const end = wholeCharacters(text, 0, fits);
  const word = text.slice(0, end + 1).search(/\s\S{0,20}$/u);
  return text.slice(0, word > 0 ? word : end).trimEnd() + ellipsis;
}

/** The length that the carrier's limits are meant in: GSM-7 characters, those of the extension table twice, or UTF-16 units. */
export function lengthOnAir(text: string): { encoding: Encoding; length: number } {
  let septets = 0;
  for (let at = 0; at < text.length; at++) {
    const width = widthAt(text, at);
    if (width === 0) return { encoding: 'UCS-2', length: text.length };
    septets += width;
  }
  return { encoding: 'GSM-7', length: septets };
}

/** Where a part that begins at `start` has to end so that it is at most `limit` long on the air. */
export function endWithin({ text, start, limit, encoding }: EndWithin): number {
  if (encoding === 'UCS-2') return Math.min(text.length, start + limit);
  let room = limit;
  let end = start;
  while (end < text.length) {
    room -= widthAt(text, end);
    if (room < 0) break;
    end++;
  }
  return end;
}
type EndWithin = { text: string; start: number; limit: number; encoding: Encoding };

/**
 * The last place from `end` back where a cut tears no character as people see them (an emoji family, a letter with its
 * accents); one that is longer than all there is is torn, but never a surrogate pair. Always after `start`.
 */
export function wholeCharacters(text: string, start: number, end: number): number {
  if (end >= text.length) return text.length;
  const torn = graphemes.segment(text.slice(start, end + 2)).containing(end - start);
  const edge = start + (torn?.index ?? 0);
  if (edge > start) return edge;
  const tearsPair = isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end));
  return tearsPair && end - 1 > start ? end - 1 : Math.max(end, start + 1);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** null for a text that GSM-7 cannot hold. An extension character takes two places and is not split over segments. */
function gsmSegments(text: string): number | null {
  let all = 0;
  let used = 0;
  let segments = 1;
  for (let at = 0; at < text.length; at++) {
    const width = widthAt(text, at);
    if (width === 0) return null;
    all += width;
    used += width;
    if (used > 153) {
      segments++;
      used = width;
    }
  }
  return all <= 160 ? 1 : segments;
}

/** A surrogate pair is not split over segments. */
function ucs2Segments(text: string): number {
  if (text.length <= 70) return 1;
  let segments = 0;
  for (let at = 0; at < text.length; segments++) {
    at += 67;
    if (isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))) at--;
  }
  return segments;
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

/** Places that a UTF-16 unit takes in GSM-7: 1, 2, or 0 where it has none. The euro sign is the last one. */
const widths = new Uint8Array('€'.charCodeAt(0) + 1);
for (const character of basic) widths[character.charCodeAt(0)] = 1;
for (const character of extension) widths[character.charCodeAt(0)] = 2;

function widthAt(text: string, at: number): number {
  return widths[text.charCodeAt(at)] ?? 0;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
