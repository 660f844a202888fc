import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import { sendJson } from './answer.ts';
import { chargeFor } from './charge.ts';
import type { Clock } from './clock.ts';
import { failureCodeOf } from './failure-code.ts';
import type { FaultRules } from './fault-rules.ts';
import { outcome } from './faults.ts';
import type { Text, TextLog } from './log.ts';
import type { Numbers, Source } from './numbers.ts';
import type { Step } from './report-fields.ts';
import type { Reporting, Reports } from './reports.ts';
import { readSend, type Send } from './send-request.ts';

export type MessageApi = ReturnType<typeof openMessageApi>;

/**
 * Plivo's `POST /v1/Account/{id}/Message/`: takes a text, answers 202 with its uuid, then reports on it. The answers are
 * those of docs.plivo.com/docs/messaging/api/response (2026). A number that is not the account's is "not allowed for
 * outbound message": support.plivo.com, section 360008204432. Assumption: that is a 400.
 */
export function openMessageApi(options: {
  authId: string;
  authorization: string;
  account: Account;
  numbers: Numbers;
  timeScale: number;
  latencyMs: number;
  reportDelayMs: number;
  reporting: Reporting;
  clock: Clock;
  faults: FaultRules;
  log: TextLog;
  reports: Reports;
  /** The carrier blocks texts from this number to this phone. */
  isStopped: (number: string, phone: string) => boolean;
  onText: (text: Text) => void;
}) {
  const answered: Record<number, number> = {};

  function answer(res: ServerResponse, status: number, body: string): void {
    answered[status] = (answered[status] ?? 0) + 1;
    sendJson(res, status, body);
  }

  function refuse(res: ServerResponse, status: number, error: string): void {
    answer(res, status, JSON.stringify({ api_id: randomUUID(), error }));
  }

  /** Every text of a send, counted as arrived; with the plan of its reports. */
  function take({ src, dsts, text, url, media, method, expiry, log }: Send): Taken[] {
    const source = options.numbers.sourceOf(src);
    return dsts.map((to) => {
      const fault = options.faults.pick('reports', to, src);
      const failure = failureOf({ src, to, text, media, source });
      const steps = failure === '' ? reportPlan(options.reportDelayMs) : [outcome('failed', 1, failure)];
      const uuid = randomUUID();
      const kept = options.log.add({ uuid, from: src, to, text, url, media, at: Date.now(), method, expiry, log });
      const planned = fault ? fault.row.plan(steps, fault, { text: kept.text, timeScale: options.timeScale }) : steps;
      const expired = planned.some(({ errorCode }) => errorCode === '420');
      if (failure === '' && !fault?.row.unseen && !expired) options.onText(kept.text);
      return { ...kept, steps: planned };
    });
  }

  function failureOf({ src, to, text, media, source }: Sent): string {
    if (options.isStopped(src, to)) return '200';
    const failure = failureCodeOf({ text, media, to, source });
    if (failure !== '' || options.account.isUnlimited) return failure;
    return options.account.charge(chargeFor({ text, media, to, source }).dollars) ? '' : '900';
  }

  function report(taken: Taken[]): Promise<unknown> | undefined {
    if (options.reporting === 'none') return undefined;
    const from = options.reporting === 'final' ? -1 : 0;
    return Promise.all(taken.map(({ text, steps }) => options.reports.start(text, steps.slice(from))));
  }

  async function handle(header: string | undefined, raw: string | URLSearchParams, res: ServerResponse): Promise<void> {
    if (header !== options.authorization) return refuse(res, 401, 'Could not verify your access level for that URL.');
    const refusal = options.account.refusal();
    if (refusal) return refuse(res, refusal.status, refusal.error);
    const send = readSend(raw);
    if (typeof send === 'string') return refuse(res, 400, send);
    if (!options.numbers.has(send.src)) return refuse(res, 400, 'This caller ID is not allowed for outbound message');

    const fault = options.faults.pick('answer', send.dsts[0] ?? '', send.src);
    if (fault && !fault.row.accepts) {
      fault.row.reply({ res, status: 0, body: '', clock: options.clock }, fault);
      return;
    }
    const taken = take(send);
    if (taken[0]?.written) await Promise.all(taken.map(({ written }) => written));
    if (options.latencyMs > 0) await options.clock.wait(options.latencyMs);
    const early = taken.some(({ steps }) => steps[0]?.early);
    if (early) await report(taken);
    const body = acceptedBody(taken, send.invalid);
    if (fault) fault.row.reply({ res, status: 202, body, clock: options.clock }, fault);
    else answer(res, 202, body);
    if (!early) void report(taken);
  }

  return { path: `/v1/Account/${options.authId}/Message/`, answered, handle };
}

type Sent = { src: string; to: string; text: string; media: string[]; source: Source };

type Taken = { text: Text; written: Promise<void> | undefined; steps: Step[] };

function reportPlan(waitMs: number): Step[] {
  return [outcome('sent', 1, '', waitMs), outcome('delivered', 2, '000', waitMs)];
}

function acceptedBody(taken: Taken[], invalid: string[]): string {
  return JSON.stringify({
    api_id: randomUUID(),
    ...(invalid.length > 0 ? { invalid_number: invalid } : {}),
    message: 'message(s) queued',
    message_uuid: taken.map(({ text }) => text.uuid),
  });
}
