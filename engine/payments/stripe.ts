import Stripe from 'stripe';
import type { Outcome, Payments } from './payments.ts';
import { saveCard, saveToken } from './stripe-cards.ts';
import { ask, unavailable } from './stripe-errors.ts';

/**
 * Stripe through its own SDK, which repeats a request under the same idempotency key when its connection breaks.
 * Sending card numbers needs an account that Stripe has allowed to (https://docs.stripe.com/security/guide).
 */
export function openStripe({ secretKey, apiUrl }: { secretKey: string; apiUrl: string }): Payments {
  const { hostname, port, protocol } = new URL(apiUrl);
  const stripe = new Stripe(secretKey, {
    host: hostname,
    ...(port === '' ? {} : { port }),
    protocol: protocol === 'http:' ? 'http' : 'https',
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
  });

  return {
    saveCard: (card, owner) => saveCard(stripe, card, owner),
    saveToken: (token, owner) => saveToken(stripe, token, owner),

    async prepare({ amount, customerRef, cardRef, key }) {
      const params: Stripe.PaymentIntentCreateParams = {
        amount,
        currency: 'usd',
        customer: customerRef,
        payment_method: cardRef,
        allowed_payment_method_types: ['card'],
        // The first payment ties the card to the customer; later ones need that.
        setup_future_usage: 'off_session',
      };
      const made = await ask(() => stripe.paymentIntents.create(params, { idempotencyKey: key }));
      return { paymentRef: made.id, outcome: outcomeOf(made) };
    },

    async confirm(paymentRef, key) {
      try {
        const options = { idempotencyKey: `${key}-confirm` };
        // Nobody is there to answer a bank’s questions, so a card that has some is declined.
        const params = { error_on_requires_action: true };
        return outcomeOf(await stripe.paymentIntents.confirm(paymentRef, params, options));
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) return declined(error);
        throw unavailable(error);
      }
    },

    async look(paymentRef) {
      return outcomeOf(await ask(() => stripe.paymentIntents.retrieve(paymentRef)));
    },

    async cancel(paymentRef) {
      await ask(() => stripe.paymentIntents.cancel(paymentRef));
    },
  };
}

/** Of one try; the SDK makes two. */
const TIMEOUT_MS = 6_000;

type Intent = {
  status: string;
  last_payment_error?: Declined | null;
  latest_charge?: string | { id: string } | null;
};
type Declined = { decline_code?: string | undefined; code?: string | undefined };

function outcomeOf({ status, last_payment_error: error, latest_charge: charge }: Intent): Outcome {
  switch (status) {
    case 'succeeded':
      return { kind: 'paid', chargeRef: typeof charge === 'string' ? charge : (charge?.id ?? null) };
    case 'canceled':
      return { kind: 'cancelled' };
    case 'processing':
      return { kind: 'underway' };
    default:
      return error ? declined(error) : { kind: 'ready' };
  }
}

function declined({ decline_code: why, code }: Declined): Outcome {
  return { kind: 'declined', reason: why || code || 'card_declined' };
}
