import { createHash, timingSafeEqual } from 'node:crypto';
import { countOperator } from '../engine/people/throttle.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { clientAddress } from './address.ts';
import { answersOnly } from './methods.ts';
import { type Metrics, showMetrics } from './ops-metrics.ts';
import { queueBoard } from './ops-queues.ts';
import { showTrace } from './ops-trace.ts';
import type { RequestContext, Step } from './step.ts';

/** What only operators see, under /ops: behind a password, and not there at all where none is set. */
export function opsRoom(runtime: Runtime, metrics: Metrics): Step {
  const { OPS_PASSWORD: password } = runtime.config;
  if (password === '') return (_ctx, next) => next();
  const board = queueBoard(runtime);
  return async (ctx, next) => {
    const { path } = ctx;
    if (path !== '/ops' && !path.startsWith('/ops/')) return next();
    ctx.state.route = 'ops';
    ctx.state.isRoutine = true;
    const counted = await countOperator(runtime, clientAddress(ctx.req, { trustProxy: runtime.config.TRUST_PROXY }));
    if (!isOperator(ctx, password)) {
      ctx.set('WWW-Authenticate', 'Basic realm="ops", charset="UTF-8"');
      throw new DomainError('UNAUTHORIZED');
    }
    await counted.giveBack();
    if (path === '/ops/queues' || path.startsWith('/ops/queues/')) return board(ctx, next);
    const show = pages[path];
    if (show === undefined) return next();
    answersOnly(ctx, 'GET');
    ctx.state.route = path;
    return show({ runtime, metrics, ctx });
  };
}

const pages: Record<string, (page: { runtime: Runtime; metrics: Metrics; ctx: RequestContext }) => Promise<void>> = {
  '/ops/metrics': ({ metrics, ctx }) => showMetrics(metrics, ctx),
  '/ops/trace': ({ runtime, ctx }) => showTrace(runtime, ctx),
};

/** Compares hashes, so that the time it takes tells nothing of the password, its length included. */
function isOperator({ req }: RequestContext, password: string): boolean {
  const [, sent = ''] = /^Basic ([\w+/=-]{1,2000})$/i.exec(req.headers.authorization ?? '') ?? [];
  return timingSafeEqual(digest(Buffer.from(sent, 'base64')), digest(Buffer.from(`ops:${password}`)));
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
