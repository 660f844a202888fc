import type { Runtime } from '../../engine/platform/runtime.ts';
import { readTraceParent, rootIdOf, traceIdOf } from '../../engine/platform/trace-ids.ts';
import { openTracing } from '../../engine/platform/tracing.ts';
import type { Step } from '../step.ts';

/** The first span of each request, where traces are on; below the span of a caller who names one of the same trace. */
export function traceRequest(runtime: Runtime): Step {
  const tracing = runtime.use(openTracing);
  if (!tracing.isOn) return (_ctx, next) => next();
  return async (ctx, next) => {
    const { requestId } = ctx.state;
    const caller = readTraceParent(ctx.req.headers.traceparent);
    const span = tracing.begin({
      ...{ requestId, kind: 'server', name: ctx.method, spanId: rootIdOf(requestId) },
      parentId: caller?.traceId === traceIdOf(requestId) ? caller.spanId : null,
    });
    try {
      await next();
    } finally {
      const { route = 'unknown' } = ctx.state;
      const { method, status } = ctx;
      span.end({
        attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status },
        failed: status >= 500,
      });
    }
  };
}
