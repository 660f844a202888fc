import { unavailable } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Payments } from './payments.ts';

/** The payment provider, opened on first use: only `web` and `clock` ever need it. Throws UNAVAILABLE without a key. */
export async function paymentsOf(runtime: Runtime): Promise<Payments> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl } = runtime.config;
  if (secretKey === '') throw unavailable('payments');
  const known = open.get(runtime);
  if (known !== undefined) return known;
  const opening = import('./stripe.ts').then(({ openStripe }) => openStripe({ secretKey, apiUrl }));
  open.set(runtime, opening);
  return opening;
}

const open = new WeakMap<Runtime, Promise<Payments>>();
