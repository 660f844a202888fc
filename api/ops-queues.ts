import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { KoaAdapter } from '@bull-board/koa';
import type { Runtime } from '../engine/runtime.ts';
import type { Step } from './step.ts';

/** The queues as they are, to look at: nothing can be changed there, and jobs hold ids only. */
export function queueBoard({ queues }: Runtime): Step {
  const adapter = new KoaAdapter().setBasePath(AT);
  createBullBoard({
    queues: queues.all.map((queue) => new BullAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Queues', hideRedisDetails: true } },
  });
  const board = adapter.registerPlugin() as Step;
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', POLICY);
    await board(ctx, next);
  };
}

const AT = '/ops/queues';

/** Its own files and nothing from elsewhere; it sets styles by itself. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
