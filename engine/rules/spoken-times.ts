import { parse as parseEnglish } from 'chrono-node/en';
import { parse as parseSpanish } from 'chrono-node/es';
import { parse as parseFrench } from 'chrono-node/fr';
import { times as es } from './languages/es/times.ts';
import { times as fr } from './languages/fr/times.ts';
import { type Language, languages } from './languages/language.ts';
import { spokenLanguage } from './languages/speaking.ts';
import type { TimeWords } from './languages/translated.ts';
import { dayWords, nextOf, type Repeat, readDays } from './repeats.ts';
import { instantOf, wallTimeAt } from './wall-clock.ts';

/** When a text is to go out (epoch milliseconds), whether again and again, and the text. */
export type Spoken = { at: number; repeat: Repeat | null; text: string };

/**
 * Reads `tomorrow 7pm Bring water`, `in 2 hours …`, `Dec 24 at noon …`, `every Tue 18:00 …`: a time of day, by the clocks
 * of a zone unless the words name another, and what to say then. Null where no such time stands first, or one that is
 * over. The language that is spoken comes first, then the others.
 */
export function readSpokenTime(typed: string, { now, zone }: { now: number; zone: string }): Spoken | null {
  const own = spokenLanguage();
  for (const language of [own, ...languages.filter((one) => one !== own)]) {
    const reader = readers[language];
    const words = typed.trim().normalize('NFC');
    const bare = words.slice(matchAt(reader.before, words)?.[0].length ?? 0);
    const spoken =
      matchAt(reader.again, bare) === null ? readOnce(bare, reader, now, zone) : readRepeat(bare, reader, now, zone);
    if (spoken !== null) return spoken.at <= now ? null : spoken;
  }
  return null;
}

type Parse = typeof parseEnglish;
type Reader = { parse: Parse; words: TimeWords; before: RegExp; again: RegExp; repeat: RegExp; clock: RegExp | null };

