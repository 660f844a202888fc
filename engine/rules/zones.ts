import { areaCodes } from './area-codes.ts';
import type { Member } from './types.ts';

/** The zone of a member: the one they chose, else that of their phone's area code, else the system's. */
export function zoneOf(member: Pick<Member, 'zone' | 'phone'>, defaultZone: string): string {
  return member.zone ?? placeOf(member.phone)?.zones[0] ?? defaultZone;
}

/** Where a phone (E.164) is by its area code; null where that says nothing. */
export function placeOf(phone: string): Place | null {
  return places.get(/^\+1(\d{3})\d{7}$/.exec(phone)?.[1] ?? '') ?? null;
}

/** `region` is a state or province, empty elsewhere; `zones` has the one of most phones first. */
export type Place = { region: string; zones: readonly string[] };

const places = new Map(
  areaCodes.flatMap(([region, zones, codes]) => {
    const place = { region, zones: zones.split(' ') };
    return codes.split(' ').map((code) => [code, place] as const);
  }),
);

/**
 * The zone that somebody means by `Eastern`, `PST`, `Arizona`, `Halifax` or `America/Denver`; null where it is none. An
 * abbreviation stands for the place and not for the offset: who says EST in July lives by the clocks of New York.
 */
export function readZone(typed: string): string | null {
  const name = typed
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/u, '')
    .replace(/\s+/gu, ' ');
  const word = name.replace(/ (?:standard |daylight )?(?:time|zone|time zone)$/u, '');
  return byWord.get(word) ?? byName.get(name.replaceAll(' ', '_')) ?? null;
}

/** How people call their zones. */
const words: Readonly<Record<string, readonly string[]>> = {
  'America/New_York': ['eastern', 'east', 'et', 'est', 'edt'],
  'America/Chicago': ['central', 'ct', 'cst', 'cdt'],
  'America/Denver': ['mountain', 'mt', 'mst', 'mdt'],
  'America/Los_Angeles': ['pacific', 'west', 'pt', 'pst', 'pdt'],
  'America/Anchorage': ['alaska', 'akst', 'akdt', 'akt'],
  'Pacific/Honolulu': ['hawaii', 'hst', 'hawaiian'],
  'America/Phoenix': ['arizona', 'az'],
  'America/Halifax': ['atlantic', 'at', 'ast', 'adt'],
  'America/St_Johns': ['newfoundland', 'nt', 'nst', 'ndt'],
  'America/Regina': ['saskatchewan'],
  'America/Puerto_Rico': ['puerto rico'],
};

const byWord = new Map(Object.entries(words).flatMap(([zone, names]) => names.map((name) => [name, zone] as const)));

/** IANA's names, whole and by the place at their end: `america/denver`, `denver`. */
const byName = new Map(
  Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    const name = zone.toLowerCase();
    return [name, name.slice(name.lastIndexOf('/') + 1)].map((key) => [key, zone] as const);
  }),
);
