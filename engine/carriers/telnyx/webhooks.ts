import type { ReportStatus } from '../../rules/status.ts';
import {
  BadWebhook,
  type CarrierEvents,
  type InboundText,
  type NamedReport,
  tryNameIn,
  type Webhook,
} from '../carrier.ts';
import { hundredthsOfAPenny, isCarrierId } from '../sending.ts';
import { errorCodeIn, LANDLINE_CODES, meaningOf, UNREACHABLE_CODES } from './codes.ts';

/**
 * What a webhook of Telnyx's says. Texts and reports look alike, whatever address they come to:
 *
 *     {"data":{"event_type":"message.received","id":"…","record_type":"event","payload":{
 *       "id":"84cca175-…","direction":"inbound","type":"MMS","from":{"phone_number":"+14447778888"},
 *       "to":[{"phone_number":"+14445556666","status":"webhook_delivered"}],"text":"Look",
 *       "media":[{"url":"https://…","content_type":"image/png"}],"autoresponse_type":null,"errors":[],"parts":1}}}
 *     {"data":{"event_type":"message.finalized","payload":{"id":"40385f64-…","direction":"outbound",
 *       "to":[{"phone_number":"+14447778888","status":"delivery_failed"}],"errors":[{"code":"40008",…}],"parts":1,
 *       "webhook_url":"https://us.example/telnyx/report?d=1-2-1"}}}
 *
 * Other events (of campaigns, numbers, spend limits) concern nobody here. The name of the try is read from the signed
 * body, since the address of the request is not signed.
 * Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export function parse({ body }: Webhook): CarrierEvents {
  const { data } = objectOf(jsonIn(body), 'body');
  const { event_type: event, payload } = objectOf(data, 'data');
  if (event === 'message.received') return { texts: [textIn(objectOf(payload, 'payload'))], reports: [] };
  if (event === 'message.sent' || event === 'message.finalized') {
    return { texts: [], reports: reportsIn(objectOf(payload, 'payload'), event === 'message.finalized') };
  }
  return { texts: [], reports: [] };
}

type Json = Readonly<Record<string, unknown>>;

function textIn(payload: Json): InboundText {
  const [to]: unknown[] = Array.isArray(payload.to) ? payload.to : [];
  return {
    carrierId: carrierIdIn(payload),
    from: addressIn(payload.from, 'from'),
    to: addressIn(to, 'to'),
    text: typeof payload.text === 'string' ? payload.text : '',
    ...mediaIn(payload.media),
    intent: intents.get(String(payload.autoresponse_type ?? '').toUpperCase()) ?? null,
  };
}

/**
 * What Telnyx has answered by itself.
 * Source: https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out
 */
const intents: ReadonlyMap<string, InboundText['intent']> = new Map([
  ['STOP', 'optout'],
  ['START', 'optin'],
  ['HELP', 'help'],
]);

/** An unknown status reports nothing. */
function reportsIn(payload: Json, isFinal: boolean): NamedReport[] {
  const carrierId = carrierIdIn(payload);
  const [to]: unknown[] = Array.isArray(payload.to) ? payload.to : [];
  const status = statuses.get(String(objectOf(to, 'to').status));
  if (status === undefined) return [];
  const errorCode = errorCodeIn(payload.errors);
  const isLost = status === 'failed' || status === 'undelivered';
  return [
    {
      tryName: tryNameIn(String(payload.webhook_url ?? '')),
      carrierId,
      status,
      errorCode,
      meaning: isLost && errorCode !== null ? meaningOf(errorCode) : null,
      unreachable: UNREACHABLE_CODES.has(errorCode ?? 0),
      landline: LANDLINE_CODES.has(errorCode ?? 0),
      sequence: null,
      units: typeof payload.parts === 'number' ? payload.parts : null,
      // Reports have no numbers by which a repeated cost could be told: the last one counts.
      carrierCost: isFinal ? costIn(payload) : null,
      network: null,
    },
  ];
}

/** `{"amount":"0.0051","currency":"USD"}`, fees included. */
function costIn({ cost }: Json): number | null {
  if (typeof cost !== 'object' || cost === null || !('amount' in cost)) return null;
  return hundredthsOfAPenny(String(cost.amount));
}

/**
 * Of a text that is never confirmed nothing more will come, so it stays sent. What failed before it reached the
 * recipient's carrier is not charged; what that carrier did not deliver is.
 * Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
const statuses: ReadonlyMap<string, ReportStatus> = new Map([
  ['queued', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivery_unconfirmed', 'sent'],
  ['delivered', 'delivered'],
  ['delivery_failed', 'undelivered'],
  ['sending_failed', 'failed'],
  ['expired', 'failed'],
  ['cancelled', 'failed'],
]);

function carrierIdIn({ id }: Json): string {
  if (!isCarrierId(id)) throw new BadWebhook('id');
  return id;
}

/** A phone number in E.164, a short code or a sender name. */
function addressIn(party: unknown, name: string): string {
  const { phone_number: value } = objectOf(party, name);
  if (typeof value !== 'string' || !/^[^\p{C}]{1,20}$/u.test(value)) throw new BadWebhook(name);
  return value;
}

/**
 * What one MMS may hold on the way out.
 * Source: https://developers.telnyx.com/docs/messaging/messages/mms-transcoding/index
 */
const MOST_MEDIA = 10;

function mediaIn(media: unknown): { media: string[]; mediaLeftOut?: number } {
  const sent = (Array.isArray(media) ? media : [])
    .map((one: unknown) => (typeof one === 'object' && one !== null && 'url' in one ? String(one.url) : ''))
    .filter((address) => /^https?:/i.test(address) && URL.canParse(address));
  const kept = sent.slice(0, MOST_MEDIA);
  return sent.length === kept.length ? { media: kept } : { media: kept, mediaLeftOut: sent.length - kept.length };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new BadWebhook('body');
  }
}

function objectOf(value: unknown, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadWebhook(name);
  return { ...value };
}
