import type { DayWords } from './languages/translated.ts';
import { instantOf, wallTimeAt } from './wall-clock.ts';
import { words } from './words.ts';

/** Every week on these days (0 is Sunday), at this minute of the day by the clocks of this zone. */
export type Repeat = { days: readonly number[]; minute: number; zone: string };

/** When it comes for the first time after an instant (epoch milliseconds). */
export function nextOf({ days, minute, zone }: Repeat, after: number): number {
  const wall = wallTimeAt(after, zone);
  const today = wall - (wall % DAY_MS);
  for (let day = 0; day <= 7; day++) {
    const midnight = today + day * DAY_MS;
    if (!days.includes(new Date(midnight).getUTCDay())) continue;
    const instant = instantOf(midnight + minute * 60_000, zone);
    if (instant > after) return instant;
  }
  // Only a day on which clocks were set forward past it leaves none within the week.
  return instantOf(today + 8 * DAY_MS + minute * 60_000, zone);
}

const DAY_MS = 86_400_000;

/** As people read it: `every Tue and Thu`, `every day`. */
export function sayDays(days: readonly number[]): string {
  if (days.length === 7) return words().everyDay;
  if (days.join() === WEEKDAYS.join()) return words().everyWeekday;
  return words().every(days.map((day) => words().days[day] ?? ''));
}

/** How the days are typed in English. */
export const dayWords: DayWords = {
  day: 'days?',
  weekday: 'weekdays?|work ?days?',
  days: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  and: 'and',
};

/** Reads what stands after `every` up to the time: `day`, `weekday`, `Tue`, `Tue and Thu`; null where it is no days. */
export function readDays(typed: string, words: DayWords = dayWords): number[] | null {
  const word = typed.toLowerCase();
  if (new RegExp(`^(?:${words.day})$`).test(word)) return [0, 1, 2, 3, 4, 5, 6];
  if (new RegExp(`^(?:${words.weekday})$`).test(word)) return [...WEEKDAYS];
  const between = new RegExp(String.raw`(?:\s|,|&|\+|\b(?:${words.and})\b)+`, 'u');
  const days = word.split(between).map((name) => words.days.findIndex((day) => isDay(name, day)));
  return days.includes(-1) ? null : [...new Set(days)].sort();
}

/** Tue, Tues, Tuesday, Tuesdays. */
function isDay(typed: string, day: string): boolean {
  return typed.length >= 3 && `${day}s`.startsWith(typed);
}

const WEEKDAYS = [1, 2, 3, 4, 5] as const;

/** As one number, a bit a day, Sunday first; and back. */
export function packDays(days: readonly number[]): number {
  return days.reduce((bits, day) => bits | (1 << day), 0);
}

export function unpackDays(bits: number): number[] {
  return dayWords.days.flatMap((_, day) => ((bits >> day) & 1 ? [day] : []));
}
