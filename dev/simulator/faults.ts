import { type Answer, hold, reset, sendJson, sendLate, trickle } from './answer.ts';
import type { Text } from './log.ts';
import type { Step } from './report-fields.ts';
import type { Signing } from './signature.ts';

/**
 * A fault that somebody asked for: which, for whom (`phone`: the handset, `number`: the account's own number; nobody
 * named: everybody), how often (`times`, `probability` from 0 to 1) and its details. `ms` are real milliseconds, whatever the time scale.
 */
export type Fault = {
  kind: FaultKind;
  phone?: string;
  number?: string;
  times?: number;
  probability?: number;
  ms?: number;
  code?: string;
  retryAfter?: number;
};
export type FaultKind = keyof typeof faultKinds;

/** Bad answers to a send. `accepts`: the text reaches the handset all the same. */
type AnswerFault = {
  stage: 'answer';
  accepts: boolean;
  help: string;
  reply: (answer: Answer, fault: Fault) => unknown;
};
/** Reports that differ from sent, delivered. `unseen`: the handset never shows the text. */
type ReportFault = {
  stage: 'reports';
  unseen?: true;
  /** Strikes texts from long codes alone. */
  onlyLong?: true;
  help: string;
  plan: (steps: Step[], fault: Fault, sent: Sent) => Step[];
};
type Sent = { text: Text; timeScale: number };
/** Inbound webhooks that come more than once, or signed in another way. */
type WebhookFault = { stage: 'webhook'; help: string; copies: number; gapMs: number; signing?: Signing };
export type Stage = 'answer' | 'reports' | 'webhook';

/**
 * Everything that can go wrong on purpose: a new fault is a new row. Sources:
 *
 *     docs.plivo.com/docs/messaging/api/response (2026)       400, 401, 404, 405, 429 and 500, with their errors
 *     github.com/plivo/plivo-node: lib/rest/axios.js          a 403 of Message/ is GeoPermissionError; 402, 502 and 503
 *         (2026-06) and CHANGELOG.md                          fall through
 *     github.com/plivo/plivo-cli: docs/errors.md (2026)       AUTH_FORBIDDEN is a 403 as well, and OUTBOUND_DISABLED,
 *                                                             GEO_PERMISSION_DENIED, INSUFFICIENT_FUNDS; 408 and 504
 *     support.plivo.com/support/solutions/articles/           the words "Insufficient Credit"
 *         17000088423
 *     plivo.com/docs/messaging/troubleshooting/error-codes    the codes of reports; 420: 14814454609561 of support
 *     plivo.com/docs/messaging/api/message/                   read; the page before it had rejected as well
 *         message-status-callbacks
 *     support.plivo.com/hc/en-us/articles/360041315292        many networks report no delivery, so that sent stays
 *
 * Assumptions: the words of 403s and of a disabled account, and the HTTP status of "Insufficient Credit": no page has
 * them, so `code` sets the status.
 */
