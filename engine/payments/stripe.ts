import Stripe from 'stripe';
import { CardRefused, type Outcome, type Payments, PaymentsAway } from './payments.ts';

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
    async saveCard({ number, expires }, { email, zip, customerRef }) {
      const [year, month] = expires.split('-').map(Number);
      const made = await ask(() =>
        stripe.paymentMethods.create({
          type: 'card',
          card: { number, exp_month: month ?? 0, exp_year: year ?? 0 },
          billing_details: { email, address: { postal_code: zip } },
        }),
      );
      const { brand = '', last4 = '' } = made.card ?? {};
      const customer = customerRef ?? (await ask(() => stripe.customers.create({ email }))).id;
      return { customerRef: customer, cardRef: made.id, brand: brands[brand] ?? brand, last4, expires };
    },

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
        throw away(error);
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

/** How people call what Stripe calls a brand. */
const brands: Record<string, string> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express' };

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

async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw away(error);
  }
}

/** Stripe’s errors may quote what was sent, so of them only the kind and the codes go on. */
function away(error: unknown): Error {
  if (!(error instanceof Stripe.errors.StripeError)) return new PaymentsAway('Stripe: unknown error');
  const { type, code, statusCode, requestId } = error;
  const reason = error instanceof Stripe.errors.StripeCardError ? (error.decline_code ?? code ?? type) : type;
  if (error instanceof Stripe.errors.StripeCardError) {
    return new CardRefused(/expir/.test(code ?? '') ? 'expiration' : 'number', reason);
  }
  return new PaymentsAway(`Stripe: ${[type, code, statusCode, requestId].filter(Boolean).join(' ')}`);
}
