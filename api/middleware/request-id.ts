import { randomUUID } from 'node:crypto';
import type { Logger } from '../../engine/platform/logger.ts';
import type { Step } from '../step.ts';

/** Every request has an id: a proxy's, where that is a plain short token, or ours. Answer and log lines carry it. */
export function nameRequest(log: Logger): Step {
  return (ctx, next) => {
    const given = ctx.req.headers['x-request-id'];
    const id = typeof given === 'string' && PLAIN.test(given) ? given : randomUUID();
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

const PLAIN = /^[A-Za-z0-9._-]{8,64}$/;
