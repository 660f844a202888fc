import type { WebhookKind } from '../rules/carriers.ts';
import type { Language } from '../rules/languages/language.ts';
import type { PhoneLine } from '../rules/lines.ts';
import type { ReportStatus } from '../rules/status.ts';

/**
 * What the engine asks of a carrier. One carrier is one folder beside this file and one row in the table of `open.ts`;
 * the engine knows this contract only. What a carrier's codes and words mean stays in its folder.
 */
export type Carrier = {
  /**
   * True when the webhook was signed with the carrier's key for our account. Compares in constant time. Throws
   * `BadWebhook` for a form whose encoding is broken, because then nothing can be compared.
   */
  verify(webhook: Webhook): boolean;
  /** The headers that a signature comes in, in lower case. */
  signatureHeaders: readonly string[];
  /** What a verified webhook says. Throws `BadWebhook` when a needed field is missing or malformed. */
  parse(webhook: Webhook): CarrierEvents;
  /** What the carrier wants to hear when its webhook was taken; sent with status 200. */
  answer: { type: string; body: string };
  calls: CarrierCalls;
  /** What a phone (E.164) is, for money; null where the carrier is not asked. Throws where it does not answer. */
  lookUp: ((phone: string) => Promise<PhoneLine>) | null;
  /** Hands one text to the carrier. Never throws: whatever happens is one of the verdicts. */
  send(text: OutboundText): Promise<SendVerdict>;
  numbers: CarrierNumbers;
  media: CarrierMedia;
  /** What an operator has set up there. */
  account: CarrierAccount;
  /** Ends the connections; requests under way are finished first. */
  close(): Promise<void>;
};

/** A request as it came: signatures are made over its bytes. */
export type Webhook = {
  kind: WebhookKind;
  method: 'GET' | 'POST';
  /** The address that the carrier was told: PUBLIC_URL plus path and query. */
  url: string;
  /** Lower-case header names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
};

/** One webhook may hold several of each; one that concerns nobody here holds none. */
export type CarrierEvents = { texts: readonly InboundText[]; reports: readonly NamedReport[] };

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
  /** The carrier's own code, for the operator's eyes only; null where there is none. */
  errorCode: number | null;
  /** What the error asks for; null where there is none. */
  meaning: ErrorMeaning | null;
  /** The error says that the phone cannot be reached: five of these in a row, and we stop trying. */
  unreachable: boolean;
  /** The error says that the phone takes no texts at all, as landlines do not. */
  landline?: boolean;
  /** Orders the reports of one text; null where the carrier sent none. */
  sequence: number | null;
  /** Segments that the carrier counted; null where it did not say. */
  units: number | null;
  /** What the carrier charges for this try, its fees included, in hundredths of a penny; null where it did not say. */
  carrierCost?: number | null;
  /** The recipient's network: mobile country code and network code, six digits at most; null where it did not say. */
  network?: string | null;
};

/** With the name of the try that it is about, as it stood in the report address that was given along. */
export type NamedReport = CarrierReport & { tryName: string };

export type OutboundText = {
  /** E.164. */
  from: string;
  to: string;
  text: string;
  media: string[];
  /** Holds a PIN: the carrier is not to keep it, and it is of no use after minutes. */
  isSecret: boolean;
  /** Where the carrier reports what became of it; holds the name of the try. */
  reportUrl: string;
};

/**
 * What became of one send.
 * accepted: the carrier has it. retry: it certainly has not, ask again later (after `retryAfterMs` if the carrier
 * said so); `throttled` marks a 429. paused: the account may not send now, or `only` this number of it. failed: it never will be; `optedOut` when
 * that is because the phone has opted out at the carrier. unknown: it may have it or not (time-out, connection lost
 * after the request went out).
 */
export type SendVerdict =
  | { kind: 'accepted'; carrierId: string }
  | { kind: 'retry'; throttled: boolean; retryAfterMs: number | null; reason: string }
  | { kind: 'paused'; only?: 'number'; errorCode: number; reason: string }
  | { kind: 'failed'; reason: string; optedOut?: true; errorCode?: number }
  | { kind: 'unknown'; reason: string };

/** What a carrier's error asks for: see each carrier's table. */
export type ErrorMeaning = 'retry' | 'failed' | 'optout' | 'paused';

/** How the media of inbound texts are fetched. */
export type CarrierMedia = {
  /** Whether an address is at the API as the settings name it, which may be a simulator on this machine, by plain http. */
  isAtApi(url: URL): boolean;
  /** What to send where an address of the carrier's answers 401; null for the address of anybody else. */
  authorization(url: URL): string | null;
};

/** Calls to our numbers: the carrier asks us about each as it comes in. */
export type CarrierCalls = {
  /** What a verified webhook about a call says. What cannot be read is null. */
  read(webhook: Webhook): CallNews;
  /** What the carrier is to do with the call, in its XML. */
  answer(what: CallAnswer): { type: string; body: string };
};

