import { randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { isTaken, type Webhooks } from './webhook.ts';

/** Who calls which of our numbers; phones in E.164. */
export type Call = { from: string; to: string };
/** `said` is empty where the call could not be answered: the caller hears a tone, and is hung up on. */
export type Answered = { status: number; said: string };

/**
 * Brings calls to the engine as Plivo does: it asks the application's answer address what to do, and does it. The fields:
 * docs.plivo.com/docs/account/api/application (2026); the answer: www.plivo.com/docs/voice/xml/request.
 */
export function openCalls(options: {
  webhookBase: string;
  webhooks: Webhooks;
  onAnswer: (call: Call, answered: Answered) => void;
}) {
  async function ask({ from, to }: Call): Promise<Answered> {
    const fields = {
      CallUUID: randomUUID(),
      From: from.replace('+', ''),
      To: to.replace('+', ''),
      CallStatus: 'ringing',
      Direction: 'inbound',
    };
    const answer = await options.webhooks.ask(`${options.webhookBase}/plivo/call`, fields);
    if (answer === undefined || !isTaken(answer.status)) return { status: answer?.status ?? 0, said: '' };
    return { status: answer.status, said: saidIn(answer.body) };
  }
  return async (call: Call): Promise<Answered> => {
    const answered = await ask(call);
    options.onAnswer(call, answered);
    return answered;
  };
}

/** What is read aloud, once. Elements that this machine does not know are left out, as Plivo leaves the call at the first of them. */
function saidIn(xml: string): string {
  const { Response = {} } = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Speak' }).parse(xml) as {
    Response?: { Speak?: readonly (string | { '#text'?: string })[] };
  };
  return (Response.Speak ?? []).map((one) => (typeof one === 'string' ? one : (one['#text'] ?? ''))).join(' ');
}
