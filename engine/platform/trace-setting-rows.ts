import type { Setting } from './setting.ts';

/** Traces, by the standard variables of OpenTelemetry. */
export const traceSettingRows = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: '',
    help: 'Collector of OpenTelemetry that takes traces by OTLP over HTTP (JSON) at /v1/traces, such as http://localhost:4318; without it nothing is traced.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    kind: 'text',
    default: '',
    help: 'Headers for the collector: name=value, with commas between and values percent-encoded.',
  },
  OTEL_SERVICE_NAME: { kind: 'text', default: 'group-texting', maxLength: 100, help: 'Name of the service in traces.' },
  OTEL_RESOURCE_ATTRIBUTES: {
    kind: 'text',
    default: '',
    help: 'More about the service in traces: name=value, with commas between.',
  },
  OTEL_TRACES_SAMPLER: {
    kind: 'text',
    oneOf: ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_traceidratio'],
    default: 'parentbased_always_on',
    help: 'Which requests are traced; the ratios take OTEL_TRACES_SAMPLER_ARG of them.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    kind: 'number',
    default: '1',
    min: 0,
    max: 1,
    help: 'Share of requests that is traced, where the sampler is a ratio: 0.01 is one in a hundred.',
  },
} as const satisfies Record<string, Setting>;
