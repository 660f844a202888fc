import { Router } from '@koa/router';
import { BadWebhook, type Fields } from '../engine/carriers/carrier.ts';
import { acceptReport } from '../engine/delivery/report.ts';
import { Refusal } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { publicUrlOf, webhookPaths } from '../engine/platform/webhook-urls.ts';
import { receive } from '../engine/usecases/receive.ts';
import { withinDeadline } from './deadline.ts';
import { asText, decodeForm } from './fields.ts';
import { answersOnly } from './methods.ts';
import { readBody } from './middleware/body.ts';
import type { Context, Step } from './step.ts';

/**
 * What the carrier tells us. The answer comes when it is durable: then the carrier forgets it. Anything but 200 makes
 * it try again, so 403 and 400 are for what no repeat can mend.
 */
export function webhooks(runtime: Runtime): Step {
  const router = new Router({ strict: true, sensitive: true });
  router.all([...webhookPaths('plivo', 'message')], (ctx) =>
    take(runtime, ctx as Context, (fields) =>
      receive(runtime, runtime.carrier.parseInbound(fields), (ctx as Context).state.log),
    ),
  );
  router.all([...webhookPaths('plivo', 'report')], (ctx) =>
    take(runtime, ctx as Context, (fields) =>
      acceptReport(runtime, deliveryIn(ctx as Context), runtime.carrier.parseReport(fields)),
    ),
  );
  return router.routes() as Step;
}

/** Checks the signature first: nothing is done, looked up or written for a stranger. */
async function take(runtime: Runtime, ctx: Context, keep: (fields: Fields) => Promise<void>): Promise<void> {
  ctx.state.route = ctx.path;
  ctx.state.isRoutine = true;
  answersOnly(ctx, 'POST');
  const fields = parseForm(asText(await readBody(ctx.req), 'body'));
  const url = publicUrlOf(runtime.config.PUBLIC_URL, ctx.originalUrl);
  if (!runtime.carrier.verify({ method: 'POST', url, fields, headers: ctx.req.headers })) {
    throw new Refusal('FORBIDDEN');
  }
  await withinDeadline(keep(fields));
  ctx.type = 'application/xml';
  ctx.body = '<Response/>';
}

/** The name of the delivery that a report is about. */
function deliveryIn({ query }: Context): string {
  const { d } = query;
  if (typeof d !== 'string' || !/^[\w.-]{1,64}$/.test(d)) throw new BadWebhook('d');
  return d;
}

/** A form as it was signed: every value as it came, a name that came twice with both. */
function parseForm(text: string): Fields {
  const fields: Fields = Object.create(null) as Fields;
  for (const pair of text === '' ? [] : text.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodeForm(cut < 0 ? pair : pair.slice(0, cut), 'body');
    const value = cut < 0 ? '' : decodeForm(pair.slice(cut + 1), name);
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
