import closeWithGrace from 'close-with-grace';
import { startPaymentSimulator } from './simulator.ts';

/** The simulator as a program, set up by its environment. It never stands in for a provider in production. */
const { env } = process;
if (env.NODE_ENV === 'production') {
  console.error('the payment simulator is not for production (NODE_ENV)');
  process.exit(1);
}

const simulator = await startPaymentSimulator({
  port: Number(env.PAYMENT_SIMULATOR_PORT ?? 0),
  ...(env.PUBLIC_URL && env.STRIPE_WEBHOOK_SECRET
    ? { webhook: { url: `${env.PUBLIC_URL}/stripe/webhook`, secret: env.STRIPE_WEBHOOK_SECRET } }
    : {}),
  ...(env.PAYMENT_SIMULATOR_STATE ? { stateFile: env.PAYMENT_SIMULATOR_STATE } : {}),
});
console.log(`payment simulator listening on ${simulator.url}`);
closeWithGrace({ delay: 5_000, logger: false }, () => simulator.stop());
