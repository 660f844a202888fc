/*
 * OTLP over HTTP as JSON, which any collector takes; the SDK with its exporter is 20 MB of packages.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp, and trace.proto of opentelemetry-proto
 */

/** Times in milliseconds since 1970, with fractions. */
export type Span = {
  traceId: string;
  spanId: string;
  parentId: string | null;
  name: string;
  kind: keyof typeof kinds;
  startMs: number;
  endMs: number;
  attributes: Attributes;
  failed: boolean;
};
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const FAILED = 2;

/** The body of a request with spans. */
export function writeSpans(spans: readonly Span[], resource: Attributes): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: asAttributes(resource) },
        scopeSpans: [{ scope: { name: 'group-texting' }, spans: spans.map(asSpan) }],
      },
    ],
  });
}

function asSpan({ traceId, spanId, parentId, name, kind, startMs, endMs, attributes, failed }: Span): object {
  return {
    ...{ traceId, spanId, name, kind: kinds[kind] },
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    startTimeUnixNano: asNanos(startMs),
    endTimeUnixNano: asNanos(endMs),
    attributes: asAttributes(attributes),
    status: failed ? { code: FAILED } : {},
  };
}

/** 64-bit numbers are strings in JSON. */
function asNanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}

function asAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [{ key, value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) } }];
  });
}

/** `name=value,name=value`, as the variables of OpenTelemetry hold it; what is no pair is left out. */
export function readPairs(written: string): Record<string, string> {
  const pairs = written.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
