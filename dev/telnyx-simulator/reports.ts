import type { Text } from '../simulator/log.ts';
import type { Fault } from './faults.ts';
import type { Webhooks } from './webhook.ts';

export type Reports = ReturnType<typeof openReports>;

/**
 * Reports to the address that came with each text: sent, then how it ended.
 * Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export function openReports(webhooks: Webhooks) {
  const idle: (() => void)[] = [];
  let open = 0;

  async function report(text: Text, fault: Extract<Fault, { kind: 'lost' }> | undefined): Promise<void> {
    if (fault?.status !== 'sending_failed') {
      await webhooks.deliver(text.url, 'message.sent', payloadOf(text, { status: 'sent' }));
    }
    const { status = 'delivered', code } = fault ?? {};
    await webhooks.deliver(text.url, 'message.finalized', payloadOf(text, { status, ...(code ? { code } : {}) }));
  }

  return {
    start(text: Text, fault?: Extract<Fault, { kind: 'lost' }>): void {
      if (text.url === '') return;
      open += 1;
      void report(text, fault).finally(() => {
        open -= 1;
        if (open === 0) for (const resolve of idle.splice(0)) resolve();
      });
    },
    /** Resolves when every report has been taken or given up. */
    settled(): Promise<void> {
      return open === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
  };
}

/** An outbound message, as the answer to a send and the webhooks about it show it. */
export function payloadOf(text: Text, { status, code }: { status: string; code?: string }): object {
  const at = new Date(text.at).toISOString();
  return {
    record_type: 'message',
    direction: 'outbound',
    id: text.uuid,
    type: text.media.length > 0 ? 'MMS' : 'SMS',
    from: { phone_number: text.from, carrier: 'Telnyx', line_type: 'Wireless' },
    to: [{ phone_number: text.to, status, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' }],
    cc: [],
    text: text.text,
    media: text.media.map((url) => ({ url, content_type: null, sha256: null, size: null })),
    webhook_url: text.url,
    webhook_failover_url: '',
    encoding: 'GSM-7',
    parts: 1,
    tags: [],
    cost: { amount: '0.0051', currency: 'USD' },
    errors: code === undefined ? [] : [{ code, title: 'Not delivered', detail: 'Not delivered' }],
    received_at: at,
    sent_at: status === 'queued' ? null : at,
    completed_at: status === 'queued' || status === 'sent' ? null : new Date().toISOString(),
    valid_until: null,
  };
}
