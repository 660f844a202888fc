import { type ReportStatus, reportStatuses } from '../../rules/status.ts';
import {
  BadWebhook,
  type CarrierEvents,
  type CarrierReport,
  type InboundText,
  tryNameIn,
  type Webhook,
} from '../carrier.ts';
import { hundredthsOfAPenny } from '../sending.ts';
import { LANDLINE_CODES, meaningOf, UNREACHABLE_CODES } from './codes.ts';
import { type Fields, fieldsOf } from './form.ts';
import { mediaLimits } from './media.ts';

/** What a webhook of Plivo's says: the address tells a text from a report. */
export function parse(webhook: Webhook): CarrierEvents {
  const fields = fieldsOf(webhook);
  if (webhook.kind === 'message') return { texts: [parseInbound(fields)], reports: [] };
  const tryName = tryNameIn(webhook.url);
  const report = parseReport(fields);
  return { texts: [], reports: report === null ? [] : [{ tryName, ...report }] };
}

/**
 * A text from a handset. Plivo posts a form; long texts come joined, numbers without `+`:
 *
 *     SMS  From=14447778888 To=14445556666 Type=sms Text=Hi%20all MessageUUID=db3ce55a-7f1d-11e1-8ea7-1231380bc196
 *          MessageIntent= Units=1 TotalRate=0.00000 TotalAmount=0.00000 PowerpackUUID=
 *     STOP the same with Text=STOP MessageIntent=optout (START: optin, HELP: help): Plivo has answered already
 *     MMS  From=14447778888 To=14445556666 Type=mms Body=Look MessageUUID=… MediaCount=2
 *          Media0=https://media.plivo.com/Account/MA…/Message/…/Media/… Media1=https://…
 *
 * The pages number media from 1, the support articles from 0, and an MMS may be nothing but media.
 */
export function parseInbound(fields: Fields): InboundText {
  const carrierId = carrierIdIn(fields);
  const isMms = optional(fields, 'Type')?.toLowerCase() === 'mms';
  const text = optional(fields, 'Text');
  const body = optional(fields, 'Body');
  return {
    carrierId,
    from: addressIn(fields, 'From'),
    to: addressIn(fields, 'To'),
    text: (isMms ? (body ?? text) : (text ?? body)) ?? '',
    ...mediaIn(fields),
    intent: intents.get(optional(fields, 'MessageIntent')?.trim().toLowerCase() ?? '') ?? null,
  };
}

/**
 * What became of a text that we sent:
 *
 *     MessageUUID=… From=14445556666 To=14447778888 Type=sms Status=undelivered ErrorCode=50 Sequence=3 Units=1
 *     TotalRate=0.0077 TotalAmount=0.0077 CarrierFees=0.0040 MCC=310 MNC=004 ParentMessageUUID=… PartInfo=1%20of%201
 *     MessageTime=… QueuedTime=… SentTime=… DeliveryReportTime=… PowerpackUUID=
 *
 * Status and MessageUUID must be there; a number that cannot be read counts as missing, because the rest of
 * the report is still of use. An unknown status (`read`, or a new one) gives null. PartInfo and ParentMessageUUID are "reserved", as Plivo's page says, and left alone.
 */
export function parseReport(fields: Fields): CarrierReport | null {
  const carrierId = carrierIdIn(fields);
  const word = optional(fields, 'Status')?.trim().toLowerCase() ?? '';
  if (word === '') throw new BadWebhook('Status');
  const status = statuses.get(word);
  if (status === undefined) return null;
  const errorCode = numberIn(fields, 'ErrorCode') || null;
  return {
    carrierId,
    status,
    errorCode,
    meaning: errorCode === null ? null : meaningOf(errorCode),
    unreachable: UNREACHABLE_CODES.has(errorCode ?? 0),
    landline: LANDLINE_CODES.has(errorCode ?? 0),
    sequence: numberIn(fields, 'Sequence'),
    units: numberIn(fields, 'Units') ?? numberIn(fields, 'TotalUnits'),
    carrierCost: costIn(fields),
    network: networkIn(fields),
  };
}

/** Plivo's words are ours, but for one of its older pages. */
const statuses: ReadonlyMap<string, ReportStatus> = new Map([
  ...reportStatuses.map((status): [string, ReportStatus] => [status, status]),
  ['rejected', 'failed'],
]);

const intents: ReadonlyMap<string, InboundText['intent']> = new Map([
  ['optout', 'optout'],
  ['optin', 'optin'],
  ['help', 'help'],
]);

function carrierIdIn(fields: Fields): string {
  const value = optional(fields, 'MessageUUID')?.trim() ?? '';
  if (!uuid.test(value)) throw new BadWebhook('MessageUUID');
  return value;
}

/**
 * "A 36-character string", and a UUID in every example. A signature has no borders between names and values: anybody who saw
 * one webhook could else move the names that follow into this value, and so make another text of it.
 * Source: https://www.plivo.com/docs/messaging/api/messages/
 */
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A phone number gets its `+`; a short code or a sender name stays as it came. A raw `+` in a form reads as a space. */
function addressIn(fields: Fields, name: string): string {
  const value = optional(fields, name)?.trim() ?? '';
  if (/^\+?\d{8,15}$/.test(value)) return value.startsWith('+') ? value : `+${value}`;
  if (!/^[^\p{C}]{1,20}$/u.test(value) || /^\+?\d{16,}$/.test(value)) throw new BadWebhook(name);
  return value;
}

/** What is more than the carrier would take on the way out is left out; the words always go on. */
function mediaIn(fields: Fields): { media: string[]; mediaLeftOut?: number } {
  const sent = Object.keys(fields)
    .filter((name) => /^Media\d{1,3}$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .map((name) => optional(fields, name)?.trim() ?? '')
    .filter((address) => /^https?:/i.test(address) && URL.canParse(address));
  const media = sent.slice(0, mediaLimits.count.limit);
  return sent.length === media.length ? { media } : { media, mediaLeftOut: sent.length - media.length };
}

function numberIn(fields: Fields, name: string): number | null {
  const value = optional(fields, name)?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? Number(value) : null;
}

/** The carriers' fees stand apart from what Plivo itself takes. */
function costIn(fields: Fields): number | null {
  const amount = hundredthsOfAPenny(optional(fields, 'TotalAmount') ?? '');
  return amount === null ? null : amount + (hundredthsOfAPenny(optional(fields, 'CarrierFees') ?? '') ?? 0);
}

function networkIn(fields: Fields): string | null {
  const code = `${optional(fields, 'MCC')?.trim() ?? ''}${optional(fields, 'MNC')?.trim() ?? ''}`;
  return /^\d{5,6}$/.test(code) ? code : null;
}

/** A field that came twice is nothing that Plivo sends, so it is not for us to choose one. */
function optional(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value !== undefined && typeof value !== 'string') throw new BadWebhook(name);
  return value;
}
