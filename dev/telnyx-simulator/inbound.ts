import { randomUUID } from 'node:crypto';
import type { Faults } from './faults.ts';
import { isTaken, type Outcome, type Webhooks } from './webhook.ts';

/** A text that somebody types on a handset; phones in E.164, media as addresses. */
export type Said = { from: string; to: string; text: string; media?: string[] };
export type Heard = Outcome & { messageUuid: string };

/** Brings handsets' texts to the engine as Telnyx does, and minds STOP and START as it does by itself. */
export function openInbound({
  webhookBase,
  webhooks,
  faults,
}: {
  webhookBase: string;
  webhooks: Webhooks;
  faults: Faults;
}) {
  const blocked = new Set<string>();
  const url = `${webhookBase}/telnyx/message`;

  return {
    isBlocked: (phone: string): boolean => blocked.has(phone),
    async text(said: Said): Promise<Heard> {
      const messageUuid = randomUUID();
      const answer = keywords.get(said.text.trim().toUpperCase()) ?? null;
      if (answer === 'STOP') blocked.add(said.from);
      if (answer === 'START') blocked.delete(said.from);
      const fault = faults.pick(said.from, 'webhook_doubled', 'webhook_forged');
      const payload = payloadOf(said, { messageUuid, url, answer });
      const bring = () =>
        webhooks.deliver(url, 'message.received', payload, { forged: fault?.kind === 'webhook_forged' });
      const outcomes = await Promise.all(fault?.kind === 'webhook_doubled' ? [bring(), bring()] : [bring()]);
      const [first = { status: 0, attempts: 0 }] = outcomes;
      return { ...(outcomes.find(({ status }) => isTaken(status)) ?? first), messageUuid };
    },
  };
}

/**
 * Each blocks or unblocks a phone for all numbers of the messaging profile.
 * Source: https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out, "Default behavior"
 */
const keywords: ReadonlyMap<string, 'STOP' | 'START'> = new Map([
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'].map((word) => [word, 'STOP'] as const),
  ...['START', 'UNSTOP'].map((word) => [word, 'START'] as const),
]);

/** Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks, the inbound payload */
function payloadOf(
  { from, to, text, media = [] }: Said,
  { messageUuid, url, answer }: { messageUuid: string; url: string; answer: string | null },
): object {
  return {
    record_type: 'message',
    direction: 'inbound',
    id: messageUuid,
    type: media.length > 0 ? 'MMS' : 'SMS',
    from: { phone_number: from, carrier: 'T-Mobile USA', line_type: 'Wireless' },
    to: [{ phone_number: to, carrier: 'Telnyx', line_type: 'Wireless', status: 'webhook_delivered' }],
    cc: [],
    text,
    media: media.map((address) => ({ url: address, content_type: 'image/jpeg', size: null, hash_sha256: null })),
    autoresponse_type: answer,
    is_spam: false,
    encoding: 'GSM-7',
    parts: 1,
    tags: [],
    cost: { amount: '0.0040', currency: 'USD' },
    errors: [],
    webhook_url: url,
    webhook_failover_url: null,
    received_at: new Date().toISOString(),
    sent_at: null,
    completed_at: null,
    valid_until: null,
  };
}
