import { randomUUID } from 'node:crypto';
import { readOrders } from '../simulator/call-xml.ts';
import type { Answered, Call } from '../simulator/calls.ts';
import type { Faults } from './faults.ts';
import { isTaken, type Webhooks } from './webhook.ts';

/**
 * Brings calls to the engine as a TeXML application does whose voice URL is at /telnyx/call, method POST; after a Dial it asks
 * that element's address.
 * Source: https://developers.telnyx.com/docs/voice/programmable-voice/texml-instruction-fetching, .../texml-verbs/dial, and for the
 * fields https://developers.telnyx.com/api-reference/callbacks/texml-call-ringing
 */
export function openCalls({
  webhookBase,
  webhooks,
  faults,
}: {
  webhookBase: string;
  webhooks: Webhooks;
  faults: Faults;
}) {
  async function ask(url: string, fields: Record<string, string>, forged: boolean): Promise<Answered> {
    const { status, body } = await webhooks.ask(url, fields, { forged });
    if (!isTaken(status)) return { status, said: '' };
    const { said, dial } = readOrders(body, 'Say');
    return { status, said, ...(dial === null ? {} : { dialled: dial }) };
  }

  return async ({ from, to, pickedUp = false }: Call): Promise<Answered> => {
    const forged = faults.pick(from, 'webhook_forged') !== undefined;
    const CallSid = `v3:${randomUUID()}`;
    const fields = { AccountSid: randomUUID(), CallSid, CallSidLegacy: CallSid, From: from, To: to };
    const first = await ask(`${webhookBase}/telnyx/call`, { ...fields, CallStatus: 'ringing' }, forged);
    if (first.dialled === undefined) return first;
    const DialCallStatus = pickedUp ? 'completed' : 'no-answer';
    const ended = { ...fields, CallStatus: 'in-progress', DialCallStatus, DialCallSid: `v3:${randomUUID()}` };
    return { ...(await ask(first.dialled.askAt, ended, forged)), dialled: first.dialled };
  };
}
