/**
 * Mobile networks that limit what a campaign may send to them in a day, and the mobile country and network codes (ITU-T E.212)
 * by which carriers report them. Codes: en.wikipedia.org/wiki/Mobile_network_codes_in_ITU_region_3xx_(North_America), of
 * 2026, and the ones that T-Mobile has had before.
 */
export const networks = {
  att: codes(
    '310 030 070 080 090 150 170 280 380 410 560 670 680 950',
    '311 070 090 190',
    '312 090 670 680',
    '313 030 100 110 120 130 140 210',
    '314 260 270 280',
  ),
  tmobile: codes(
    '310 053 120 160 200 210 220 230 240 250 260 270 310 490 530 660 770 800',
    '311 490 660 870 880 882',
    '312 190 250 530',
  ),
  verizon: codes(
    '310 004 006 012 013 590 591 592 593 594 595 596 597 598 599 820 890 891 892 893 894 895 896 897 898 899 910',
    '311 110 270 271 272 273 274 275 276 277 278 279 280 281 282 283 284 285 286 287 288 289 390 480 590 800 810',
    '312 770',
  ),
} as const;
export type NetworkName = keyof typeof networks;
export const networkNames = ['att', 'tmobile', 'verizon'] as const satisfies readonly NetworkName[];

/** A mobile country code, and network codes within it. */
function codes(...of: string[]): ReadonlySet<string> {
  return new Set(
    of.flatMap((one) => one.split(' ').flatMap((mnc, at, [mcc = '']) => (at === 0 ? [] : [`${mcc}${mnc}`]))),
  );
}

/** The name of a network by its code as a carrier reports it; the code itself where we have no name for it. */
export function networkNameOf(code: string): string {
  return networkNames.find((name) => networks[name].has(code)) ?? code;
}

/**
 * Reads what an operator calls a network: one of the names, or a code of five or six digits; null where it is neither.
 */
export function readNetwork(said: string): string | null {
  const name = networkNames.find((one) => one === said.toLowerCase());
  return name ?? (/^\d{5,6}$/.test(said) ? networkNameOf(said) : null);
}

/** Networks count days where their business is: T-Mobile’s ends at midnight, Pacific time (docs.bird.com, “Throughput and daily caps”). */
const ZONE = 'America/Los_Angeles';
const days = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });
const HOUR_MS = 3_600_000;

/** The day at which a moment is to the networks, as in 2026-11-28, and when the next one begins. */
export function networkDay(at: Date): { day: string; endsAt: Date } {
  const day = days.format(at);
  // Midnight there is a whole hour of UTC, summer and winter.
  let next = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS + HOUR_MS;
  while (days.format(next) === day) next += HOUR_MS;
  return { day, endsAt: new Date(next) };
}