const english: TimeWords = {
  ...dayWords,
  before: 'for|on|at',
  every: 'every|each',
  daily: 'daily',
  weekly: null,
  at: 'at',
  time: String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?<half>[ap])?\.?(?:m\b\.?)?|(?<word>noon|midnight)`,
  clock: null,
  dayAfterTomorrow: null,
};

const readers: Readonly<Record<Language, Reader>> = {
  en: readerOf(parseEnglish, english),
  es: readerOf(parseSpanish, es),
  fr: readerOf(parseFrench, fr),
};

function readerOf(parse: Parse, words: TimeWords): Reader {
  const { before, every, daily, weekly, at, time, clock } = words;
  const alone = weekly === null ? `(?:${daily})` : `(?:${daily}|(?<weekly>${weekly}))`;
  return {
    parse,
    words,
    before: new RegExp(String.raw`^(?:(?:${before})\s+)+`, 'iu'),
    again: new RegExp(String.raw`^(?:${every}|${alone})(?!\p{L})`, 'iu'),
    repeat: new RegExp(
      String.raw`^(?:${alone}|(?:${every})\s+(?<days>[a-z][a-z\s,&+]{1,60}?))\s+(?:(?:${at})\s+)?(?:${time})(?!\w|:\d)`,
      'iu',
    ),
    clock: clock === null ? null : new RegExp(clock, 'iu'),
  };
}

/** A library reads it as a wall time, and the zone's clocks say which instant that is: so a day of 23 or 25 hours counts. */
function readOnce(typed: string, reader: Reader, now: number, zone: string): Spoken | null {
  const wall = wallTimeAt(now, zone);
  for (const { words, least } of waysToSay(typed, reader, wall)) {
    const [found] = reader.parse(
      words.slice(0, LONGEST),
      { instant: new Date(wall), timezone: 0 },
      { forwardDate: true },
    );
    if (found === undefined || found.index !== 0 || found.text.length < least || !found.start.isCertain('hour'))
      continue;
    const shown = found.start.date().getTime();
    const text = textAfter(words, found.text.length);
    if (text === null) return null;
    if (found.start.tags().has('result/relativeDateAndTime')) return { at: now + (shown - wall), repeat: null, text };
    const isElsewhere = found.start.isCertain('timezoneOffset');
    return { at: isElsewhere ? shown : instantOf(shown, zone), repeat: null, text };
  }
  return null;
}

/** As far as a time reaches; what follows is only text. */
const LONGEST = 60;

function readRepeat(typed: string, reader: Reader, now: number, zone: string): Spoken | null {
  for (const { words, least } of waysToSay(typed, reader, wallTimeAt(now, zone))) {
    const found = matchAt(reader.repeat, words.slice(0, LONGEST + 40));
    if (found === null || found[0].length < least) continue;
    const { days: named, weekly, hour: typedHour, minute: typedMinute, half, word } = found.groups ?? {};
    const days = readDays(
      (named ?? (weekly === undefined ? 'day' : 'weekday')).trim(),
      named === undefined ? dayWords : reader.words,
    );
    const minute =
      word === undefined ? minuteOf(Number(typedHour), Number(typedMinute ?? 0), half) : NAMED[word.toLowerCase()];
    const text = textAfter(words, found[0].length);
    if (days === null || minute === undefined || text === null) return null;
    const repeat = { days, minute, zone };
    return { at: nextOf(repeat, now), repeat, text };
  }
  return null;
}

const NAMED: Readonly<Record<string, number>> = { noon: 720, midnight: 0 };

/**
 * What was typed as the library reads it, where it does not read that itself: `7 de la noche` as 19:00, `apres-demain` as a
 * date. It counts if a time of at least `least` characters is read; else it was said of something else, and the words stand
 * as they were typed.
 */
function waysToSay(typed: string, { clock, words }: Reader, wall: number): { words: string; least: number }[] {
  const day = words.dayAfterTomorrow === null ? null : matchAt(new RegExp(`^${words.dayAfterTomorrow}`, 'iu'), typed);
  const date = new Date(wall + 2 * DAY_MS).toISOString().slice(0, 10);
  const dated = day === null ? typed : date + typed.slice(day[0].length);
  const found = clock === null ? null : matchAt(clock, dated.slice(0, LONGEST));
  const time = found === null ? null : clockIn(found);
  const ways = [{ words: dated, least: day === null ? 0 : date.length }];
  if (found === null || time === null) return ways;
  const end = found.index + time.length;
  return [
    { words: dated.slice(0, found.index) + time + dated.slice(found.index + found[0].length), least: end },
    ...ways,
  ];
}

const DAY_MS = 86_400_000;

/** `19:00`; null where there is no such time. */
function clockIn({ groups = {} }: RegExpExecArray): string | null {
  const { hour, minute, am, pm, hours, minutes, noon, midnight } = groups;
  if (noon !== undefined || midnight !== undefined) return noon === undefined ? '0:00' : '12:00';
  const half = am !== undefined ? 'a' : pm !== undefined ? 'p' : undefined;
  const at = minuteOf(Number(hour ?? hours), Number(minute ?? minutes ?? 0), half);
  return at === undefined ? null : `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
}

/** The minute of the day; undefined where there is no such time. */
function minuteOf(hour: number, minute: number, half: string | undefined): number | undefined {
  if (minute > 59 || hour > 23 || (half !== undefined && (hour < 1 || hour > 12))) return undefined;
  const afternoon = half?.toLowerCase() === 'p' ? 12 : 0;
  return (half === undefined ? hour : (hour % 12) + afternoon) * 60 + minute;
}

/** Where a pattern of words without accents is found in what was typed; what it finds is as long there. */
function matchAt(pattern: RegExp, typed: string): RegExpExecArray | null {
  const bare = Array.from(typed.slice(0, 2 * LONGEST), (letter) => {
    const folded = letter.normalize('NFD').replace(/\p{M}/gu, '');
    return folded.length === letter.length ? folded : letter;
  });
  return pattern.exec(bare.join(''));
}

/** What stands behind the time; null where the time ends within a word. */
function textAfter(words: string, length: number): string | null {
  const rest = words.slice(length);
  return /^[\p{L}\p{N}]/u.test(rest) ? null : rest.replace(/^[\s:,;.–—-]+/u, '').trim();
}
