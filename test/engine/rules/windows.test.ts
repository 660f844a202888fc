import { expect } from 'chai';
import { areaCodes } from '../../../engine/rules/area-codes.ts';
import { legalHoursOf } from '../../../engine/rules/state-hours.ts';
import type { Member } from '../../../engine/rules/types.ts';
import { instantOf, wallTimeAt } from '../../../engine/rules/wall-clock.ts';
import { openFor, readHours, writeHours } from '../../../engine/rules/windows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const defaultZone = 'America/New_York';
let id = 0;
const at = (phone: string, zone: string | null = null) => ({
  member: { id: ++id, phone, zone } as Member,
  skip: null,
});
const open = (recipients: ReturnType<typeof at>[], now: number, hours: readonly [number, number] | null = [8, 21]) =>
  openFor(recipients, { hours, legal: true, defaultZone, now });
const [newYork, chicago, losAngeles, honolulu, florida, texas, alabama, toronto] = [
  '+12125550100',
  '+13125550100',
  '+13105550100',
  '+18085550100',
  '+13055550100',
  '+12145550100',
  '+12055550100',
  '+14165550100',
] as const;
/** By the clocks of New York. */
const inNewYork = (time: string) => instantOf(Date.parse(`${time}Z`), 'America/New_York');

describe('the hours in which a text may come', () => {
  for (const [what, phones, now, opens, waiting] of [
    ['by day', [newYork, chicago], '2026-12-01T12:00', '2026-12-01T12:00', 0],
    ['at night', [newYork], '2026-12-01T23:00', '2026-12-02T08:00', 1],
    ['before dawn', [newYork, toronto], '2026-12-01T03:00', '2026-12-01T08:00', 2],
    ['before nine in California', [newYork, losAngeles], '2026-12-01T09:00', '2026-12-01T12:00', 1],
    ['for Hawaii too', [newYork, honolulu], '2026-12-01T09:00', '2026-12-01T13:00', 1],
    ['at 8 in the evening in Florida', [newYork, florida], '2026-12-01T20:00', '2026-12-02T08:00', 1],
    ['on a Sunday in Texas', [texas], '2026-11-29T10:00', '2026-11-29T13:00', 1],
    ['on a Sunday in Alabama', [alabama], '2026-11-29T12:00', '2026-11-30T09:00', 1],
    ['on a Saturday evening in Alabama', [alabama], '2026-11-28T22:00', '2026-11-30T09:00', 1],
    ['on a Sunday in Utah', ['+18015550100'], '2026-11-29T12:00', '2026-11-30T10:00', 1],
    ['in both zones of South Dakota', ['+16055550100'], '2026-12-01T10:30', '2026-12-01T11:00', 1],
    ['on a Saturday evening in South Dakota', ['+16055550100'], '2026-11-28T23:00', '2026-11-30T11:00', 1],
    ['the night that the clocks go forward', [newYork], '2027-03-13T23:00', '2027-03-14T08:00', 1],
    ['the night that they go back', [newYork], '2026-10-31T23:00', '2026-11-01T08:00', 1],
  ] as const) {
    it(`${what}: from ${now} at ${opens} in New York`, () => {
      const found = open(
        phones.map((phone) => at(phone)),
        inNewYork(now),
      );
      expect(found).to.deep.equal({ at: inNewYork(opens), waiting });
    });
  }

  it('follow the zone that a member chose, and the law of their area code', () => {
    const now = inNewYork('2026-12-01T09:00');
    expect(open([at(newYork, 'America/Los_Angeles')], now).at).to.equal(inNewYork('2026-12-01T11:00'));
    const evening = inNewYork('2026-12-01T22:30');
    // Half past seven in Los Angeles, where a phone of Florida is: its law ends at eight by the clocks there.
    expect(open([at(florida, 'America/Los_Angeles')], evening).at).to.equal(evening);
    expect(open([at(florida, 'America/Los_Angeles')], evening + HOUR).at).to.equal(inNewYork('2026-12-02T11:00'));
  });

  it('are open where both zones of an area code are', () => {
    // Florida’s west: 8 in Tallahassee is 7 in Pensacola.
    expect(open([at('+18505550100')], inNewYork('2026-12-01T08:30')).at).to.equal(inNewYork('2026-12-01T09:00'));
  });

  it('are those of the law alone where the group’s are lifted', () => {
    const evening = inNewYork('2026-12-01T20:30');
    expect(open([at(newYork)], evening, [10, 18]).at).to.equal(inNewYork('2026-12-02T10:00'));
    expect(open([at(newYork)], evening, null).at).to.equal(evening);
    expect(open([at(florida)], evening, null).at).to.equal(inNewYork('2026-12-02T08:00'));
    const unbound = { hours: null, legal: false, defaultZone, now: evening };
    expect(openFor([at(florida)], unbound).at).to.equal(evening);
    expect(open([at(toronto)], inNewYork('2026-12-01T23:00'), null).at).to.equal(inNewYork('2026-12-01T23:00'));
  });

  it('do not ask those who get nothing', () => {
    const night = inNewYork('2026-12-01T23:00');
    const off = { ...at(newYork), skip: 'sms' as const };
    expect(openFor([off], { hours: [8, 21], legal: true, defaultZone, now: night })).to.deep.equal({
      at: night,
      waiting: 0,
    });
  });

  it('are none where the world is too wide for them', () => {
    expect(
      open([at(newYork), at('+447911123456', 'Asia/Tokyo')], inNewYork('2026-12-01T09:00'), [9, 17]),
    ).to.deep.equal({
      at: null,
      waiting: 1,
    });
  });

  it('are the first that are open in every state, at every half hour of days around each change of the clocks', () => {
    for (const [region, zones, codes] of areaCodes) {
      if (region === '') continue;
      const recipient = at(`+1${codes.slice(0, 3)}5550100`);
      for (const change of ['2026-03-07', '2026-10-31', '2027-03-13', '2027-11-06']) {
        const first = Date.parse(`${change}T00:00:00Z`);
        const moments = Array.from({ length: 5 * 48 }, (_, half) => first + (half * HOUR) / 2);
        const isOpen = moments.map((moment) =>
          zones.split(' ').every((zone) => isLegal(region, wallTimeAt(moment, zone))),
        );
        for (let half = 0; half < 3 * 48; half++)
          expect(open([recipient], moments[half] ?? 0).at, `${region} ${new Date(moments[half] ?? 0)}`).to.equal(
            moments[isOpen.indexOf(true, half)],
          );
      }
    }
  });
});