/**
 * Somebody calls one of our numbers (`ended` is null); or the call is over, or what it was forwarded to is: nobody picked up there
 * (`missed`), or there is nothing left to say.
 * `from` and `to` are in E.164; null where the carrier gave no number, as of callers who withhold theirs.
 */
export type CallNews = { from: string | null; to: string | null; ended: 'missed' | 'over' | null };

/**
 * `say`: reads words of a language aloud, twice, and hangs up. `forward`: has another phone ring, which sees `callerId`; when that is over, in
 * whatever way, the carrier asks at `askAt` what comes next. `hangUp`: nothing more.
 */
export type CallAnswer =
  | { kind: 'say'; words: string; language: Language }
  | { kind: 'forward'; to: string; callerId: string; ringSeconds: number; limitSeconds: number; askAt: string }
  | { kind: 'hangUp' };

export type CarrierNumbers = {
  /**
   * Rents one more local number that can do SMS and MMS, its texts brought to us; returns it in E.164 as soon as it is
   * ordered, because from then on it is paid for. `phone`: that one, of those that `search` found. `isReady`: it may text at once.
   * Throws where it cannot.
   */
  buy(wanted: { country: string; phone?: string }): Promise<{ phone: string; isReady: boolean }>;
  /** Local numbers in E.164 that can be bought now and can do SMS and MMS, 20 at most; in an area code, where one is named. */
  search(wanted: { country: string; area: string | null }): Promise<string[]>;
  /** Does what is left to do before a number that was ordered may text. True when it may; else it is asked again later. */
  makeReady(phone: string): Promise<boolean>;
  /** Gives a number back: nothing is paid for it any more. Done as well where the account does not have it. Throws where it cannot. */
  release(phone: string): Promise<void>;
};

/** A request by POST that an address of ours takes as a webhook of the carrier. */
export type WebhookProbe = { headers: Readonly<Record<string, string>>; body: URLSearchParams };

/** Throws `AccountRefused` where the carrier does not take our credentials. */
export type CarrierAccount = {
  /** A report to this address that is signed as the carrier signs, and says nothing; null where only the carrier can sign. */
  probe: ((url: string) => WebhookProbe) | null;
  /** What the carrier calls that which has the address for inbound texts. */
  inboundBy: 'application' | 'messaging profile';
  /** Lets texts to a number of the account come to us. Throws where the settings do not say how. */
  attach(phone: string): Promise<void>;
  /** Dollars that are left, null where the carrier does not say. */
  readCredit(): Promise<number | null>;
  listNumbers(): Promise<CarrierNumber[]>;
  /** Where an application or profile sends inbound texts; null where there is none, or it has no address. */
  readInbound(application: string): Promise<string | null>;
  /** What the carrier calls that which has the address for calls. */
  answeredBy: 'application' | 'TeXML application';
  /** Which one calls to each number of the account go to, null where to none. Without numbers that cannot be called. */
  listAnswering(): Promise<ReadonlyMap<string, string | null>>;
  /** Whom it asks what becomes of a call, and whether in a way that is signed; null where there is no such one or no address. */
  readAnswering(application: string): Promise<{ url: string; isSigned: boolean } | null>;
  /**
   * The texts that came in for us in that time, some at once; null for a carrier whose webhooks cannot be played back later,
   * because they bear their time.
   */
  listInbound: ((period: { from: Date; until: Date }) => AsyncIterable<readonly ListedText[]>) | null;
  /** The texts that it has from us of that time, the newest first, some at once; null for a carrier that cannot be asked. */
  listSent: ((period: { from: Date; until?: Date }) => AsyncIterable<readonly ListedText[]>) | null;
};

/** A text as the carrier remembers it; `from` and `to` in E.164. */
export type ListedText = { carrierId: string; from: string; to: string };

/** A number of the account. `campaign`: the 10DLC campaign in which it is registered, null while it is not. */
export type CarrierNumber = {
  phone: string;
  application: string | null;
  sms: boolean;
  mms: boolean;
  campaign: string | null;
};

export class AccountRefused extends Error {
  override name = 'AccountRefused';
}

/** A webhook whose signature is right but whose fields are not what the carrier documents. */
export class BadWebhook extends Error {
  override name = 'BadWebhook';
  constructor(readonly field: string) {
    super(`the webhook's field ${field} is missing or malformed`);
  }
}

/** The name of the try in a report address of ours. Throws `BadWebhook` where it holds none. */
export function tryNameIn(url: string): string {
  const name = URL.canParse(url) ? new URL(url).searchParams.getAll('d') : [];
  if (name.length !== 1 || !/^[\w.-]{1,64}$/.test(name[0] ?? '')) throw new BadWebhook('d');
  return name[0] ?? '';
}
