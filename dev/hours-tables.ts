import { areaCodes } from '../engine/rules/area-codes.ts';
import { type Hours, legalHoursOf } from '../engine/rules/state-hours.ts';
import { wallTimeAt } from '../engine/rules/wall-clock.ts';

/** A row for each state, territory and province: where its phones are, and when a text that sells may come there. */
export function hoursRows(): string[][] {
  const rows = [...zonesByRegion()].map(([region, zones]) => {
    const law = legalHoursOf(region);
    const place = `${regionNames[region] ?? region} (${region})`;
    if (law === null)
      return [place, zones.join(', '), 'any', 'any', 'any', 'CASL, the law of Canada, has no hours for texts'];
    const { hours, saturday = hours, sunday = hours, source } = law;
    return [place, zones.join(', '), sayHours(hours), sayHours(saturday), sayHours(sunday), source];
  });
  return rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other, 'en'));
}

/** A row for each zone of these: when its clocks are changed in the years that are tested. */
export function clockRows(): string[][] {
  const zones = new Set([...zonesByRegion().values()].flat());
  return [...zones].toSorted().map((zone) => [zone, ...YEARS.map((year) => sayChanges(clockChanges(zone, year)))]);
}
const YEARS = [2026, 2027];

export type ClockChange = { day: string; forward: boolean };

/** The days of a year (by the clocks of the zone) on which its clocks are set forward or back, as Node knows them. */
export function clockChanges(zone: string, year: number): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let midnight = Date.UTC(year, 0, 1); midnight < Date.UTC(year + 1, 0, 1); midnight += 24 * HOUR_MS) {
    const before = offsetAt(midnight, zone);
    if (offsetAt(midnight + 24 * HOUR_MS, zone) === before) continue;
    let instant = midnight;
    while (offsetAt(instant, zone) === before) instant += HOUR_MS;
    const day = new Date(wallTimeAt(instant, zone)).toISOString().slice(0, 10);
    changes.push({ day, forward: offsetAt(instant, zone) > before });
  }
  return changes;
}
const HOUR_MS = 3_600_000;

function offsetAt(instant: number, zone: string): number {
  return wallTimeAt(instant, zone) - instant;
}

function sayChanges(changes: readonly ClockChange[]): string {
  if (changes.length === 0) return 'none';
  return changes.map(({ day, forward }) => `${day} ${forward ? 'forward' : 'back'}`).join(', ');
}

function sayHours(hours: Hours | null): string {
  return hours === null ? 'none' : `${hours[0]} to ${hours[1]}`;
}

/** Those of most phones first, as the area codes name them. */
function zonesByRegion(): Map<string, string[]> {
  const zones = new Map<string, Set<string>>();
  for (const [region, names] of areaCodes)
    if (region !== '') zones.set(region, new Set([...(zones.get(region) ?? []), ...names.split(' ')]));
  return new Map([...zones].toSorted().map(([region, names]) => [region, [...names]]));
}

const regionNames: Readonly<Record<string, string>> = {
  AB: 'Alberta',
  AK: 'Alaska',
  AL: 'Alabama',
  AR: 'Arkansas',
  AS: 'American Samoa',
  AZ: 'Arizona',
  BC: 'British Columbia',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DC: 'District of Columbia',
  DE: 'Delaware',
  FL: 'Florida',
  GA: 'Georgia',
  GU: 'Guam',
  HI: 'Hawaii',
  IA: 'Iowa',
  ID: 'Idaho',
  IL: 'Illinois',
  IN: 'Indiana',
  KS: 'Kansas',
  KY: 'Kentucky',
  LA: 'Louisiana',
  MA: 'Massachusetts',
  MB: 'Manitoba',
  MD: 'Maryland',
  ME: 'Maine',
  MI: 'Michigan',
  MN: 'Minnesota',
  MO: 'Missouri',
  MP: 'Northern Mariana Islands',
  MS: 'Mississippi',
  MT: 'Montana',
  NB: 'New Brunswick',
  NC: 'North Carolina',
  ND: 'North Dakota',
  NE: 'Nebraska',
  NH: 'New Hampshire',
  NJ: 'New Jersey',
  NL: 'Newfoundland and Labrador',
  NM: 'New Mexico',
  NS: 'Nova Scotia and Prince Edward Island',
  NV: 'Nevada',
  NY: 'New York',
  OH: 'Ohio',
  OK: 'Oklahoma',
  ON: 'Ontario',
  OR: 'Oregon',
  PA: 'Pennsylvania',
  PR: 'Puerto Rico',
  QC: 'Quebec',
  RI: 'Rhode Island',
  SC: 'South Carolina',
  SD: 'South Dakota',
  SK: 'Saskatchewan',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VA: 'Virginia',
  VI: 'US Virgin Islands',
  VT: 'Vermont',
  WA: 'Washington',
  WI: 'Wisconsin',
  WV: 'West Virginia',
  WY: 'Wyoming',
  YT: 'Yukon, Northwest Territories and Nunavut',
};
