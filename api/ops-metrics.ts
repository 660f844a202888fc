import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countAccountsOff } from '../db/billing/ledger.ts';
import { readPauses } from '../db/deliveries/pauses.ts';
import { countPending, findOldestPending, UNWRITTEN, WAITING } from '../db/deliveries/pending-messages.ts';
import { openOldestSendable } from '../engine/delivery/oldest-sendable.ts';
import { readEvents } from '../engine/platform/events.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import { budgetNames, cardTries } from '../engine/rules/budgets.ts';
import type { RequestContext, Step } from './step.ts';

/** Numbers for Prometheus: of this process, and of the whole system as its MySQL and Redis have them. */
export type Metrics = { measure: Step; read(): Promise<{ type: string; text: string }> };

export function openMetrics(runtime: Runtime): Metrics | null {
  if (runtime.config.OPS_PASSWORD === '') return null;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by URL and HTTP status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const gauges = {
    mysqlUp: gauge('mysql_up', '1 while MySQL answers.'),
    redisUp: gauge('redis_up', '1 while Redis answers.'),
    carrierPaused: gauge(
      'carrier_paused',
      '1 while a carrier refuses everything (no credit, account disabled) and sending through it waits.',
    ),
    carriersPaused: gauge('carriers_paused', 'The same by carrier.', ['carrier']),
    accountsOff: gauge('accounts_off', 'Accounts whose balance is not what their ledger adds up to; must be 0.'),
    messages: gauge('messages_pending', `Messages on their way, counted up to ${COUNT_LIMIT}.`, ['stage']),
    oldest: gauge(
      'messages_pending_oldest_seconds',
      'How long the oldest message on its way has been; 0 where there is none.',
      ['stage'],
    ),
    sendable: gauge(
      'oldest_sendable_seconds',
      'For how long the oldest text could have been sent and was not; what waits for its turn within the limits, for a backoff or for a carrier that is paused does not count.',
      ['class'],
    ),
    jobs: gauge('queue_jobs', 'Jobs in the queues.', ['queue', 'state']),
  };
  const accepted = new Counter({ name: 'messages_accepted_total', help: 'Messages kept for groups.', registers });
  const deliveries = new Counter({
    name: 'deliveries_total',
    help: 'Changes of deliveries, by the state that they came to; begins anew when Redis is emptied.',
    labelNames: ['state'],
    registers,
  });

  const refused = new Counter({
    name: 'webhooks_refused_total',
    help: 'Webhooks refused by this process, because they were not signed by the carrier; if it is the carrier itself, its texts are being lost.',
    labelNames: ['carrier'],
    registers,
  });
  for (const carrier of runtime.carriers.all.keys()) refused.inc({ carrier }, 0);
  const pushes = new Counter({
    name: 'pushes_total',
    help: 'Alerts by what the push service said of a device, and members who got a text instead.',
    labelNames: ['outcome'],
    registers,
  });

  const exhausted = new Counter({
    name: 'budget_exhausted',
    help: 'First texts that met an empty budget, and were refused or wait, and cards and charges refused because too many were tried; more than a few are an attack, or a budget that is too small.',
    labelNames: ['budget'],
    registers,
  });

  /** What MySQL knows. While it is unavailable, there is no number rather than an old one. */
  async function readMysql(): Promise<void> {
    const { db } = runtime;
    const [pauses, off, unwritten, waiting, oldestUnwritten, oldestWaiting, ages] = await Promise.all([
      readPauses(db),
      countAccountsOff(db),
      countPending(db, { pending: UNWRITTEN, limit: COUNT_LIMIT }),
      countPending(db, { pending: WAITING, limit: COUNT_LIMIT }),
      findOldestPending(db, UNWRITTEN),
      findOldestPending(db, WAITING),
      runtime.use(openOldestSendable).read(),
    ]);
    gauges.carrierPaused.set(pauses.length > 0 ? 1 : 0);
    const paused = new Set(pauses.map(({ carrier }) => carrier));
    for (const carrier of new Set([...runtime.carriers.all.keys(), ...paused])) {
      gauges.carriersPaused.set({ carrier }, paused.has(carrier) ? 1 : 0);
    }
    gauges.accountsOff.set(off);
    gauges.messages.set({ stage: 'accepted' }, unwritten);
    gauges.messages.set({ stage: 'waiting' }, waiting);
    gauges.oldest.set({ stage: 'accepted' }, secondsSince(oldestUnwritten));
    gauges.oldest.set({ stage: 'waiting' }, secondsSince(oldestWaiting));
    for (const [one, ms] of Object.entries(ages)) gauges.sendable.set({ class: one }, ms / 1_000);
  }

  async function readRedis(): Promise<void> {
    const [depths, events] = await Promise.all([runtime.queues.depths(), readEvents(runtime)]);
    for (const { queue, state, jobs } of depths) gauges.jobs.set({ queue, state }, jobs);
    accepted.reset();
    deliveries.reset();
    pushes.reset();
    exhausted.reset();
    for (const budget of [...budgetNames, ...cardTries]) exhausted.inc({ budget }, 0);
    for (const [what, count] of events) {
      if (what === 'accepted') accepted.inc(count);
      else if (what.startsWith('push:')) pushes.inc({ outcome: what.slice(5) }, count);
      else if (what.startsWith('budget:')) exhausted.inc({ budget: what.slice(7) }, count);
      else deliveries.inc({ state: what }, count);
    }
  }

  return {
    async measure(ctx, next) {
      const stop = durations.startTimer();
      await next();
      if (ctx.state.forgedFor !== undefined) refused.inc({ carrier: ctx.state.forgedFor });
      stop({ route: ctx.state.route ?? 'unknown', status: String(ctx.status) });
    },
    async read() {
      const [mysql, redis] = await Promise.all([isAnswered(readMysql()), isAnswered(readRedis())]);
      gauges.mysqlUp.set(mysql ? 1 : 0);
      gauges.redisUp.set(redis ? 1 : 0);
      if (!mysql) {
        gauges.carrierPaused.remove();
        gauges.carriersPaused.reset();
        gauges.accountsOff.remove();
        gauges.messages.reset();
        gauges.sendable.reset();
        gauges.oldest.reset();
      }
      if (!redis) gauges.jobs.reset();
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}

export async function showMetrics(metrics: Metrics, ctx: RequestContext): Promise<void> {
  const { type, text } = await metrics.read();
  ctx.set('Content-Type', type);
  ctx.body = text;
}

const COUNT_LIMIT = 10_000;
/** A scrape gives up after seconds; a server that is frozen never answers. */
const TIMEOUT_MS = 900;

function secondsSince(moment: Date | undefined): number {
  return moment === undefined ? 0 : Math.max(0, Math.round((Date.now() - moment.getTime()) / 1000));
}

function isAnswered(reading: Promise<void>): Promise<boolean> {
  const [yes, no] = [() => true, () => false];
  return withTimeLimit(TIMEOUT_MS, reading.then(yes, no), no);
}
