import type { ErrorMeaning } from '../carrier.ts';

/**
 * What a report's ErrorCode asks of us; a code that is not here means failed. The test beside this table says from which
 * public page each code is. Names: https://www.plivo.com/docs/messaging/troubleshooting/error-codes
 */
export const errorMeanings: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [10, 'failed'], // invalid message
  [20, 'retry'], // network error
  [30, 'failed'], // spam detected
  [40, 'failed'], // invalid source number
  [50, 'failed'], // invalid destination number
  [60, 'failed'], // loop detected
  [70, 'failed'], // destination permanently unavailable
  [80, 'retry'], // destination temporarily unavailable
  [90, 'failed'], // no route available
  [100, 'failed'], // prohibited by carrier
  [110, 'failed'], // message too long
  [120, 'failed'], // rejected for its media
  [200, 'optout'], // the recipient has texted STOP to this source number
  [201, 'failed'], // a US toll-free number cannot text Canada
  [300, 'retry'], // failed to dispatch
  [420, 'failed'], // expired in the carrier's queue
  [450, 'failed'], // destination country not allowed
  // Over the account's own limit of texts an hour to a country: all of them are refused for 12 to 24 hours, or until
  // an operator raises it. Six tries with a backoff are over in 40 minutes.
  [451, 'paused'],
  [452, 'failed'], // taken for SMS pumping, because of the phone
  [900, 'paused'], // no credit
  [910, 'paused'], // account disabled
  [1000, 'failed'], // unknown error
]);

export function meaningOf(errorCode: number): ErrorMeaning {
  return errorMeanings.get(errorCode) ?? 'failed';
}

/** Codes that speak of the phone, not of the text: several in a row, and nobody is there. */
export const UNREACHABLE_CODES: ReadonlySet<number> = new Set([50, 70, 90]);

/**
 * Of those the one that says that the number takes no texts: it is not a mobile’s, or nobody’s. No code is for landlines alone.
 * Source: https://www.plivo.com/docs/messaging/troubleshooting/error-codes, "Invalid Destination Number"
 */
export const LANDLINE_CODES: ReadonlySet<number> = new Set([50]);
