import { expect } from 'chai';
import { clockChanges, hoursRows } from '../../../dev/hours-tables.ts';
import { areaCodes } from '../../../engine/rules/area-codes.ts';
import { nextOf, packDays, readDays, sayDays, unpackDays } from '../../../engine/rules/repeats.ts';
import { instantOf, sayHour, sayTime, wallTimeAt } from '../../../engine/rules/wall-clock.ts';
import { placeOf, readZone, zoneOf } from '../../../engine/rules/zones.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Every zone of the United States, its territories, and Canada. */
const zones = [...new Set(areaCodes.flatMap(([region, names]) => (region === '' ? [] : names.split(' '))))];
/** On which the clocks are changed, in the zones that change them. */
const changes = ['2026-03-08', '2026-11-01', '2027-03-14', '2027-11-07'].map((day) => Date.parse(`${day}T00:00:00Z`));

describe('the area codes', () => {
  it('stand there once each, with zones that Node knows', () => {
    const codes = areaCodes.flatMap(([, , some]) => some.split(' '));
    expect(new Set(codes).size).to.equal(codes.length);
    expect(codes.filter((code) => !/^[2-9]\d{2}$/.test(code))).to.deep.equal([]);
    for (const zone of zones) expect(() => sayHour(0, zone), zone).not.to.throw();
  });

  it('cover every state, the District and the provinces that have one of their own', () => {
    const regions = new Set(areaCodes.map(([region]) => region));
    const wanted =
      'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS ON QC SK';
    expect(wanted.split(' ').filter((region) => !regions.has(region))).to.deep.equal([]);
  });

  for (const [phone, region, zone] of [
    ['+12125550100', 'NY', 'America/New_York'],
    ['+13125550100', 'IL', 'America/Chicago'],
    ['+13035550100', 'CO', 'America/Denver'],
    ['+16025550100', 'AZ', 'America/Phoenix'],
    ['+13105550100', 'CA', 'America/Los_Angeles'],
    ['+19075550100', 'AK', 'America/Anchorage'],
    ['+18085550100', 'HI', 'Pacific/Honolulu'],
    ['+18505550100', 'FL', 'America/Chicago'],
    ['+17095550100', 'NL', 'America/St_Johns'],
    ['+13065550100', 'SK', 'America/Regina'],
    ['+19025550100', 'NS', 'America/Halifax'],
    ['+14165550100', 'ON', 'America/Toronto'],
  ] as const) {
    it(`say that ${phone} is in ${region}`, () => {
      expect(placeOf(phone)?.region).to.equal(region);
      expect(zoneOf({ phone, zone: null }, 'Europe/Paris')).to.equal(zone);
    });
  }

  it('say nothing of a number without one, and less than a member does', () => {
    expect(placeOf('+14445550100')).to.equal(null);
    expect(placeOf('+447911123456')).to.equal(null);
    expect(zoneOf({ phone: '+447911123456', zone: null }, 'America/Denver')).to.equal('America/Denver');
    expect(zoneOf({ phone: '+12125550100', zone: 'America/Denver' }, 'America/Chicago')).to.equal('America/Denver');
  });
});

describe('the table of hours', () => {
  it('has a row of each region, by name, with its zones, hours and source', () => {
    const regions = new Set(areaCodes.flatMap(([region]) => (region === '' ? [] : region)));
    const rows = hoursRows();
    expect(rows).to.have.length(regions.size);
    for (const [place = '', ...cells] of rows) {
      expect(place).to.match(/^[A-Z][A-Za-z, ]+ \([A-Z]{2}\)$/);
      expect(
        cells.every((cell) => cell !== ''),
        place,
      ).to.equal(true);
    }
    const of = (place: string) => rows.find(([name]) => name === place)?.slice(1, 5);
    expect(of('Rhode Island (RI)')).to.deep.equal(['America/New_York', '9 to 18', '10 to 17', '10 to 17']);
    expect(of('Alabama (AL)')).to.deep.equal(['America/Chicago', '8 to 20', '8 to 20', 'none']);
    expect(of('Quebec (QC)')).to.deep.equal(['America/Toronto', 'any', 'any', 'any']);
  });
});

describe('the days that are tried', () => {
  it('are all on which a zone changes its clocks in 2026 and 2027', () => {
    const found = zones.flatMap((zone) => [2026, 2027].flatMap((year) => clockChanges(zone, year)));
    const days = new Set(found.map(({ day }) => Date.parse(`${day}T00:00:00Z`)));
    expect([...days].toSorted((one, other) => one - other)).to.deep.equal(changes);
    const spring = clockChanges('America/New_York', 2026);
    expect(spring).to.deep.equal([
      { day: '2026-03-08', forward: true },
      { day: '2026-11-01', forward: false },
    ]);
    expect(clockChanges('America/Phoenix', 2026)).to.deep.equal([]);
  });
});

