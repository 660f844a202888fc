import { Router } from '@koa/router';
import { takePaymentEvent } from '../engine/billing/payment-events.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { withinDeadline } from './deadline.ts';
import { asText } from './fields.ts';
import { readBody } from './middleware/body.ts';
import type { RequestContext, Step } from './step.ts';

/**
 * What the payment provider tells us of charges. It repeats for days what was not answered 200, so that answer comes
 * when its event is committed. Without the secret that it signs with there is no such URL.
 */
export function paymentWebhook(runtime: Runtime): Step {
  const router = new Router({ strict: true, sensitive: true });
  router.all('/stripe/webhook', async (context) => {
    const ctx = context as RequestContext;
    if (runtime.config.STRIPE_WEBHOOK_SECRET === '') throw new DomainError('UNKNOWN_URL');
    ctx.state.route = ctx.path;
    if (ctx.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED');
    const body = asText(await readBody(ctx.req), 'body');
    await withinDeadline(takePaymentEvent(runtime, { body, signature: ctx.get('stripe-signature') }));
    ctx.body = { status: 'OK' };
  });
  return router.routes() as Step;
}
