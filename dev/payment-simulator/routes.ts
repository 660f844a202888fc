import { refund } from './afterwards.ts';
import { lookUpCard, lookUpToken, type TestCard } from './cards.ts';
import { find, invalid, Refused } from './refused.ts';
import type { Intent, Method, Store } from './store.ts';

export type Form = URLSearchParams;
type Route = (store: Store, id: string, form: Form) => object;

/** Stripe’s API as far as we use it; `:id` stands for an object’s name. */
export const routes: Record<string, Route> = {
  'POST /v1/customers': (store, _, form) =>
    keep(store.customers, {
      id: store.newId('cus'),
      object: 'customer',
      created: now(),
      email: form.get('email'),
    }),
  'GET /v1/customers/:id': (store, id) => find(store.customers, id, 'customer'),

  // What a browser does with the card, and what a server then sends in its place.
  'POST /v1/tokens': (store, _, form) => {
    const id = store.newId('tok');
    const card = readCard(form);
    store.cards[id] = card;
    return { id, object: 'token', type: 'card', created: now(), used: false, card: shown(card) };
  },
  'POST /v1/payment_methods': (store, _, form) => {
    const token = form.get('card[token]');
    return keepMethod(store, token === null ? readCard(form) : spendToken(store, token), form);
  },
  'GET /v1/payment_methods/:id': (store, id, form) => {
    const known = lookUpToken(id, 'pm_');
    return known === null ? find(store.methods, id, 'PaymentMethod') : keepMethod(store, known, form);
  },

  'POST /v1/payment_intents': (store, _, form) => {
    const amount = Number(form.get('amount'));
    if (!Number.isInteger(amount) || amount < 50) throw invalid('Invalid integer or amount too small', 'amount');
    const customer = form.get('customer');
    if (customer !== null) find(store.customers, customer, 'customer');
    const method = form.get('payment_method');
    if (method !== null) checkOwner(find(store.methods, method, 'PaymentMethod'), customer);
    const intent: Intent = {
      id: store.newId('pi'),
      object: 'payment_intent',
      created: now(),
      amount,
      amount_received: 0,
      amount_refunded: 0,
      failed_late: false,
      currency: form.get('currency') ?? 'usd',
      customer,
      payment_method: method,
      setup_future_usage: form.get('setup_future_usage'),
      status: method === null ? 'requires_payment_method' : 'requires_confirmation',
      last_payment_error: null,
      latest_charge: null,
    };
    keep(store.intents, intent);
    return form.get('confirm') === 'true' ? confirm(store, intent) : intent;
  },
  'GET /v1/payment_intents/:id': (store, id) => find(store.intents, id, 'payment_intent'),
  'POST /v1/payment_intents/:id/confirm': (store, id) => confirm(store, find(store.intents, id, 'payment_intent')),
  'POST /v1/refunds': (store, _, form) => {
    const amount = form.get('amount');
    const intent = find(store.intents, form.get('payment_intent') ?? '', 'payment_intent');
    return refund(store, intent, amount === null ? undefined : Number(amount));
  },
  'POST /v1/payment_intents/:id/cancel': (store, id) => {
    const intent = find(store.intents, id, 'payment_intent');
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent);
    intent.status = 'canceled';
    return intent;
  },
};

/** Asks the bank. A card that pays belongs to its customer from then on, where that was asked for. */
function confirm(store: Store, intent: Intent): Intent {
  const { payment_method: methodId } = intent;
  if (intent.status !== 'requires_confirmation' || methodId === null) throw unexpectedState(intent);
  const method = find(store.methods, methodId, 'PaymentMethod');
  checkOwner(method, intent.customer);
  const decline = store.cards[methodId]?.decline ?? null;
  const charge = store.newId('ch');
  if (decline !== null) {
    intent.status = 'requires_payment_method';
    intent.payment_method = null;
    intent.last_payment_error = { type: 'card_error', charge, ...decline };
    throw cardError({ ...decline, charge, payment_intent: intent });
  }
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.latest_charge = charge;
  if (intent.setup_future_usage !== null) method.customer = intent.customer;
  return intent;
}

function keepMethod(store: Store, card: TestCard, form: Form): Method {
  const method: Method = {
    id: store.newId('pm'),
    object: 'payment_method',
    type: 'card',
    created: now(),
    customer: null,
    card: shown(card),
    billing_details: {
      email: form.get('billing_details[email]'),
      address: { postal_code: form.get('billing_details[address][postal_code]') },
    },
  };
  store.cards[method.id] = card;
  return keep(store.methods, method);
}

function shown({ brand, last4, month, year }: TestCard): Method['card'] {
  return { brand, last4, exp_month: month, exp_year: year };
}

/** A token serves once; the published test tokens serve always. */
function spendToken(store: Store, token: string): TestCard {
  const card = lookUpToken(token, 'tok_') ?? find(store.cards, token, 'token');
  delete store.cards[token];
  return card;
}

function readCard(form: Form): TestCard {
  const card = lookUpCard(form.get('card[number]') ?? '');
  if (card === null) throw cardError({ code: 'incorrect_number', message: 'Your card number is incorrect.' });
  return { ...card, ...readExpiry(form) };
}

function readExpiry(form: Form): { month: number; year: number } {
  const month = Number(form.get('card[exp_month]'));
  const year = Number(form.get('card[exp_year]'));
  const today = new Date();
  const isPast = year * 12 + month - 1 < today.getUTCFullYear() * 12 + today.getUTCMonth();
  if (!(month >= 1 && month <= 12))
    throw cardError({ code: 'invalid_expiry_month', message: 'Your card’s expiration month is invalid.' });
  if (isPast || year > today.getUTCFullYear() + 50)
    throw cardError({ code: 'invalid_expiry_year', message: 'Your card’s expiration year is invalid.' });
  return { month, year };
}

function checkOwner(method: Method, customer: string | null): void {
  if (method.customer !== null && method.customer !== customer)
    throw invalid('The payment method belongs to another customer.', 'payment_method');
}

function keep<T extends { id: string }>(table: Record<string, T>, item: T): T {
  table[item.id] = item;
  return item;
}

function cardError(error: { code: string; message: string; [field: string]: unknown }): Refused {
  return new Refused(402, { type: 'card_error', ...error });
}

function unexpectedState({ status }: Intent): Refused {
  return new Refused(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent has a status of ${status}.`,
  });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
