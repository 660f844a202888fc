import { foldAccents } from './text.ts';
import { words } from './words.ts';

/**
 * What the clocks of an IANA time zone show, by the data that Node brings (Intl): daylight saving time included. A wall
 * time is written as the epoch milliseconds that it would be in UTC.
 */

/** What the clocks of a zone show at an instant (epoch milliseconds), to the second. */
export function wallTimeAt(instant: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/**
 * The instant at which the clocks of a zone show this wall time. Of one that comes twice, when clocks are set back, the
 * first; one that is skipped, when they are set forward, is as much later as they are: 2:30 becomes 3:30 (RFC 5545,
 * section 3.3.5).
 */
export function instantOf(wall: number, zone: string): number {
  const [before = 0, after = 0] = [wall - DAY_MS, wall + DAY_MS].map((near) => wallTimeAt(near, zone) - near);
  const shown = [wall - before, wall - after].filter((instant) => wallTimeAt(instant, zone) === wall);
  return shown.length === 0 ? wall - before : Math.min(...shown);
}

/** A moment as people read it, in their zone: `Tue, Dec 1, 7:00 PM EST`; with the year where it is not this one. */
export function sayTime(instant: number, zone: string, now: number): string {
  const yearOf = (time: number) => new Date(wallTimeAt(time, zone)).getUTCFullYear();
  const isThisYear = yearOf(instant) === yearOf(now);
  const format = new Intl.DateTimeFormat(words().locale, {
    ...HOUR,
    timeZone: zone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return foldAccents(format.format(instant));
}

/** The time of day and the zone's short name: `7:00 PM EST`. */
export function sayHour(instant: number, zone: string): string {
  return foldAccents(new Intl.DateTimeFormat(words().locale, { ...HOUR, timeZone: zone }).format(instant));
}

/** A month of UTC: `September 2026`. */
export function sayMonth(since: Date): string {
  return foldAccents(since.toLocaleString(words().locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }));
}

const HOUR = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;
/** No zone sets its clocks twice within two days. */
const DAY_MS = 86_400_000;

/** Kept, for to make one takes some 50 µs; there are as many as zones that were asked for, which zones.ts checks. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(zone, made);
  return made;
}
