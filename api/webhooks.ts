import { Router } from '@koa/router';
import type { Carrier, Webhook } from '../engine/carriers/carrier.ts';
import { acceptReport } from '../engine/delivery/report.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { publicUrlOf, webhookPaths } from '../engine/platform/webhook-urls.ts';
import { type CarrierName, type WebhookKind, webhookKinds } from '../engine/rules/carriers.ts';
import { answerCall } from '../engine/usecases/calls.ts';
import { ourNumber } from '../engine/usecases/inbound/number-cache.ts';
import { receive } from '../engine/usecases/receive.ts';
import { withinDeadline } from './deadline.ts';
import { answersOnly } from './methods.ts';
import { readBody } from './middleware/body.ts';
import type { RequestContext, Step } from './step.ts';
import { explainRefusal } from './webhook-refusal.ts';

/**
 * What the carriers tell us. The answer comes when it is durable: then the carrier forgets it. Anything but 200 makes
 * it try again, so 403 and 400 are for what no repeat can mend.
 */
export function webhooks(runtime: Runtime): Step {
  const router = new Router({ strict: true, sensitive: true });
  for (const [name, carrier] of runtime.carriers.all) {
    for (const kind of webhookKinds) {
      router.all([...webhookPaths(name, kind)], (ctx) => take(runtime, { name, carrier, kind }, ctx as RequestContext));
    }
  }
  return router.routes() as Step;
}

type Source = { name: CarrierName; carrier: Carrier; kind: WebhookKind };

async function take(runtime: Runtime, source: Source, ctx: RequestContext): Promise<void> {
  ctx.state.route = ctx.path;
  ctx.state.isRoutine = true;
  answersOnly(ctx, 'GET', 'POST');
  const webhook: Webhook = {
    kind: source.kind,
    method: ctx.method === 'GET' ? 'GET' : 'POST',
    url: publicUrlOf(runtime.config.PUBLIC_URL, ctx.originalUrl),
    headers: ctx.req.headers,
    body: await readBody(ctx.req),
  };
  // First: nothing is done, looked up or written for a stranger.
  if (!source.carrier.verify(webhook)) {
    const { name, kind, carrier } = source;
    const why = explainRefusal(runtime, { ...carrier, name, kind }, { webhook, ctx });
    ctx.state.forged = { carrier: name, why };
    throw new DomainError('FORBIDDEN');
  }
  if (source.kind !== 'call') await withinDeadline(keep(runtime, source, webhook, ctx));
  const { type, body } = source.kind === 'call' ? await answered(runtime, source, webhook, ctx) : source.carrier.answer;
  ctx.type = type;
  ctx.body = body;
}

/** What the carrier is to do with a call. */
async function answered(runtime: Runtime, { name, carrier }: Source, webhook: Webhook, ctx: RequestContext) {
  const news = carrier.calls.read(webhook);
  return carrier.calls.answer(await answerCall(runtime, news, { carrier: name, log: ctx.state.log }));
}

async function keep(runtime: Runtime, { name, carrier }: Source, webhook: Webhook, ctx: RequestContext): Promise<void> {
  const { texts, reports } = carrier.parse(webhook);
  for (const text of texts) {
    const number = await ourNumber(runtime, text.to);
    // One carrier's key opens nothing of another's.
    if (number !== undefined && number.carrier !== name) {
      ctx.state.log.warn({ carrier: name, at: number.carrier }, 'a text to a number of another carrier was refused');
      throw new DomainError('FORBIDDEN');
    }
    await receive(runtime, text, ctx.state);
  }
  for (const report of reports) await acceptReport(runtime, report.tryName, report, name);
}
