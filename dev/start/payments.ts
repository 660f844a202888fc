import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { nextFreePort } from '../stack/port.ts';

type Env = { [name: string]: string | undefined };

/**
 * What `npm start` adds to the environment so that charges work without a provider: the simulator’s address, a key for
 * it and the secret of its events. Null where the caller named a provider of their own.
 */
export async function simulatePayments(env: Env, folder: string): Promise<Env | null> {
  if (env.STRIPE_SECRET_KEY || env.STRIPE_API_URL) return null;
  const port = String(await nextFreePort(4100));
  return {
    STRIPE_SECRET_KEY: 'sk_test_simulated',
    STRIPE_API_URL: `http://127.0.0.1:${port}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('hex')}`,
    PAYMENT_SIMULATOR_PORT: port,
    PAYMENT_SIMULATOR_STATE: path.join(folder, 'payments.json'),
  };
}
