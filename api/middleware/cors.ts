import type { Runtime } from '../../engine/platform/runtime.ts';
import type { Endpoint } from '../endpoint.ts';
import type { RequestContext, Step } from '../step.ts';

/**
 * Lets pages of the origins in CORS_ORIGINS make calls, and read how long to wait and which request it was. Nobody is known by
 * a cookie here, so a page can do no more than with the sid or key that it holds. Only of the API: no console, no webhook.
 */
export function allowOrigins({ config }: Pick<Runtime, 'config'>, endpoints: readonly Endpoint[]): Step {
  const origins = new Set(config.CORS_ORIGINS);
  const urls = new Set(endpoints.map(({ url }) => url));
  return (ctx, next) => {
    if (origins.size === 0 || !urls.has(ctx.path)) return next();
    ctx.vary('Origin');
    const { origin } = ctx.req.headers;
    if (origin === undefined || !(origins.has('*') || origins.has(origin))) return next();
    ctx.set('Access-Control-Allow-Origin', origins.has('*') ? '*' : origin);
    if (!isPreflight(ctx)) {
      ctx.set('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id');
      return next();
    }
    ctx.state.route = ctx.path;
    ctx.set('Access-Control-Allow-Methods', 'GET, POST');
    ctx.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID');
    ctx.set('Access-Control-Max-Age', String(KNOWN_FOR_S));
    ctx.status = 204;
    return undefined;
  };
}

function isPreflight({ method, req }: RequestContext): boolean {
  return method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined;
}

/** The longest that Chromium keeps a preflight. */
const KNOWN_FOR_S = 7_200;
