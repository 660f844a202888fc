import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendJson } from './answer.ts';
import type { Clock } from './clock.ts';
import type { FaultRules } from './fault-rules.ts';
import { outcome } from './faults.ts';
import type { Text, TextLog } from './log.ts';
import type { Reporting, Reports, Step } from './reports.ts';
import { readSend, type Send } from './send-request.ts';

export type MessageApi = ReturnType<typeof openMessageApi>;

/** Plivo's `POST /v1/Account/{id}/Message/`: takes a text, answers 202 with its uuid, then reports on it. */
export function openMessageApi(options: {
  authId: string;
  authToken: string;
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
  const credentials = Buffer.from(`${options.authId}:${options.authToken}`).toString('base64');
  const authorization = `Basic ${credentials}`;
  const answered: Record<number, number> = {};

  function answer(res: ServerResponse, status: number, body: string): void {
    answered[status] = (answered[status] ?? 0) + 1;
    sendJson(res, status, body);
  }

  function refuse(res: ServerResponse, status: number, error: string): void {
    answer(res, status, JSON.stringify({ api_id: randomUUID(), error }));
  }

  /** Every text of a send, counted as arrived; with the plan of its reports. */
  function take({ src, dsts, text, url, media }: Send): Taken[] {
    return dsts.map((to) => {
      const fault = options.faults.pick('reports', to);
      const stopped = options.isStopped(src, to);
      const steps = stopped ? [outcome('failed', 1, '200')] : reportPlan(options.reportDelayMs);
      const kept = options.log.add({ uuid: randomUUID(), from: src, to, text, url, media, at: Date.now() });
      if (!stopped && !fault?.row.unseen) options.onText(kept.text);
      return { ...kept, steps: fault ? fault.row.plan(steps, fault) : steps };
    });
  }

  function report(taken: Taken[]): Promise<unknown> | undefined {
    if (options.reporting === 'none') return undefined;
    const from = options.reporting === 'final' ? -1 : 0;
    return Promise.all(taken.map(({ text, steps }) => options.reports.start(text, steps.slice(from))));
  }

  async function handle(header: string | undefined, raw: string | URLSearchParams, res: ServerResponse): Promise<void> {
    if (header !== authorization) return refuse(res, 401, 'Could not verify your access level for that URL.');
    const send = readSend(raw);
    if (typeof send === 'string') return refuse(res, 400, send);

    const fault = options.faults.pick('answer', send.dsts[0] ?? '');
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
