import type { Runtime } from '../engine/platform/runtime.ts';
import { drawPage, visitorOf } from './console/console.ts';
import { drawQueues, readQueues } from './console/queues.ts';
import { withinDeadline } from './deadline.ts';
import type { RequestContext } from './step.ts';

/** The queues as they are: a page of the console for a browser, JSON for a program. Nothing can be changed there, and no text is shown. */
export async function showQueues(runtime: Runtime, ctx: RequestContext): Promise<void> {
  const queues = await withinDeadline(readQueues(runtime));
  if (ctx.accepts('json', 'html') === 'json') {
    ctx.body = { status: 'OK', ...queues };
    return;
  }
  const main = drawQueues(queues, new Date());
  drawPage(ctx, { title: 'Queues', main }, await visitorOf(runtime, ctx));
}
