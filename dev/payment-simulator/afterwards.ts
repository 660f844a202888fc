import { type Event, eventOf } from './events.ts';
import { find, invalid } from './refused.ts';
import type { Dispute, Intent, Refund, Store } from './store.ts';

/** What may happen to a payment after it was made. */
export const happenings = {
  refund: (store: Store, intent: Intent, amount?: number) => tellRefund(store, refund(store, intent, amount)),
  /** The bank of the card did not take the last refund. */
  refund_failed: failRefund,
  /** The owner of the card says that they did not want this; the money is withheld at once. */
  dispute: openDispute,
  dispute_won: (store: Store, intent: Intent) => closeDispute(store, intent, 'won'),
  dispute_lost: (store: Store, intent: Intent) => closeDispute(store, intent, 'lost'),
  /** It had succeeded, and has failed after all. */
  failed: failLate,
} as const satisfies Record<string, (store: Store, intent: Intent, amount: number | undefined) => Event[]>;
export type Happening = keyof typeof happenings;

/** Lets it happen, and returns the events that tell of it. `amount`: pennies of a refund; all where it is left out. */
export function happen(
  store: Store,
  { payment, what, amount }: { payment: string; what: Happening; amount?: number | undefined },
): Event[] {
  return happenings[what](store, find(store.intents, payment, 'payment_intent'), amount);
}

/** Pennies of a payment that the seller has after refunds, disputes that are not won, and a late failure. */
export function heldOf(store: Store, payment: string): number {
  const {
    status,
    amount,
    amount_refunded: refunded,
    failed_late: failed,
  } = find(store.intents, payment, 'payment_intent');
  if (status !== 'succeeded' || failed) return 0;
  const disputes = Object.values(store.disputes).filter(
    (one) => one.payment_intent === payment && one.status !== 'won',
  );
  return amount - refunded - disputes.reduce((sum, one) => sum + one.amount, 0);
}

/** So many pennies go back to the card. */
export function refund(store: Store, intent: Intent, amount = intent.amount - intent.amount_refunded): Refund {
  const isThere = intent.status === 'succeeded' && intent.amount_refunded + amount <= intent.amount;
  if (!isThere || !(amount > 0)) throw invalid('There is not that much left to refund.', 'amount');
  intent.amount_refunded += amount;
  const made: Refund = { ...partOf(store, 're', intent), object: 'refund', amount, status: 'succeeded' };
  store.refunds[made.id] = made;
  return made;
}

/** What a provider tells right after it answered a request for an object: how a payment ended, or a refund. */
export function eventsAfter(store: Store, { path, body }: { path: string; body: object }): Event[] {
  const [, payment = ''] = /^\/v1\/payment_intents\/(\w+)\/confirm$/.exec(path) ?? [];
  const intent = store.intents[payment];
  if (intent !== undefined) return tellOutcome(store, intent);
  const made = 'id' in body ? store.refunds[String(body.id)] : undefined;
  return path === '/v1/refunds' && made !== undefined ? tellRefund(store, made) : [];
}

function tellOutcome(store: Store, intent: Intent): Event[] {
  if (intent.status === 'succeeded')
    return [eventOf(store, 'charge.succeeded', chargeOf(intent)), eventOf(store, 'payment_intent.succeeded', intent)];
  return intent.last_payment_error === null ? [] : [eventOf(store, 'payment_intent.payment_failed', intent)];
}

function tellRefund(store: Store, made: Refund): Event[] {
  const intent = find(store.intents, made.payment_intent, 'payment_intent');
  return [eventOf(store, 'refund.created', made), eventOf(store, 'charge.refunded', chargeOf(intent))];
}

function failRefund(store: Store, intent: Intent): Event[] {
  const made = lastOf(store.refunds, intent);
  if (made.status === 'failed') throw invalid('That refund has failed already.', 'refund');
  made.status = 'failed';
  intent.amount_refunded -= made.amount;
  return [eventOf(store, 'refund.failed', made), eventOf(store, 'charge.refund.updated', made)];
}

function openDispute(store: Store, intent: Intent): Event[] {
  const amount = intent.amount - intent.amount_refunded;
  const made: Dispute = { ...partOf(store, 'dp', intent), object: 'dispute', amount, status: 'needs_response' };
  store.disputes[made.id] = made;
  return ['charge.dispute.created', 'charge.dispute.funds_withdrawn'].map((type) => eventOf(store, type, made));
}

function closeDispute(store: Store, intent: Intent, status: 'won' | 'lost'): Event[] {
  const dispute = lastOf(store.disputes, intent);
  dispute.status = status;
  const types = ['charge.dispute.closed', ...(status === 'won' ? ['charge.dispute.funds_reinstated'] : [])];
  return types.map((type) => eventOf(store, type, dispute));
}

function failLate(store: Store, intent: Intent): Event[] {
  intent.failed_late = true;
  return [
    eventOf(store, 'payment_intent.payment_failed', { ...intent, status: 'requires_payment_method' }),
    eventOf(store, 'charge.failed', { ...chargeOf(intent), status: 'failed', paid: false }),
  ];
}

function lastOf<T extends { payment_intent: string }>(table: Record<string, T>, { id }: Intent): T {
  const found = Object.values(table).findLast(({ payment_intent: payment }) => payment === id);
  if (found === undefined) throw invalid('That payment has none.', 'payment_intent');
  return found;
}

function partOf(store: Store, prefix: string, { id: payment_intent, latest_charge: charge, currency }: Intent) {
  return { id: store.newId(prefix), created: Math.floor(Date.now() / 1000), payment_intent, charge, currency };
}

function chargeOf(intent: Intent): object {
  const { latest_charge: id, id: payment_intent, amount, amount_refunded, currency, customer, payment_method } = intent;
  const refunded = amount_refunded === amount;
  return {
    ...{ id, object: 'charge', amount, amount_captured: amount, amount_refunded, refunded, currency, customer },
    ...{ payment_intent, payment_method, paid: true, status: 'succeeded' },
  };
}
