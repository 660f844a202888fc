import type { Recipient } from './audience.ts';
import { type Hours, legalHoursOf, type StateHours } from './state-hours.ts';
import type { Member } from './types.ts';
import { instantOf, wallTimeAt } from './wall-clock.ts';
import { placeOf } from './zones.ts';

/**
 * The first moment from `now` on at which a text may be sent to all of these, and for how many it is too early or too
 * late now. A group’s `hours` hold by the clocks of each recipient, those of their state by its area code; where one has
 * several zones, in all of them. `at` is null where no moment of the next two days is in the hours of everybody.
 */
export function openFor(
  recipients: readonly Recipient[],
  { now, ...limits }: Limits & { now: number },
): { at: number | null; waiting: number } {
  const members = recipients.flatMap(({ member, skip }) => (skip === null ? [member] : []));
  const windows = new Map(members.flatMap((member) => windowsOf(member, limits)));
  const closed = members.filter((member) =>
    windowsOf(member, limits).some(([, window]) => opensAt(window, now) !== now),
  );
  return { at: firstCommon([...windows.values()], now), waiting: closed.length };
}

type Window = { zone: string; hours: readonly StateHours[] };

/** `legal`: what the law has for texts that sell holds too. */
export type Limits = { hours: Hours | null; legal: boolean; defaultZone: string };

/** Of all that live by the same clocks and law there is one. */
function windowsOf(member: Member, { hours, legal, defaultZone }: Limits): (readonly [string, Window])[] {
  const place = placeOf(member.phone);
  const zones = member.zone === null ? (place?.zones ?? [defaultZone]) : [member.zone];
  const region = legal ? (place?.region ?? '') : '';
  const law = legalHoursOf(region);
  const all = [...(law === null ? [] : [law]), ...(hours === null ? [] : [{ hours }])];
  return all.length === 0 ? [] : zones.map((zone) => [`${zone} ${region}`, { zone, hours: all }] as const);
}

/** Each window moves the moment on to where it opens, until all are open there. */
function firstCommon(windows: readonly Window[], now: number): number | null {
  let at = now;
  while (at <= now + LONGEST_MS) {
    const later = windows.reduce<number>((moment, window) => Math.max(moment, opensAt(window, at)), at);
    if (later === at) return at;
    at = later;
  }
  return null;
}

/** A Saturday evening waits for Monday where no Sunday is allowed. What has waited longer is stale. */
const LONGEST_MS = 48 * 3_600_000;

/** The moment itself where the window is open; else when it opens next. */
function opensAt({ zone, hours }: Window, moment: number): number {
  const wall = wallTimeAt(moment, zone);
  const midnight = wall - (wall % DAY_MS);
  for (let day = 0; day <= 3; day++) {
    const begin = midnight + day * DAY_MS;
    const [from, until] = narrowest(hours, new Date(begin).getUTCDay());
    if (from >= until) continue;
    const opens = begin + from * HOUR_MS;
    if (wall < opens) return instantOf(opens, zone);
    if (wall < begin + until * HOUR_MS) return moment;
  }
  return moment + 4 * DAY_MS;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function narrowest(all: readonly StateHours[], weekday: number): Hours {
  const some = all.map(({ hours, saturday = hours, sunday = hours }): Hours => {
    if (weekday === 0) return sunday ?? [0, 0];
    return weekday === 6 ? saturday : hours;
  });
  return [Math.max(...some.map(([from]) => from)), Math.min(...some.map(([, until]) => until))];
}

/** Reads `8-21`, `8 to 21`, `8am-9pm`, `de 8 a 21`, `8h à 21h`; null where it is no such hours, or fewer than eight, which a continent cannot share. */
export function readHours(typed: string): Hours | null {
  const found = /^(?:de )?(\d{1,2})\s*([ap]m?|h)?\s*(?:-|–|to|until|à|a|hasta)\s*(\d{1,2})\s*([ap]m?|h)?[.!]?$/iu.exec(
    typed.normalize('NFKC').trim(),
  );
  const from = hourOf(found?.[1], found?.[2]);
  const until = hourOf(found?.[3], found?.[4]);
  return from === null || until === null || until - from < FEWEST || until > 24 ? null : [from, until];
}

const FEWEST = 8;

function hourOf(typed: string | undefined, half: string | undefined): number | null {
  if (typed === undefined) return null;
  const hour = Number(typed);
  if (half === undefined || /^h$/iu.test(half)) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

/** Whatever `readHours` takes, as it is kept. */
export const everyHours: readonly string[] = Array.from({ length: 24 }, (_, from) => from).flatMap((from) =>
  Array.from({ length: Math.max(0, 24 - from - FEWEST + 1) }, (_, more) => writeHours([from, from + FEWEST + more])),
);

/** What `*hours on` means where nothing is set. */
export const USUAL_HOURS: Hours = [8, 21];

/** As it is kept with the group, and back. */
export function writeHours([from, until]: Hours): string {
  return `${from}-${until}`;
}
