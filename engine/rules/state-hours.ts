/** Where no statute was found. */
const REVIEWS =
  'reviews of July and November 2025 (blog.clickpointsoftware.com/telemarketing-calling-hours-by-state, dropcowboy.com/state-compliance)';

/**
 * The hours, by the clocks where the recipient is, in which a text that sells something may be sent, as data. A row is a state
 * that allows less than the federal rule. `hours` are of Monday to Saturday; null is a day without any. No row has holidays: they
 * count as the weekday that they are. States name the area code as what to go by. No legal advice: where sources differ, the
 * narrower hours stand here. docs/hours.md shows all of it.
 */
const stateHours: Readonly<Record<string, LegalHours>> = {
  AL: { hours: [8, 20], sunday: null, source: 'Ala. Code 8-19A-7' },
  CA: {
    hours: [9, 21],
    source: 'Cal. Pub. Util. Code 2872: for automatic dialing. Whether it is for texts is disputed, so it counts',
  },
  CT: { hours: [9, 20], source: 'Conn. Gen. Stat. 42-288a' },
  FL: { hours: [8, 20], source: 'Fla. Stat. 501.616(6)' },
  IL: { hours: [9, 21], source: '815 Ill. Comp. Stat. 305/15: for automatic dialers, disputed as California’s' },
  KY: { hours: [10, 21], source: 'Ky. Rev. Stat. 367.46955' },
  LA: { hours: [8, 20], sunday: null, source: REVIEWS },
  MA: { hours: [8, 20], source: '201 Code Mass. Regs. 12.02' },
  MD: { hours: [8, 20], source: 'Md. Code, Com. Law, Stop the Spam Calls Act of 2023' },
  MI: { hours: [9, 21], source: REVIEWS },
  MN: { hours: [9, 21], source: 'Minn. Stat. 325E.30' },
  MS: { hours: [8, 20], sunday: null, source: 'Miss. Code 77-3-723' },
  NJ: { hours: [8, 20], source: REVIEWS },
  NM: { hours: [9, 21], source: REVIEWS },
  NV: { hours: [9, 20], source: REVIEWS },
  OK: { hours: [8, 20], source: 'Okla. Stat. tit. 15, 775C.4' },
  OR: { hours: [8, 20], source: 'Or. House Bill 3865 (2025)' },
  RI: { hours: [9, 18], saturday: [10, 17], sunday: [10, 17], source: 'R.I. Gen. Laws 5-61-3.6' },
  SD: {
    hours: [9, 21],
    sunday: null,
    source:
      'S.D. Codified Laws 37-30-28: for automatic dialing, disputed as California’s, “weekdays between 9 a.m. and 9 p.m.”; Saturday stays, or nothing could go out within two days of a Friday evening',
  },
  TX: {
    hours: [9, 21],
    sunday: [12, 21],
    source: 'Tex. Bus. & Com. Code 301.051, and for texts Senate Bill 140 (2025)',
  },
  UT: {
    hours: [8, 21],
    sunday: null,
    source: 'Utah Code 13-25a-103(3): without prior consent. Nor on legal holidays, which are not in this table',
  },
  WA: { hours: [8, 20], source: 'Wash. Rev. Code 80.36.390' },
  // Wyoming: no hours were found. Wyo. Stat. 40-12-303 is about automatic dialing at any hour, the attorney general’s page has none.
};

/** From and until an hour of the day. */
export type Hours = readonly [from: number, until: number];
export type StateHours = { hours: Hours; saturday?: Hours; sunday?: Hours | null };

/** `source`: the statute or who says so, as people read it. */
export type LegalHours = StateHours & { source: string };

/** The hours of a region; null where the law of the United States is not in force. Canada's has none for texts (CASL). */
export function legalHoursOf(region: string): LegalHours | null {
  if (region === '' || CANADA.has(region)) return null;
  return stateHours[region] ?? federalHours;
}

const CANADA: ReadonlySet<string> = new Set(['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'ON', 'QC', 'SK', 'YT']);

const federalHours: LegalHours = { hours: [8, 21], source: '47 CFR 64.1200(c)(1)' };