export const faultKinds = {
  '400': refuse(400, 'src is not a valid number of this account'),
  '401': refuse(401, 'Could not verify your access level for that URL.'),
  '402': refuse(402, 'insufficient credit'),
  '403': refuse(403, 'Forbidden'),
  '403_geo': refuse(403, 'Message not sent: Geo Permissions of this account do not allow the destination country'),
  '404': refuse(404, 'not found'),
  '405': refuse(405, 'method not allowed'),
  '408': refuse(408, 'request timeout'),
  '429': refuse(429, 'rate limit exceeded'),
  '500': refuse(500, 'internal server error'),
  '502': refuse(502, 'bad gateway'),
  '503': refuse(503, 'service unavailable'),
  '504': refuse(504, 'gateway timeout'),
  no_credit: refuse(402, 'Insufficient Credit'),
  account_disabled: refuse(403, 'Your account has been disabled'),
  outbound_disabled: refuse(403, 'Outbound messages are disabled for this account'),
  caller_id: refuse(400, 'This caller ID is not allowed for outbound message'),
  error_in_200: refuse(200, 'something went wrong'),
  timeout_before: answer(false, 'no answer for `ms` (60,000) and the text is not taken', (a, f) => hold(a, f.ms)),
  timeout_after: answer(true, 'no answer for `ms` (60,000), but the text is taken', (a, f) => hold(a, f.ms)),
  reset_before: answer(false, 'connection reset, the text is not taken', reset),
  reset_after: answer(true, 'connection reset, but the text is taken', reset),
  slow: answer(true, 'the answer comes after `ms` (2,000)', (a, f) => sendLate(a, f.ms)),
  trickle: answer(true, 'the answer takes `ms` (2,000) from its first byte to its last', (a, f) => trickle(a, f.ms)),
  wrong_json: answer(true, 'an answer that is cut off in the middle', (a) =>
    sendJson(a.res, a.status, a.body.slice(0, a.body.length / 2)),
  ),
  report_lost: reports('no report, ever', () => []),
  report_skips_sent: reports('delivered alone, without sent before it', (steps) => steps.slice(-1)),
  report_stays_sent: reports('sent, and nothing after it', (steps) => steps.slice(0, 1)),
  report_queued_first: reports('queued before the others', (steps) => [
    outcome('queued', 1, '', steps[0]?.waitMs),
    ...steps.map((step) => ({ ...step, sequence: step.sequence + 1 })),
  ]),
  report_read: reports('read after delivered', (steps) => [...steps, outcome('read', steps.length + 1, '')]),
  report_unknown: reports('a status of its own, `code` (buffered), between the others', (steps, fault) => [
    ...steps.slice(0, 1),
    outcome(fault.code ?? 'buffered', 2, ''),
    ...steps.slice(1).map((step) => ({ ...step, sequence: step.sequence + 1 })),
  ]),
  report_rejected: unseen('rejected with `code` (100)', (_, fault) => [outcome('rejected', 1, fault.code ?? '100')]),
  held: reports(
    'the text waits `ms` (5,000) in the carrier’s queue; beyond its message_expiry, or 3 hours, it fails with 420',
    (steps, { ms = 5_000 }, { text, timeScale }) =>
      ms > (text.expiry ?? 10_800) * 1_000 * timeScale
        ? [outcome('failed', 1, '420', ms)]
        : steps.map((step, at) => (at === 0 ? { ...step, waitMs: step.waitMs + ms } : step)),
  ),
  report_doubled: reports('each report twice at once', (steps) =>
    steps.flatMap((step) => [step, { ...step, together: true }]),
  ),
  report_reversed: reports('delivered before sent', (steps) => steps.toReversed()),
  report_first: reports('reports before the answer to the send', (steps) =>
    steps.map((step) => ({ ...step, early: true })),
  ),
  report_late: reports('reports after `ms` (5,000)', (steps, fault) =>
    steps.map((step, at) => (at === 0 ? { ...step, waitMs: step.waitMs + (fault.ms ?? 5_000) } : step)),
  ),
  failed: unseen('failed with `code` (30)', (_, fault) => [outcome('failed', 1, fault.code ?? '30')]),
  undelivered: unseen('undelivered with `code` (300)', (_, fault) => [
    outcome('sent', 1, ''),
    outcome('undelivered', 2, fault.code ?? '300'),
  ]),
  opted_out: unseen('failed with 200: the phone has opted out', () => [outcome('failed', 1, '200')]),
  campaign_rejected: {
    ...unseen('failed with 40 from every long code: their campaign was rejected', () => [outcome('failed', 1, '40')]),
    onlyLong: true,
  },
  number_not_linked: unseen('failed with 40: the number (`number`) is linked to no campaign', () => [
    outcome('failed', 1, '40'),
  ]),
  webhook_doubled: webhook('the same text twice in the same instant', { copies: 2, gapMs: 0 }),
  webhook_repeated: webhook('the same text again a minute later, though it was taken', { copies: 2, gapMs: 60_000 }),
  webhook_forged: webhook('a text signed with the wrong token', { copies: 1, gapMs: 0, signing: 'forged' }),
  webhook_rotating: webhook('signed with two tokens, in lists', { copies: 1, gapMs: 0, signing: 'rotating' }),
  webhook_v2: webhook('signed with V2 alone', { copies: 1, gapMs: 0, signing: 'v2' }),
} as const satisfies Record<string, AnswerFault | ReportFault | WebhookFault>;

export function isFaultKind(kind: unknown): kind is FaultKind {
  return typeof kind === 'string' && Object.hasOwn(faultKinds, kind);
}

export function outcome(status: string, sequence: number, errorCode: string, waitMs = 0): Step {
  return { status, sequence, errorCode, waitMs };
}

function refuse(status: number, error: string): AnswerFault {
  return {
    stage: 'answer',
    accepts: false,
    help: `HTTP \`code\` (${status})${status === 429 ? ', with Retry-After `retryAfter` (1) seconds' : ''}: ${error}`,
    reply: ({ res }, { retryAfter = 1, code = status }) => {
      const headers = status === 429 ? { 'Retry-After': String(retryAfter) } : undefined;
      sendJson(res, Number(code), JSON.stringify({ api_id: crypto.randomUUID(), error }), headers);
    },
  };
}

function answer(accepts: boolean, help: string, reply: AnswerFault['reply']): AnswerFault {
  return { stage: 'answer', accepts, help, reply };
}

function reports(help: string, plan: ReportFault['plan']): ReportFault {
  return { stage: 'reports', help, plan };
}

function unseen(help: string, plan: ReportFault['plan']): ReportFault {
  return { stage: 'reports', unseen: true, help, plan };
}

function webhook(help: string, how: Pick<WebhookFault, 'copies' | 'gapMs' | 'signing'>): WebhookFault {
  return { stage: 'webhook', help, ...how };
}
