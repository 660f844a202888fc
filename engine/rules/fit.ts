import { clampToSegments, countSegments, wholeCharacters } from './segments.ts';
import { foldAccents, toGsm } from './text.ts';
import { words } from './words.ts';

/** No text of ours is longer, `*who` and `*help` aside. */
const MOST_SEGMENTS = 2;

/**
 * A text of ours within its segments: with what was put in as it is where that fits, else with its accents and emoji
 * taken off, else cut short. The words around it, which say how to leave, always stay.
 */
export function fitToSegments<P extends object>(write: (put: P) => string, put: P): string {
  for (const shape of shapes) {
    const shaped = mapTexts(put, shape);
    const text = foldOwnWords(write(shaped), shaped);
    if (countSegments(text).segments <= MOST_SEGMENTS) return text;
  }
  const shaped = mapTexts(put, shortest);
  return clampToSegments(foldOwnWords(write(shaped), shaped), MOST_SEGMENTS);
}

/**
 * A text of ours as it is sent: where nothing that was put in needs more than GSM-7, the words around it do not either, and
 * lose their accents. Else it costs as much with them.
 */
export function foldOwnWords(text: string, put: unknown): string {
  const plain = toGsm(text);
  return isGsm(plain) || !isAllGsm(put) ? plain : foldAccents(plain);
}

/** The text with `more` at its end, where that takes no further segment; else the text. */
export function addWhereFree(text: string, more: string): string {
  if (more === '') return text;
  const segments = (of: string) => countSegments(toGsm(of)).segments;
  const longer = `${text} ${more}`;
  return segments(longer) > segments(text) ? text : longer;
}

/** Both texts in one within the segments that a text of ours may have, else null. */
export function joinWhereFits(text: string, more: string): string | null {
  const both = toGsm(`${text}\n${more}`);
  return countSegments(both).segments > MOST_SEGMENTS ? null : both;
}

/**
 * What people said under a heading, a line each, all cut alike so that they stay within `most` segments: emoji and accents
 * go before words do.
 */
export function cutLines(heading: string, said: readonly string[], most: number = MOST_SEGMENTS): string {
  const lines = said.map((line) => line.replace(/\s+/gu, ' '));
  const plain = lines.map((line) => (asGsm(line).split('.').length > line.split('.').length ? line : asGsm(line)));
  for (const [of, rooms] of [
    [lines, [160, 120, 90, 70, 55]],
    [plain, [160, 120, 90, 70, 55, 45, 36, 28, 22, 17, 12]],
  ] as const)
    for (const room of rooms) {
      const cut = of.map((line) => cutWhole(line, room));
      const text = foldOwnWords([heading, ...cut].join('\n'), cut);
      if (countSegments(text).segments <= most) return text;
    }
  return clampToSegments(foldOwnWords([heading, ...plain].join('\n'), plain), most);
}

/** Within so many characters, and no character cut in two. */
function cutWhole(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, wholeCharacters(text, 0, length - 2)).trimEnd()}..`;
}

/** As many items of a list as fit into `room` characters, and how many more there are. */
export function list(items: readonly string[], room: number): string {
  const shown: string[] = [];
  let used = 0;
  for (const item of items) {
    used += item.length + 2;
    if (used > room && shown.length > 0) return words().more(shown.join(', '), items.length - shown.length);
    shown.push(item);
  }
  return shown.join(', ');
}

const shortest = (text: string) => cut(asGsm(text), 16);
/** What a put-in text becomes, try by try. */
const shapes: readonly ((text: string) => string)[] = [(text) => text, asGsm, (text) => cut(asGsm(text), 28), shortest];

function mapTexts<P extends object>(put: P, shape: (text: string) => string): P {
  const shaped = Object.entries(put).map(([key, value]) => [key, shapeValue(value, shape)]);
  return Object.fromEntries(shaped) as P;
}

function shapeValue(value: unknown, shape: (text: string) => string): unknown {
  if (typeof value === 'string') return shape(value);
  return Array.isArray(value) ? value.map((one) => shapeValue(one, shape)) : value;
}

function isGsm(text: string): boolean {
  return countSegments(text).encoding === 'GSM-7';
}

function isAllGsm(value: unknown): boolean {
  if (typeof value === 'string') return isGsm(toGsm(value));
  return typeof value !== 'object' || value === null || Object.values(value).every(isAllGsm);
}

/** Only letters that GSM-7 has, each in one place: "Família" stays legible, an emoji goes, another script is dots. */
function asGsm(text: string): string {
  if (isPlain(text)) return text;
  const letters = Array.from(toGsm(text), (letter) => {
    if (isPlain(letter)) return letter;
    const bare = letter.normalize('NFKD').replace(/\p{M}/gu, '');
    if (isPlain(bare)) return bare;
    return /[\p{L}\p{N}]/u.test(letter) ? '.' : '';
  });
  return letters.join('').replace(/ {2,}/g, ' ').trim() || '...';
}

/** Basic characters alone: those of the extension table take two places. */
function isPlain(text: string): boolean {
  return isGsm(text) && !/[\^{}\\[~\]|€]/.test(text);
}

/** The text within so many characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 2).trimEnd()}..`;
}
