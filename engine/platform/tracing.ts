import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import { type Attributes, readPairs, type Span, writeSpans } from './otlp.ts';
import { warnRarely } from './rarely.ts';
import type { Runtime } from './runtime.ts';
import { isSampled, rootIdOf, traceIdOf } from './trace-ids.ts';

/** What this process does for requests, as spans of their traces. Off, nothing is made and nothing is sent. */
export type Tracing = {
  /** Who asks first makes no attributes for nothing. */
  isOn: boolean;
  /** Begins a span of a request's trace, below the request itself where no parent is named. */
  begin(span: Begun): OpenSpan;
  /** Sends what is left. */
  close(): Promise<void>;
};

/** `spanId`: for spans that others name as their parent; `parentId` null for the first of a trace. */
export type Begun = Pick<Span, 'name' | 'kind'> & {
  requestId: string;
  spanId?: string;
  parentId?: string | null;
  /** By `performance.now()`; now, where it is not said. */
  startedAt?: number;
  attributes?: Attributes;
};
/** `endedAt`: by `performance.now()`; now, where it is not said. */
export type OpenSpan = { end(how?: { attributes?: Attributes; failed?: boolean; endedAt?: number }): void };

/** For `runtime.use`. */
export function openTracing({ config, log }: Pick<Runtime, 'config' | 'log'>): Tracing {
  const ratio = ratioOf(config);
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === '' || ratio === 0) return OFF;
  const exporter = openExporter(config, log);
  return {
    isOn: true,
    begin({ requestId, name, kind, parentId, attributes = {}, ...begun }) {
      const traceId = traceIdOf(requestId);
      if (!isSampled(traceId, ratio)) return NO_SPAN;
      const { spanId = randomBytes(8).toString('hex'), startedAt = performance.now() } = begun;
      const startMs = asTime(startedAt);
      return {
        end({ attributes: more = {}, failed = false, endedAt = performance.now() } = {}) {
          exporter.add({
            ...{ traceId, spanId, name, kind, startMs, failed, endMs: asTime(endedAt) },
            parentId: parentId === undefined ? rootIdOf(requestId) : parentId,
            attributes: { ...attributes, ...more },
          });
        },
      };
    },
    close: () => exporter.close(),
  };
}

const NO_SPAN: OpenSpan = { end() {} };
const OFF: Tracing = { isOn: false, begin: () => NO_SPAN, async close() {} };

function ratioOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: Config): number {
  if (sampler === 'always_off') return 0;
  return sampler.endsWith('traceidratio') ? share : 1;
}

function asTime(moment: number): number {
  return performance.timeOrigin + moment;
}

/** Gathers spans; what a collector does not take is lost, and holds nobody up. */
function openExporter(config: Config, log: Logger): { add(span: Span): void; close(): Promise<void> } {
  const url = `${config.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`;
  const headers = { 'content-type': 'application/json', ...readPairs(config.OTEL_EXPORTER_OTLP_HEADERS) };
  const resource = {
    ...readPairs(config.OTEL_RESOURCE_ATTRIBUTES),
    'service.name': config.OTEL_SERVICE_NAME,
    'service.instance.id': randomBytes(8).toString('hex'),
    'process.type': String(log.bindings().process ?? ''),
  };
  let waiting: Span[] = [];
  let lost = 0;
  const timer = setInterval(() => void flush(), EVERY_MS);
  timer.unref();

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const spans = waiting;
    waiting = [];
    try {
      const body = writeSpans(spans, resource);
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
    } catch (err) {
      lost += spans.length;
      warnRarely(log, { err, lost }, 'the collector of OTEL_EXPORTER_OTLP_ENDPOINT did not take spans: they are lost');
    }
  }

  return {
    add(span) {
      if (waiting.length >= MOST_WAITING) {
        lost += 1;
        return;
      }
      waiting.push(span);
      if (waiting.length % AT_ONCE === 0) void flush();
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** As the batch processor of OpenTelemetry has them by default, but for the pause, which is 5 s there. */
const AT_ONCE = 512;
const MOST_WAITING = 2_048;
const EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 10_000;
