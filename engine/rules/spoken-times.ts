import { parse } from 'chrono-node/en';
import { nextOf, type Repeat, readDays } from './repeats.ts';
import { instantOf, wallTimeAt } from './wall-clock.ts';

/** When a text is to go out (epoch milliseconds), whether again and again, and the text. */
export type Spoken = { at: number; repeat: Repeat | null; text: string };

/**
 * Reads `tomorrow 7pm Bring water`, `in 2 hours …`, `Dec 24 at noon …`, `every Tue 18:00 …`: a time of day, by the clocks
 * of a zone unless the words name another, and what to say then. Null where no such time stands first, or one that is
 * over.
 */
export function readSpokenTime(typed: string, { now, zone }: { now: number; zone: string }): Spoken | null {
  const words = typed.trim().replace(/^(?:for|on|at)\s+/iu, '');
  const spoken = /^(?:every|each|daily)\b/iu.test(words) ? readRepeat(words, now, zone) : readOnce(words, now, zone);
  return spoken === null || spoken.at <= now ? null : spoken;
}

/** A library reads it as a wall time, and the zone's clocks say which instant that is: so a day of 23 or 25 hours counts. */
function readOnce(words: string, now: number, zone: string): Spoken | null {
  const wall = wallTimeAt(now, zone);
  const [found] = parse(words.slice(0, LONGEST), { instant: new Date(wall), timezone: 0 }, { forwardDate: true });
  if (found === undefined || found.index !== 0 || !found.start.isCertain('hour')) return null;
  const shown = found.start.date().getTime();
  const text = textAfter(words, found.text.length);
  if (text === null) return null;
  if (found.start.tags().has('result/relativeDateAndTime')) return { at: now + (shown - wall), repeat: null, text };
  const isElsewhere = found.start.isCertain('timezoneOffset');
  return { at: isElsewhere ? shown : instantOf(shown, zone), repeat: null, text };
}

/** As far as a time reaches; what follows is only text. */
const LONGEST = 60;

function readRepeat(words: string, now: number, zone: string): Spoken | null {
  const found = REPEAT.exec(words.slice(0, LONGEST + 40));
  const { days: named = 'day', hour: typedHour, minute: typedMinute, half, word } = found?.groups ?? {};
  if (found === null) return null;
  const days = readDays(named.trim());
  const minute =
    word === undefined ? minuteOf(Number(typedHour), Number(typedMinute ?? 0), half) : NAMED[word.toLowerCase()];
  const text = textAfter(words, found[0].length);
  if (days === null || minute === undefined || text === null) return null;
  const repeat = { days, minute, zone };
  return { at: nextOf(repeat, now), repeat, text };
}

const REPEAT =
  /^(?:daily|(?:every|each)\s+(?<days>[a-z][a-z\s,&+]{1,60}?))\s+(?:at\s+)?(?:(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>[ap])?\.?(?:m\b\.?)?|(?<word>noon|midnight))(?!\w|:\d)/iu;
const NAMED: Readonly<Record<string, number>> = { noon: 720, midnight: 0 };

/** The minute of the day; undefined where there is no such time. */
function minuteOf(hour: number, minute: number, half: string | undefined): number | undefined {
  if (minute > 59 || hour > 23 || (half !== undefined && (hour < 1 || hour > 12))) return undefined;
  const afternoon = half?.toLowerCase() === 'p' ? 12 : 0;
  return (half === undefined ? hour : (hour % 12) + afternoon) * 60 + minute;
}

/** What stands behind the time; null where the time ends within a word. */
function textAfter(words: string, length: number): string | null {
  const rest = words.slice(length);
  return /^[\p{L}\p{N}]/u.test(rest) ? null : rest.replace(/^[\s:,;.–—-]+/u, '').trim();
}
