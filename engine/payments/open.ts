import { unavailable } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Payments } from './payments.ts';

/** The payment provider, opened on first use: only `web` and `clock` ever need it. Throws UNAVAILABLE without a key. */
export async function paymentsOf(runtime: Runtime): Promise<Payments> {
  if (runtime.config.STRIPE_SECRET_KEY === '') throw unavailable('payments');
  return runtime.use(openPayments);
}

async function openPayments({ config }: Runtime): Promise<Payments> {
  const { openStripe } = await import('./stripe.ts');
  return openStripe({ secretKey: config.STRIPE_SECRET_KEY, apiUrl: config.STRIPE_API_URL });
}
