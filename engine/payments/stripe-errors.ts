import Stripe from 'stripe';
import { CardRefused, PaymentsUnavailable } from './payments.ts';

/** Asks Stripe. What it throws says that a card was refused, or that nobody knows what happened. */
export async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw unavailable(error);
  }
}

/** As `ask`. A token that was mistyped, spent, or made for another account is a card that there is not. */
export async function askOfToken<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw error instanceof Stripe.errors.StripeInvalidRequestError
      ? new CardRefused('number', 'unknown_token')
      : unavailable(error);
  }
}

/** Stripe’s errors may quote what was sent, so of them only the kind and the codes go on. */
export function unavailable(error: unknown): Error {
  if (!(error instanceof Stripe.errors.StripeError)) return new PaymentsUnavailable('Stripe: unknown error');
  const { type, code, statusCode, requestId } = error;
  if (error instanceof Stripe.errors.StripeCardError)
    return new CardRefused(/expir/.test(code ?? '') ? 'expiration' : 'number', error.decline_code ?? code ?? type);
  return new PaymentsUnavailable(`Stripe: ${[type, code, statusCode, requestId].filter(Boolean).join(' ')}`);
}