/** By the table, looked at from the other side. */
function isLegal(region: string, wall: number): boolean {
  const { hours, saturday = hours, sunday = hours } = legalHoursOf(region) ?? { hours: [8, 21] as const };
  const weekday = new Date(wall).getUTCDay();
  const today = weekday === 0 ? sunday : weekday === 6 ? saturday : hours;
  const hour = (wall % DAY) / HOUR;
  return today !== null && hour >= Math.max(today[0], 8) && hour < Math.min(today[1], 21);
}

describe('hours as people type them', () => {
  for (const [typed, kept] of [
    ['8-21', '8-21'],
    ['8 to 21', '8-21'],
    ['8am-9pm', '8-21'],
    ['9 am until 8 pm.', '9-20'],
    ['0-24', '0-24'],
    ['de 8 a 21', '8-21'],
    ['8 hasta 20', '8-20'],
    ['8h à 21h', '8-21'],
    ['8 a-12', null],
    ['8-12', null],
    ['21-8', null],
    ['8-25', null],
    ['13pm-14pm', null],
    ['night', null],
    ['', null],
  ] as const) {
    it(`${JSON.stringify(typed)} are ${kept}`, () => {
      const hours = readHours(typed);
      expect(hours === null ? null : writeHours(hours)).to.equal(kept);
    });
  }
});
