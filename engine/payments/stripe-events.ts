import Stripe from 'stripe';
import type { PaymentUpdate } from '../rules/payments.ts';
import { type PaymentEvent, UnsignedEvent } from './payments.ts';

/**
 * An event of Stripe’s (https://docs.stripe.com/api/events/types), or null for one that moves no money of a charge.
 * Throws `UnsignedEvent` where the signature is not ours, or is older than five minutes. Sample of a body:
 *
 *   {"id":"evt_1","object":"event","type":"charge.refunded","created":1767225600,
 *    "data":{"object":{"id":"ch_1","object":"charge","payment_intent":"pi_1","amount":1000,"amount_refunded":400}}}
 */
export function readStripeEvent(
  body: string,
  { signature, secret }: { signature: string; secret: string },
): PaymentEvent | null {
  const { id, created, type, data } = checked(body, { signature, secret });
  const object = data?.object as unknown as StripeObject | undefined;
  const read = readers[type];
  if (read === undefined || object === undefined || typeof id !== 'string') return null;
  const isPayment = object.object === 'payment_intent';
  return {
    id,
    paymentRef: isPayment ? object.id : refOf(object.payment_intent),
    chargeRef: isPayment ? refOf(object.latest_charge) : object.object === 'charge' ? object.id : refOf(object.charge),
    update: { subject: null, amount: 0, ...read(object), atMs: Number.isFinite(created) ? created * 1000 : Date.now() },
  };
}

/** The parts of charges, payment intents, refunds and disputes that tell what became of the money. */
type StripeObject = {
  id: string;
  object: string;
  status?: string;
  amount?: number;
  amount_refunded?: number;
  payment_intent?: Reference;
  charge?: Reference;
  latest_charge?: Reference;
};
/** The name of an object, or the object itself. */
type Reference = string | { id: string } | null;

type Read = (object: StripeObject) => Pick<PaymentUpdate, 'kind'> & Partial<PaymentUpdate>;

const refund: Read = ({ id, amount = 0, status = '' }) => ({
  kind: ['failed', 'canceled'].includes(status) ? 'refund_failed' : 'refund',
  subject: id,
  amount,
});
/** An inquiry (`warning_…`) withholds nothing yet. */
const dispute: Read = ({ id, amount = 0, status = '' }) => ({
  kind: status === 'won' || status.startsWith('warning_') ? 'dispute_cleared' : 'dispute',
  subject: id,
  amount,
});

const readers: { readonly [type: string]: Read } = {
  'payment_intent.succeeded': () => ({ kind: 'paid' }),
  'charge.succeeded': () => ({ kind: 'paid' }),
  'payment_intent.payment_failed': () => ({ kind: 'failed' }),
  'charge.failed': () => ({ kind: 'failed' }),
  'charge.refunded': ({ amount_refunded: amount = 0 }) => ({ kind: 'refund_total', amount }),
  'refund.created': refund,
  'refund.updated': refund,
  'refund.failed': (object) => ({ ...refund(object), kind: 'refund_failed' }),
  'charge.refund.updated': refund,
  'charge.dispute.created': dispute,
  'charge.dispute.updated': dispute,
  'charge.dispute.closed': dispute,
  'charge.dispute.funds_withdrawn': (object) => ({ ...dispute(object), kind: 'dispute' }),
  'charge.dispute.funds_reinstated': (object) => ({ ...dispute(object), kind: 'dispute_cleared' }),
};

function checked(body: string, { signature, secret }: { signature: string; secret: string }): Stripe.Event {
  try {
    return Stripe.webhooks.constructEvent(body, signature, secret);
  } catch (error) {
    // Stripe’s own error holds the whole body.
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) throw new UnsignedEvent();
    throw error;
  }
}

function refOf(reference: Reference | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
