import type { Runtime } from '../engine/platform/runtime.ts';
import type { Step } from './step.ts';

/**
 * The queues as they are, to look at: nothing can be changed there, and jobs hold ids only. The dashboard is loaded
 * when somebody first looks: it takes as long to load as all the rest.
 */
export function queueBoard(runtime: Runtime): Step {
  let board: Promise<Step> | undefined;
  return async (ctx, next) => {
    board ??= openBoard(runtime);
    const show = await board;
    ctx.set('Content-Security-Policy', POLICY);
    await show(ctx, next);
  };
}

async function openBoard({ queues }: Runtime): Promise<Step> {
  const [{ createBullBoard }, { BullAdapter }, { KoaAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullAdapter'),
    import('@bull-board/koa'),
  ]);
  const adapter = new KoaAdapter().setBasePath('/ops/queues');
  createBullBoard({
    queues: queues.all.map((queue) => new BullAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Queues', hideRedisDetails: true } },
  });
  return adapter.registerPlugin() as Step;
}

/** Its own files and nothing from elsewhere; it sets styles by itself. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
