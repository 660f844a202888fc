import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from './store.ts';

/** What a provider tells by itself, as Stripe words it. */
export type Event = {
  id: string;
  object: 'event';
  type: string;
  created: number;
  livemode: false;
  data: { object: object };
};
/** Where events go, and the secret that signs them. */
export type Webhook = { url: string; secret: string };

/** Events about an object as it is now: a picture, because it may change before it gets there. */
export function eventOf(store: Store, type: string, about: object): Event {
  return {
    id: store.newId('evt'),
    object: 'event',
    type,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: structuredClone(about) },
  };
}

/** Posts an event, signed; the status of the answer. */
export async function post(event: Event, { url, secret }: Webhook): Promise<number> {
  const body = JSON.stringify(event);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': sign(body, secret) },
    body,
    signal: AbortSignal.timeout(20_000),
  });
  await answer.text();
  return answer.status;
}

/** The header `Stripe-Signature` (https://docs.stripe.com/webhooks#verify-manually). */
export function sign(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** Posts until it is answered 200, as a provider does; it gives up earlier than one does. */
export async function postUntilTaken(event: Event, webhook: Webhook): Promise<void> {
  for (const waitMs of [0, 500, 2_000, 8_000, 30_000]) {
    await sleep(waitMs);
    const status = await post(event, webhook).catch(() => 0);
    if (status === 200 || status === 404) return;
  }
}
