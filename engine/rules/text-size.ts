import { countSegments } from './segments.ts';
import { splitDelivered } from './text.ts';

/** What a text is to the limits of carriers: its SMS segments, or one MMS, which has rates of its own. */
export type TextSize = number | 'mms';

/** Of each text of a message: where it goes out in parts, the largest of them. */
export function sizeOf({ text, media }: { text: string; media: readonly string[] }): TextSize {
  return sizeOfParts(splitDelivered(text).map(countSegments), media);
}

/** The same of parts whose segments are counted already. */
export function sizeOfParts(parts: readonly { segments: number }[], media: readonly string[]): TextSize {
  return media.length > 0 ? 'mms' : Math.max(...parts.map(({ segments }) => segments));
}

/** More than a part ever takes. */
export const MOST_SEGMENTS = 40;
