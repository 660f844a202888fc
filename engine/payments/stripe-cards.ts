import type Stripe from 'stripe';
import { type Card, CardRefused, type Owner, type SavedCard } from './payments.ts';
import { ask, askOfToken } from './stripe-errors.ts';

/** Stripe keeps a card whose number we were sent. What people may see of it we know ourselves. */
export async function saveCard(stripe: Stripe, card: Card, owner: Owner): Promise<SavedCard> {
  const { number, expires, brand } = card;
  const [year = 0, month = 0] = expires.split('-').map(Number);
  const made = await ask(() => makeMethod(stripe, { number, exp_month: month, exp_year: year }, owner));
  const customerRef = await customerOf(stripe, owner);
  return { customerRef, cardRef: made.id, brand, last4: number.slice(-4), expires };
}

/**
 * A card that a browser gave to Stripe itself: what came back there is a token (`tok_…`), which serves once, or a
 * payment method (`pm_…`), which belongs to nobody yet.
 */
export async function saveToken(stripe: Stripe, token: string, owner: Owner): Promise<SavedCard> {
  const { id, card, customer } = await askOfToken(() =>
    token.startsWith('tok_') ? makeMethod(stripe, { token }, owner) : stripe.paymentMethods.retrieve(token),
  );
  const customerId = typeof customer === 'string' ? customer : (customer?.id ?? null);
  if (customerId !== null && customerId !== owner.customerRef) throw new CardRefused('number', 'of_another_customer');
  const brand = brands[card?.brand ?? ''];
  if (card == null || brand === undefined) throw new CardRefused('type', 'not_taken');
  const expires = `${card.exp_year}-${String(card.exp_month).padStart(2, '0')}`;
  return { customerRef: await customerOf(stripe, owner), cardRef: id, brand, last4: card.last4, expires };
}

/** How people call what Stripe calls a brand; no other is taken. */
const brands: { readonly [brand: string]: SavedCard['brand'] } = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
};

function makeMethod(
  stripe: Stripe,
  card: NonNullable<Stripe.PaymentMethodCreateParams['card']>,
  { email, zip }: Owner,
): Promise<Stripe.PaymentMethod> {
  const billing_details = { email, address: { postal_code: zip } };
  return stripe.paymentMethods.create({ type: 'card', card, billing_details });
}

async function customerOf(stripe: Stripe, { email, customerRef }: Owner): Promise<string> {
  return customerRef ?? (await ask(() => stripe.customers.create({ email }))).id;
}
