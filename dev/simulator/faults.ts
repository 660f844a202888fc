import { type Answer, hold, reset, sendJson, sendLate, trickle } from './answer.ts';
import type { Step } from './reports.ts';

/**
 * A fault that somebody asked for: which, for whom (`phone`: the handset; nobody named: everybody), how often
 * (`times`, `probability` from 0 to 1) and its details. `ms` are real milliseconds, whatever the time scale.
 */
export type Fault = {
  kind: FaultKind;
  phone?: string;
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
type ReportFault = { stage: 'reports'; unseen?: true; help: string; plan: (steps: Step[], fault: Fault) => Step[] };
/** Inbound webhooks that come more than once, or not from the carrier at all. */
type WebhookFault = { stage: 'webhook'; help: string; copies: number; gapMs: number; forged?: true };
export type Stage = 'answer' | 'reports' | 'webhook';

/** Everything that can go wrong on purpose: a new fault is a new row. */
export const faultKinds = {
  '400': refuse(400, 'src is not a valid number of this account'),
  '402': refuse(402, 'insufficient credit'),
  '429': refuse(429, 'rate limit exceeded'),
  '500': refuse(500, 'internal server error'),
  '502': refuse(502, 'bad gateway'),
  '503': refuse(503, 'service unavailable'),
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
  webhook_doubled: webhook('the same text twice in the same instant', { copies: 2, gapMs: 0 }),
  webhook_repeated: webhook('the same text again a minute later, though it was taken', { copies: 2, gapMs: 60_000 }),
  webhook_forged: webhook('a text signed with the wrong token', { copies: 1, gapMs: 0, forged: true }),
} as const satisfies Record<string, AnswerFault | ReportFault | WebhookFault>;

export function isFaultKind(kind: unknown): kind is FaultKind {
  return typeof kind === 'string' && Object.hasOwn(faultKinds, kind);
}

export function outcome(status: Step['status'], sequence: number, errorCode: string, waitMs = 0): Step {
  return { status, sequence, errorCode, waitMs };
}

function refuse(status: number, error: string): AnswerFault {
  return {
    stage: 'answer',
    accepts: false,
    help: `HTTP ${status}${status === 429 ? ', with Retry-After `retryAfter` (1) seconds' : ''}: ${error}`,
    reply: ({ res }, { retryAfter = 1 }) => {
      const headers = status === 429 ? { 'Retry-After': String(retryAfter) } : undefined;
      sendJson(res, status, JSON.stringify({ api_id: crypto.randomUUID(), error }), headers);
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

function webhook(help: string, how: { copies: number; gapMs: number; forged?: true }): WebhookFault {
  return { stage: 'webhook', help, ...how };
}
