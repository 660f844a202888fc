import type { PaymentUpdate } from '../rules/payments.ts';

/**
 * What the product needs from a payment provider. A charge takes two steps, so that the outcome of a half-done one can
 * be looked up: `prepare` moves no money, `confirm` does.
 */
export type Payments = {
  /** Turns a card into the provider’s token, of the owner’s customer, who is made where there is none. */
  saveCard(card: Card, owner: Owner): Promise<SavedCard>;
  /** The same for a card that the owner’s browser gave to the provider, which named it so. */
  saveToken(token: string, owner: Owner): Promise<SavedCard>;
  /** A payment that is ready to be made, and its reference. The same key twice is one payment. */
  prepare(payment: Payment): Promise<{ paymentRef: string; outcome: Outcome }>;
  /** Makes it. The same key twice makes it once. */
  confirm(paymentRef: string, key: string): Promise<Outcome>;
  /** What became of it so far. */
  look(paymentRef: string): Promise<Outcome>;
  /** A payment that was not made can never be made after this; throws where it was. */
  cancel(paymentRef: string): Promise<void>;
};

/** In no log, no error and no row of ours. `expires` is YYYY-MM. */
export type Card = { number: string; expires: string; brand: Brand };
export type Brand = 'Visa' | 'Mastercard' | 'American Express';
export type Owner = { email: string; zip: string; customerRef: string | null };
export type SavedCard = { customerRef: string; cardRef: string; brand: Brand; last4: string; expires: string };
/** In pennies. */
export type Payment = { amount: number; customerRef: string; cardRef: string; key: string };
export type Outcome =
  | { kind: 'ready' | 'cancelled' | 'underway' }
  /** `chargeRef` is another name of it, which some of the provider’s events use. */
  | { kind: 'paid'; chargeRef: string | null }
  /** `reason` is the provider’s word for it. */
  | { kind: 'declined'; reason: string };

/** The provider tells of a payment, long after or just before it answers; the same `id` is the same event. */
export type PaymentEvent = { id: string; paymentRef: string | null; chargeRef: string | null; update: PaymentUpdate };

/** An event that the provider has not signed, or not lately. */
export class UnsignedEvent extends Error {
  override name = 'UnsignedEvent';
}

/** The provider takes no such card; `about` is the part of it that is wrong. */
export class CardRefused extends Error {
  override name = 'CardRefused';
  constructor(
    readonly about: 'number' | 'expiration' | 'type',
    readonly reason: string,
  ) {
    super(`the provider refused a card: ${reason}`);
  }
}

/** The provider did not answer, or not so that we know what happened. Says nothing of what was asked. */
export class PaymentsUnavailable extends Error {
  override name = 'PaymentsUnavailable';
}
