import type { ReportStatus } from '../rules/status.ts';
/**
 * What the engine asks of a carrier. One carrier is one file beside this one; the engine knows this
 * contract only, so a new carrier is a new file and a row in runtime.ts.
 */
export type Carrier = {
  /** True when the webhook was signed with our secret. Compares in constant time and never throws. */
  verify(webhook: SignedWebhook): boolean;
  /** The text in an inbound webhook's form fields. Throws `BadWebhook` when a needed field is missing or malformed. */
  parseInbound(fields: Fields): InboundText;
  /** The news in a report's form fields. Throws `BadWebhook` when a needed field is missing or malformed. */
  parseReport(fields: Fields): CarrierReport;
  /** Hands one text to the carrier. Never throws: whatever happens is one of the verdicts. */
  send(text: OutboundText): Promise<SendVerdict>;
  /** Rents one more local number that can text, its texts brought to us; answers it in E.164. Throws where it cannot. */
  buyNumber(wish: { country: string }): Promise<string>;
  /** Ends the connections; requests under way are finished first. */
  close(): Promise<void>;
};

/** Form fields as they came: a key that was sent twice holds an array. */
export type Fields = Record<string, string | string[]>;

export type SignedWebhook = {
  method: 'GET' | 'POST';
  /** The address that was signed: PUBLIC_URL plus path and query, as the carrier was told it. */
  url: string;
  fields: Fields;
  /** Lower-case header names. */
  headers: Record<string, string | string[] | undefined>;
};

export type InboundText = {
  /** The carrier's id of this text; a repeat carries the same one. */
  carrierId: string;
  /** E.164 with `+` where the carrier gave digits; a short code or sender name stays as it came. */
  from: string;
  to: string;
  text: string;
  /** Addresses of the media of an MMS, in order. */
  media: string[];
  /** How many more there were than the carrier takes on the way out, if any. */
  mediaLeftOut?: number;
  /** Set when the carrier has already answered STOP, START or HELP itself. */
  intent: 'optout' | 'optin' | 'help' | null;
};

export type CarrierReport = {
  carrierId: string;
  status: ReportStatus;
  /** The carrier's error code, null where there is none ("000" counts as none). */
  errorCode: number | null;
  /** What the error code asks for; null where there is none. */
  meaning: ErrorMeaning | null;
  /** The code says that the phone cannot be reached: five of these in a row, and we stop trying. */
  unreachable: boolean;
  /** Orders the reports of one text; null where the carrier sent none. */
  sequence: number | null;
  /** Segments that the carrier counted; null where it did not say. */
  units: number | null;
};

export type OutboundText = {
  /** E.164. */
  from: string;
  to: string;
  text: string;
  media: string[];
  /** Where the carrier reports what became of it; holds the delivery's name. */
  reportUrl: string;
};

/**
 * What became of one send.
 * accepted: the carrier has it. retry: it certainly has not, ask again later (after `retryAfterMs` if the carrier
 * said so); `throttled` marks a 429. paused: the account may not send now. failed: it never will be.
 * unknown: it may have it or not (time-out, connection lost after the request went out).
 */
export type SendVerdict =
  | { kind: 'accepted'; carrierId: string }
  | { kind: 'retry'; throttled: boolean; retryAfterMs: number | null; reason: string }
  | { kind: 'paused'; errorCode: number; reason: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'unknown'; reason: string };

/** What a carrier's error code asks for: see each carrier's table. */
export type ErrorMeaning = 'retry' | 'failed' | 'optout' | 'paused';

/** A webhook whose signature is right but whose fields are not what the carrier documents. */
export class BadWebhook extends Error {
  override name = 'BadWebhook';
  constructor(readonly field: string) {
    super(`the webhook's field ${field} is missing or malformed`);
  }
}