describe('a zone as people type it', () => {
  for (const [typed, zone] of [
    ['Eastern', 'America/New_York'],
    ['pacific time.', 'America/Los_Angeles'],
    ['Mountain Standard Time', 'America/Denver'],
    ['CST', 'America/Chicago'],
    ['Arizona', 'America/Phoenix'],
    ['denver', 'America/Denver'],
    ['Halifax', 'America/Halifax'],
    ['los angeles', 'America/Los_Angeles'],
    ['america/new_york', 'America/New_York'],
    ['St Johns', 'America/St_Johns'],
    ['Narnia', null],
    ['', null],
    ['../../etc/passwd', null],
  ] as const) {
    it(`${JSON.stringify(typed)} is ${zone}`, () => expect(readZone(typed)).to.equal(zone));
  }
});

describe('the clocks of a zone', () => {
  for (const zone of zones) {
    it(`${zone}: a wall time is the first instant that shows it, around every change of 2026 and 2027`, () => {
      for (const change of changes) {
        const first = new Map<number, number>();
        for (let instant = change - DAY; instant < change + 3 * DAY; instant += 15 * MINUTE) {
          const wall = wallTimeAt(instant, zone);
          if (!first.has(wall)) first.set(wall, instant);
        }
        for (let wall = change; wall < change + DAY; wall += 15 * MINUTE) {
          // Skipped: as much later as the clocks are set forward.
          const shown = first.get(wall) ?? first.get(wall + 60 * MINUTE);
          expect(instantOf(wall, zone), `${zone} ${new Date(wall).toISOString()}`).to.equal(shown);
        }
      }
    });

    it(`${zone}: every day and every Sunday keep their hour through 2026 and 2027`, () => {
      const begin = instantOf(Date.UTC(2026, 0, 1), zone);
      const end = instantOf(Date.UTC(2028, 0, 1), zone);
      const evening = { days: [0, 1, 2, 3, 4, 5, 6], minute: 18 * 60, zone };
      let days = 0;
      for (let at = nextOf(evening, begin - 1); at < end; at = nextOf(evening, at)) {
        const since = wallTimeAt(at, zone) - Date.UTC(2026, 0, 1, 18);
        expect(since).to.equal(days * DAY);
        days++;
      }
      expect(days).to.equal(730);
      // At an hour that comes twice in autumn, and at one that spring skips: once a week all the same.
      for (const minute of [90, 150]) {
        const sundays = { days: [0], minute, zone };
        let weeks = 0;
        for (let at = nextOf(sundays, begin - 1); at < end; at = nextOf(sundays, at)) weeks++;
        expect(weeks).to.equal(104);
      }
    });
  }

  it('are told in words', () => {
    const now = Date.UTC(2026, 10, 29, 20);
    expect(sayTime(Date.UTC(2026, 11, 2), 'America/New_York', now)).to.equal('Tue, Dec 1, 7:00 PM EST');
    expect(sayTime(Date.UTC(2027, 5, 2), 'America/New_York', now)).to.equal('Tue, Jun 1, 2027, 8:00 PM EDT');
    expect(sayHour(now, 'Pacific/Honolulu')).to.equal('10:00 AM HST');
  });
});

describe('days of the week', () => {
  for (const [typed, days, said] of [
    ['day', [0, 1, 2, 3, 4, 5, 6], 'every day'],
    ['weekday', [1, 2, 3, 4, 5], 'every weekday'],
    ['Tue', [2], 'every Tue'],
    ['Tuesdays', [2], 'every Tue'],
    ['thurs and Tues', [2, 4], 'every Tue and Thu'],
    ['Mon, Wed, Fri', [1, 3, 5], 'every Mon and Wed and Fri'],
  ] as const) {
    it(`${typed} are read, kept and told`, () => {
      expect(readDays(typed)).to.deep.equal(days);
      expect(unpackDays(packDays(days))).to.deep.equal(days);
      expect(sayDays(days)).to.equal(said);
    });
  }
  for (const typed of ['other day', 'month', 'tuesdayish', 'tu', 'time', ''])
    it(`${JSON.stringify(typed)} are none`, () => expect(readDays(typed)).to.equal(null));
});
