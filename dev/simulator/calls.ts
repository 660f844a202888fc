import { randomUUID } from 'node:crypto';
import { type Dialled, readOrders } from './call-xml.ts';
import { isTaken, type Webhooks } from './webhook.ts';

/** Who calls which of our numbers; phones in E.164. `pickedUp`: the phone that the call is forwarded to is picked up. */
export type Call = { from: string; to: string; pickedUp?: boolean };
/**
 * `said` is what the caller hears in the end; empty where nothing is, or the call could not be answered: a tone. `dialled` is
 * where it was forwarded to before.
 */
export type Answered = { status: number; said: string; dialled?: Dialled };

/**
 * Brings calls to the engine as Plivo does: it asks the application's answer address what to do, and does it; after a Dial it asks
 * that element's address. The fields: docs.plivo.com/docs/account/api/application (2026), www.plivo.com/docs/voice/xml/dial; the
 * answer: www.plivo.com/docs/voice/xml/request.
 */
export function openCalls(options: {
  webhookBase: string;
  webhooks: Webhooks;
  onAnswer: (call: Call, answered: Answered) => void;
}) {
  async function ask(url: string, fields: Record<string, string>): Promise<Answered> {
    const answer = await options.webhooks.ask(url, fields);
    if (answer === undefined || !isTaken(answer.status)) return { status: answer?.status ?? 0, said: '' };
    const { said, dial } = readOrders(answer.body, 'Speak');
    return { status: answer.status, said, ...(dial === null ? {} : { dialled: dial }) };
  }

  async function connect({ from, to, pickedUp = false }: Call): Promise<Answered> {
    const fields = { CallUUID: randomUUID(), From: from.slice(1), To: to.slice(1), Direction: 'inbound' };
    const first = await ask(`${options.webhookBase}/plivo/call`, { ...fields, CallStatus: 'ringing' });
    if (first.dialled === undefined) return first;
    const DialStatus = pickedUp ? 'completed' : 'no-answer';
    const ended = { ...fields, CallStatus: 'in-progress', DialStatus, DialBLegUUID: randomUUID() };
    return { ...(await ask(first.dialled.askAt, ended)), dialled: first.dialled };
  }

  return async (call: Call): Promise<Answered> => {
    const answered = await connect(call);
    options.onAnswer(call, answered);
    return answered;
  };
}
