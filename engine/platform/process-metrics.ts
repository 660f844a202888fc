import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { MYSQL_ANSWERS, MYSQL_WAITS, type MysqlTook } from '../../db/connection.ts';
import type { ProcessType, Runtime } from './runtime.ts';

/** Every name of ours begins so. */
export const PREFIX = 'texting_';

/** What this process measures of itself. Sums over processes are right; what the whole system has is read elsewhere. */
export type ProcessMetrics = {
  registry: Registry;
  /** A call of a carrier's API, by what became of it. */
  carrierCall: Histogram<'carrier' | 'outcome'>;
  /** From the acceptance of a message until the carrier took the first try of its last text. */
  lastRecipient: Histogram;
  close(): void;
};

/** For `runtime.use`. */
export function openProcessMetrics({ redis, config }: Pick<Runtime, 'redis' | 'config'>): ProcessMetrics {
  const registry = new Registry();
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers });
  const waits = histogram('mysql_connection_wait_seconds', 'Waiting for a connection to MySQL.', [], QUICK);
  const answers = histogram('mysql_statement_seconds', 'A statement, from asking to the answer.', [], QUICK);
  const trips = histogram('redis_round_trip_seconds', 'A PING to Redis, every few seconds.', [], QUICK);
  const limits = new Gauge({
    name: `${PREFIX}limit`,
    help: 'Settings that bound what is sent; 0 is no limit.',
    labelNames: ['setting'],
    registers,
  });
  for (const setting of LIMITS) limits.set({ setting }, config[setting]);

  const onWait = (took: unknown) => waits.observe((took as MysqlTook).ms / 1_000);
  const onAnswer = (took: unknown) => answers.observe((took as MysqlTook).ms / 1_000);
  subscribe(MYSQL_WAITS.name, onWait);
  subscribe(MYSQL_ANSWERS.name, onAnswer);
  const timer = setInterval(async () => {
    const start = performance.now();
    await redis.ping().then(
      () => trips.observe((performance.now() - start) / 1_000),
      () => undefined,
    );
  }, PING_EVERY_MS);
  timer.unref();

  return {
    registry,
    carrierCall: histogram(
      'carrier_request_seconds',
      'A call of the carrier, by what it said.',
      ['carrier', 'outcome'],
      SLOW,
    ),
    lastRecipient: histogram(
      'last_recipient_seconds',
      'From the acceptance of a message until the carrier took the last text of its first tries; one message a second is looked at.',
      [],
      [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200],
    ),
    close() {
      clearInterval(timer);
      unsubscribe(MYSQL_WAITS.name, onWait);
      unsubscribe(MYSQL_ANSWERS.name, onAnswer);
    },
  };
}

/** Adds what Node.js knows of the process, where somebody is going to read it: it costs a little all the time. */
export function addDefaults({ registry }: ProcessMetrics, type: ProcessType): void {
  if (registry.getSingleMetric(INFO) !== undefined) return;
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const info = new Gauge({
    name: INFO,
    help: '1; the type of the process.',
    labelNames: ['process'],
    registers: [registry],
  });
  info.set({ process: type }, 1);
}

const INFO = `${PREFIX}process_info`;
const LIMITS = [
  'NUMBER_MPS',
  'ACCOUNT_MPS',
  'FIRST_TEXTS_PER_HOUR',
  'FIRST_TEXTS_PER_PREFIX',
  'QUEUE_DEPTH',
  'AUTO_BUY_PER_DAY',
] as const;
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PING_EVERY_MS = 5_000;
