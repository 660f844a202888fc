import Koa from 'koa';
import type { Runtime } from '../engine/platform/runtime.ts';
import { openListeners } from '../engine/usecases/events/listeners.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints as declared } from './endpoints/index.ts';
import { eventStream } from './event-stream.ts';
import { STOPPING } from './listen.ts';
import { mediaFile } from './media-file.ts';
import { allowOrigins } from './middleware/cors.ts';
import { answerErrors, unknownUrl } from './middleware/errors.ts';
import { logAnswer } from './middleware/log.ts';
import { refuseLongTypes } from './middleware/long-types.ts';
import { warnOfProxy } from './middleware/proxy.ts';
import { nameRequest } from './middleware/request-id.ts';
import { secureHeaders } from './middleware/security-headers.ts';
import { traceRequest } from './middleware/trace.ts';
import { mount } from './mount.ts';
import { ops } from './ops.ts';
import { openMetrics } from './ops-metrics.ts';
import { opsRoom } from './ops-room.ts';
import { paymentWebhook } from './payment-webhook.ts';
import { reference } from './reference.ts';
import { webhooks } from './webhooks.ts';

/** The whole API over an open runtime. Every request passes these from top to bottom until one answers. */
export function createApp(runtime: Runtime, endpoints: readonly Endpoint[] = declared): Koa {
  const app = new Koa();
  app.use(nameRequest(runtime.log));
  app.use(traceRequest(runtime));
  app.use(logAnswer(runtime.log));
  const metrics = openMetrics(runtime);
  app.use(metrics.measure);
  app.use(answerErrors(runtime));
  app.use(allowOrigins(runtime, endpoints));
  app.use(refuseLongTypes);
  app.use(warnOfProxy(runtime));
  app.use(webhooks(runtime)); // before whatever costs time: the carrier is the busiest client
  for (const step of secureHeaders) app.use(step);
  app.use(eventStream(runtime));
  app.use(mount(runtime, endpoints));
  app.use(mediaFile(runtime));
  app.use(paymentWebhook(runtime));
  app.use(ops(runtime));
  app.use(opsRoom(runtime, metrics));
  app.use(reference(endpoints));
  app.use(unknownUrl);
  app.on(STOPPING, () => runtime.use(openListeners).endAll());
  // Errors of requests are answered above; what is left is a connection that broke off in the middle of an answer.
  app.on('error', (error: Error) => runtime.log.debug({ kind: error.name }, 'an answer was not taken'));
  return app;
}
