import type { Carrier, OutboundText } from '../carrier.ts';
import { isCarrierId, objectIn, openSending, reasonIn, subjectOf, type VerdictOf, waitIn } from '../sending.ts';

/**
 * The way out to Plivo, with the request of its SDK, key by key.
 *
 *     POST /v1/Account/MAXXXX/Message/
 *     {"src":"+14445556666","dst":"+14447778888","text":"Hi","url":"https://us.example/plivo/status?d=1-2-1",
 *      "method":"POST","message_expiry":3600}      an MMS has "type":"mms","media_urls":["https://..."] as well,
 *                                                  a PIN "message_expiry":600,"log":false
 *     202 {"api_id":"db34...","message":"message(s) queued","message_uuid":["db3ce55a-7f1d-11e1-8ea7-1231380bc196"]}
 *     400 {"api_id":"97ce...","error":"src parameter not present"}
 */
export function openPlivoSending({
  authId,
  authToken,
  apiUrl,
  ...limits
}: SendSettings): Pick<Carrier, 'send' | 'close'> {
  return openSending({
    ...limits,
    url: `${apiUrl.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}/Message/`,
    authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
    bodyOf: requestBody,
    verdictOf,
  });
}

export type SendSettings = {
  authId: string;
  authToken: string;
  apiUrl: string;
  timeoutMs: number;
  connections?: number;
};

/** What the SDK's `messages.create(from, to, text, {url, method, type, ...})` posts, key by key. */
function requestBody({ from, to, text, media, isSecret, reportUrl }: OutboundText): string {
  const mms = media.length > 0 ? { type: 'mms', media_urls: media } : {};
  const kept = isSecret ? SECRET : PLAIN;
  return JSON.stringify({ url: reportUrl, method: 'POST', ...mms, ...kept, src: from, dst: to, text });
}

/**
 * How long Plivo may hold a text, in seconds; without it, three hours. A chat is over in an hour, and a PIN that comes
 * when it is nearly void sends its reader in circles. Plivo keeps every text in its log for days, a PIN not.
 * Source: https://www.plivo.com/docs/messaging/api/messages.md
 */
const PLAIN = { message_expiry: 3_600 } as const;
const SECRET = { message_expiry: 600, log: false } as const;

/** What an answer means. */
const verdictOf: VerdictOf = ({ status, body, retryAfter }) => {
  const answer = objectIn(body);
  if (status >= 200 && status < 300) {
    const carrierId = [answer.message_uuid].flat()[0];
    if (isCarrierId(carrierId)) return { kind: 'accepted', carrierId };
    return { kind: 'unknown', reason: `${status} without a message_uuid` };
  }
  const reason = `${status} ${reasonIn(answer.error)}`.trim();
  const subject = status >= 400 && status < 500 ? subjectOf(status, reason) : 'text';
  if (subject === 'number') return { kind: 'paused', only: 'number', errorCode: status, reason };
  if (subject === 'account') return { kind: 'paused', errorCode: pauseCodeOf(status, reason), reason };
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { kind: 'failed', reason };
  // A redirect (PLIVO_API_URL is wrong) has taken nothing either, and an operator can mend it.
  return { kind: 'retry', throttled: status === 429, retryAfterMs: waitIn(retryAfter, Date.now()), reason };
};

/** The code that a report would have for it, for the operator's eyes; the status where there is none. */
function pauseCodeOf(status: number, reason: string): number {
  if (status === 402 || /credit/i.test(reason)) return 900;
  return /disabled|suspended/i.test(reason) ? 910 : status;
}
