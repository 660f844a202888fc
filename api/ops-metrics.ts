import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { addDefaults, openProcessMetrics, PREFIX } from '../engine/platform/process-metrics.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import type { RequestContext, Step } from './step.ts';
import { openSystemMetrics } from './system-metrics.ts';
import { refusalReasons } from './webhook-refusal.ts';

/** Numbers for Prometheus: of this process, and of the whole system as its MySQL and Redis have them. */
export type Metrics = { measure: Step; read(): Promise<{ type: string; text: string }> };

export function openMetrics(runtime: Runtime): Metrics {
  const own = runtime.use(openProcessMetrics);
  const { durations, refused } = runtime.use(openHttpMetrics);
  if (runtime.config.OPS_PASSWORD !== '') addDefaults(own, 'web');
  const ofSystem = new Registry();
  const system = openSystemMetrics(runtime, ofSystem);
  const up = (server: string) =>
    new Gauge({ name: `${PREFIX}${server}_up`, help: `1 while it answers this process.`, registers: [ofSystem] });
  const [mysqlUp, redisUp] = [up('mysql'), up('redis')];
  const all = Registry.merge([own.registry, ofSystem]);

  return {
    async measure(ctx, next) {
      const stop = durations.startTimer();
      await next();
      if (ctx.state.forged !== undefined) refused.inc(ctx.state.forged);
      stop({ route: ctx.state.route ?? 'unknown', status: String(ctx.status) });
    },
    async read() {
      const [mysql, redis] = await Promise.all([isAnswered(system.readMysql()), isAnswered(system.readRedis())]);
      mysqlUp.set(mysql ? 1 : 0);
      redisUp.set(redis ? 1 : 0);
      if (!mysql) system.forgetMysql();
      if (!redis) system.forgetRedis();
      return { type: all.contentType, text: await all.metrics() };
    },
  };
}

/** For `runtime.use`: what only `web` measures; at METRICS_PORT as well. */
function openHttpMetrics(runtime: Runtime) {
  const { registry } = runtime.use(openProcessMetrics);
  const durations = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'Time to answer, by URL and HTTP status; those of carriers are the webhooks.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const refused = new Counter({
    name: `${PREFIX}webhooks_refused_total`,
    help: 'Webhooks refused by this process, because they were not signed by the carrier; if it is the carrier itself, its texts are being lost.',
    labelNames: ['carrier', 'why'],
    registers: [registry],
  });
  for (const carrier of runtime.carriers.all.keys()) for (const why of refusalReasons) refused.inc({ carrier, why }, 0);
  return { durations, refused };
}

export async function showMetrics(metrics: Metrics, ctx: RequestContext): Promise<void> {
  const { type, text } = await metrics.read();
  ctx.set('Content-Type', type);
  ctx.body = text;
}

/** A scrape gives up after seconds; a server that is frozen never answers. */
const TIMEOUT_MS = 900;

function isAnswered(reading: Promise<void>): Promise<boolean> {
  const [yes, no] = [() => true, () => false];
  return withTimeLimit(TIMEOUT_MS, reading.then(yes, no), no);
}
