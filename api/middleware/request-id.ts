import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from '../../engine/platform/logger.ts';
import { readTraceParent } from '../../engine/platform/trace-ids.ts';
import type { Step } from '../step.ts';

/**
 * Every request has an id: a proxy's, where that is a plain short token, else the id of the caller's trace, else ours. Answer
 * and log lines carry it.
 */
export function nameRequest(log: Logger): Step {
  return (ctx, next) => {
    const given = ctx.req.headers['x-request-id'];
    const id = typeof given === 'string' && PLAIN.test(given) ? given : (traceIn(ctx.req.headers) ?? randomUUID());
    ctx.state.requestId = id;
    // Nearly all requests are reports, and nothing is logged of them: a logger is made when one is asked for.
    let own: Logger | undefined;
    Object.defineProperty(ctx.state, 'log', {
      get() {
        own ??= log.child({ requestId: id });
        return own;
      },
    });
    ctx.res.setHeader('X-Request-Id', id);
    return next();
  };
}

function traceIn({ traceparent }: IncomingHttpHeaders): string | undefined {
  return traceparent === undefined ? undefined : readTraceParent(traceparent)?.traceId;
}

const PLAIN = /^[A-Za-z0-9._-]{8,64}$/;
