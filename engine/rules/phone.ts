import type { NumberType, PhoneNumber } from 'libphonenumber-js/max';
import {
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

export type PhoneSettings = { defaultRegion: string; allowedCountries: readonly string[] };

/**
 * The phone number that a person meant, as E.164, or null when we cannot or will not text it. The number has to be
 * *possible*, not assigned: +14445556666 passes. Refused are extensions, countries that are not allowed, and numbers
 * that cost extra or reach no handset.
 */
export function readPhone(input: unknown, settings: PhoneSettings): string | null {
  const phone = parse(input, settings);
  if (phone === null || !isAllowed(phone, settings.allowedCountries)) return null;
  return refusedTypes.has(phone.getType()) ? null : phone.number;
}

/** The E.164 form of any possible number, also of one that `readPhone` refuses; null for what is no number. */
export function spellPhone(input: unknown, settings: PhoneSettings): string | null {
  return parse(input, settings)?.number ?? null;
}

function parse(input: unknown, { defaultRegion }: PhoneSettings): PhoneNumber | null {
  const written = asWritten(input);
  if (written === null) return null;
  const region = isSupportedCountry(defaultRegion) ? { defaultCountry: defaultRegion } : {};
  const asDialled = parsePhoneNumberFromString(written, { ...region, extract: false });
  if (!asDialled || asDialled.ext) return null;
  // Read again from its full form: a number without country code is given the default region's country until then.
  const phone = parsePhoneNumberFromString(asDialled.number, { extract: false });
  return phone?.isPossible() ? phone : null;
}

/** Every country that has phone numbers, by its two letters. */
export const countries: readonly string[] = getCountries();

/** The E.164 form of a number that a carrier wrote, of any country, with or without `+`; null for anything else. */
export function readAnyPhone(input: unknown): string | null {
  const digits = typeof input === 'string' ? /^\+?([1-9]\d{6,14})$/.exec(input)?.[1] : undefined;
  return digits === undefined ? null : `+${digits}`;
}

/**
 * Whether the digits of a number (E.164) are those of a landline alone. Under +1 they never are: there landlines and mobiles share
 * area codes.
 */
export function isFixedLine(phone: string): boolean {
  return parsePhoneNumberFromString(phone, { extract: false })?.getType() === 'FIXED_LINE';
}

/** What a log may show of a number: `+1444•••••66`. */
export function maskPhone(phone: string): string {
  if (!/^\+\d{9,15}$/.test(phone)) return '•••';
  return phone.slice(0, 5) + '•'.repeat(phone.length - 7) + phone.slice(-2);
}

/** Longer than any number that is written with spaces, brackets and an international prefix. */
const LONGEST = 40;

const refusedTypes = new Set<NumberType>(['PREMIUM_RATE', 'SHARED_COST', 'PAGER', 'UAN', 'VOICEMAIL']);

/** A JSON client may send digits as a number; contact apps wrap copied numbers in invisible direction marks. */
function asWritten(input: unknown): string | null {
  const text = typeof input === 'number' && Number.isSafeInteger(input) && input > 0 ? String(input) : input;
  if (typeof text !== 'string' || text.length > LONGEST) return null;
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').trim();
}

/**
 * Unassigned area codes (444) belong to no country of their calling code. Under +1 they count as the United States
 * or Canada, the only two that get new ones there; the islands' codes are fixed and recognized.
 */
function isAllowed(phone: PhoneNumber, allowed: readonly string[]): boolean {
  const { country, countryCallingCode } = phone;
  if (country !== undefined) return allowed.includes(country);
  const candidates = countryCallingCode === '1' ? allowed.filter((one) => one === 'US' || one === 'CA') : allowed;
  return candidates.some((one) => isSupportedCountry(one) && getCountryCallingCode(one) === countryCallingCode);
}
