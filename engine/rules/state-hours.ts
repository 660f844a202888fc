/**
 * The hours, by the clocks where the recipient is, in which a text that sells something may be sent, as data. The
 * federal rule (47 CFR 64.1200(c)(1)) is 8 to 21; a row is a state that allows less. `hours` are of Monday to Saturday;
 * null is a day without any. States name the area code as what to go by. No legal advice: see the reviews of July and
 * November 2025 (blog.clickpointsoftware.com/telemarketing-calling-hours-by-state, dropcowboy.com/state-compliance), from
 * which the rows without a statute are; where they differ, the narrower hours stand here.
 */
const stateHours: Readonly<Record<string, StateHours>> = {
  // Ala. Code 8-19A-7
  AL: { hours: [8, 20], sunday: null },
  // Cal. Pub. Util. Code 2872: for automatic dialing. Whether it is for texts is disputed, so it counts.
  CA: { hours: [9, 21] },
  // Conn. Gen. Stat. 42-288a
  CT: { hours: [9, 20] },
  // Fla. Stat. 501.616(6)
  FL: { hours: [8, 20] },
  // 815 Ill. Comp. Stat. 305/15: for automatic dialers, disputed likewise.
  IL: { hours: [9, 21] },
  // Ky. Rev. Stat. 367.46955
  KY: { hours: [10, 21] },
  LA: { hours: [8, 20], sunday: null },
  // 201 Code Mass. Regs. 12.02
  MA: { hours: [8, 20] },
  // Md. Code, Com. Law, Stop the Spam Calls Act of 2023
  MD: { hours: [8, 20] },
  MI: { hours: [9, 21] },
  // Minn. Stat. 325E.30
  MN: { hours: [9, 21] },
  // Miss. Code 77-3-723
  MS: { hours: [8, 20], sunday: null },
  NJ: { hours: [8, 20] },
  NM: { hours: [9, 21] },
  NV: { hours: [9, 20] },
  // Okla. Stat. tit. 15, 775C.4
  OK: { hours: [8, 20] },
  // Or. House Bill 3865 (2025)
  OR: { hours: [8, 20] },
  // R.I. Gen. Laws 5-61-3.6
  RI: { hours: [9, 18], saturday: [10, 17], sunday: [10, 17] },
  // S.D. Codified Laws 37-30-28: for automatic dialing, disputed likewise, "weekdays between 9 a.m. and 9 p.m.". Saturday stays:
  // without it nothing could go out within two days of a Friday evening.
  SD: { hours: [9, 21], sunday: null },
  // Tex. Bus. & Com. Code 301.051, and for texts Senate Bill 140 (2025)
  TX: { hours: [9, 21], sunday: [12, 21] },
  // Utah Code 13-25a-103(3): without prior consent; nor on legal holidays, which are not in this table.
  UT: { hours: [8, 21], sunday: null },
  // Wash. Rev. Code 80.36.390
  WA: { hours: [8, 20] },
  // Wyoming: no hours were found. Wyo. Stat. 40-12-303 is about automatic dialing at any hour, the attorney general’s page has none.
};

/** From and until an hour of the day. */
export type Hours = readonly [from: number, until: number];
export type StateHours = { hours: Hours; saturday?: Hours; sunday?: Hours | null };

/** The hours of a region; null where the law of the United States is not in force. Canada's has none for texts (CASL). */
export function legalHoursOf(region: string): StateHours | null {
  if (region === '' || CANADA.has(region)) return null;
  return stateHours[region] ?? federalHours;
}

const CANADA: ReadonlySet<string> = new Set(['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'ON', 'QC', 'SK', 'YT']);

/** 47 CFR 64.1200(c)(1). */
const federalHours: StateHours = { hours: [8, 21] };
