import type { ErrorMeaning } from '../carrier.ts';

/**
 * What Telnyx's error codes ask of us, in the answer to a send and in a report alike; one that is not here means failed.
 * Names: https://developers.telnyx.com/docs/messaging/messages/error-codes/index and, below 40000,
 * https://developers.telnyx.com/development/api-fundamentals/api-errors
 */
export const errorMeanings: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [10007, 'retry'], // unexpected error
  [10005, 'paused'], // resource not found: the address that texts are sent to
  [10008, 'retry'], // request timeout
  [10009, 'paused'], // authentication failed
  [10010, 'paused'], // authorization failed
  [10011, 'retry'], // too many requests
  [20100, 'paused'], // insufficient funds
  [40001, 'failed'], // not routable: a landline
  [40002, 'failed'], // blocked as spam, for now
  [40003, 'failed'], // blocked as spam, for good
  [40004, 'retry'], // rejected by the destination, for an unknown reason: the page says to try later
  [40005, 'failed'], // expired in the queue
  [40006, 'retry'], // the recipient's carrier is down
  [40008, 'failed'], // the recipient's carrier did not accept it
  [40009, 'failed'], // invalid body
  [40011, 'retry'], // over the rate limit
  [40300, 'optout'], // blocked by a STOP
  [40333, 'paused'], // the daily spend limit of the messaging profile is reached
]);

export function meaningOf(errorCode: number): ErrorMeaning {
  return errorMeanings.get(errorCode) ?? 'failed';
}

/** Codes that speak of the phone, not of the text: several in a row, and nobody is there. */
export const UNREACHABLE_CODES: ReadonlySet<number> = new Set([40001, 40008]);

/** Of those the one for a landline or another number that no text can be brought to. */
export const LANDLINE_CODES: ReadonlySet<number> = new Set([40001]);

/** The first code in a list of errors `[{"code":"40300","title":"…","detail":"…"}]`; null where there is none. */
export function errorCodeIn(errors: unknown): number | null {
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  const code = typeof first === 'object' && first !== null && 'code' in first ? String(first.code) : '';
  return /^\d{1,5}$/.test(code) && Number(code) > 0 ? Number(code) : null;
}
