import type { Carrier, ErrorMeaning, OutboundText, SendVerdict } from '../carrier.ts';
import { isCarrierId, objectIn, openSending, reasonIn, subjectOf, type VerdictOf, waitIn } from '../sending.ts';
import { errorCodeIn, errorMeanings } from './codes.ts';

/**
 * The way out to Telnyx.
 *
 *     POST /v2/messages
 *     {"from":"+14445556666","to":"+14447778888","text":"Hi","webhook_url":"https://us.example/telnyx/report?d=1-2-1",
 *      "use_profile_webhooks":false}               an MMS has "type":"MMS","media_urls":["https://..."] as well
 *     200 {"data":{"record_type":"message","id":"40385f64-5717-4562-b3fc-2c963f66afa6","to":[{"status":"queued"}],...}}
 *     4xx {"errors":[{"code":"40300","title":"Blocked due to STOP message","detail":"..."}]}
 *
 * Source: https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export function openTelnyxSending({ apiKey, apiUrl, ...limits }: SendSettings): Pick<Carrier, 'send' | 'close'> {
  return openSending({
    ...limits,
    url: `${apiUrl.replace(/\/+$/, '')}/v2/messages`,
    authorization: `Bearer ${apiKey}`,
    bodyOf: requestBody,
    verdictOf,
  });
}

export type SendSettings = { apiKey: string; apiUrl: string; timeoutMs: number; connections?: number };

/** Reports go to our address alone: at the profile's they would arrive among the inbound texts. */
function requestBody({ from, to, text, media, reportUrl }: OutboundText): string {
  const mms = media.length > 0 ? { type: 'MMS', media_urls: media } : {};
  const words = text === '' ? {} : { text };
  return JSON.stringify({ from, to, ...words, ...mms, webhook_url: reportUrl, use_profile_webhooks: false });
}

/** What an answer means: its error code decides, and where that is none that we know, its words and its status. */
export const verdictOf: VerdictOf = ({ status, body, retryAfter }) => {
  const answer = objectIn(body);
  if (status >= 200 && status < 300) {
    const { data } = answer;
    const carrierId = typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined;
    if (isCarrierId(carrierId)) return { kind: 'accepted', carrierId };
    return { kind: 'unknown', reason: `${status} without an id` };
  }
  const errorCode = errorCodeIn(answer.errors);
  const reason = `${status} ${reasonIn(wordsIn(answer.errors))}`.trim();
  const meaning = status >= 400 && status < 500 ? meaningOfRefusal(status, errorCode, reason) : 'retry';
  return verdict({ meaning, errorCode: errorCode ?? status, reason, status, retryAfter });
};

/** A proxy names no code, and neither does a wrong TELNYX_API_URL; and no page has all codes of accounts that are held. */
function meaningOfRefusal(status: number, errorCode: number | null, reason: string): ErrorMeaning {
  const known = errorCode === null ? undefined : errorMeanings.get(errorCode);
  if (known !== undefined) return known;
  if (subjectOf(status, reason) !== 'text') return 'paused';
  return status === 408 || status === 429 ? 'retry' : 'failed';
}

type Refused = Pick<Parameters<VerdictOf>[0], 'status' | 'retryAfter'> & {
  meaning: ErrorMeaning;
  errorCode: number;
  reason: string;
};

function verdict({ meaning, errorCode, reason, status, retryAfter }: Refused): SendVerdict {
  switch (meaning) {
    case 'paused':
      return { kind: 'paused', errorCode, reason };
    case 'optout':
      return { kind: 'failed', reason, optedOut: true, errorCode };
    case 'failed':
      return { kind: 'failed', reason, errorCode };
    default:
      return { kind: 'retry', throttled: status === 429, retryAfterMs: waitIn(retryAfter, Date.now()), reason };
  }
}

/** `code title`: the detail may quote phone numbers and text. */
function wordsIn(errors: unknown): string {
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  if (typeof first !== 'object' || first === null) return '';
  const { code = '', title = '' } = first as { code?: unknown; title?: unknown };
  return `${String(code)} ${String(title)}`.trim();
}
