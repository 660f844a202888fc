import type { TObject, TSchema } from '@sinclair/typebox';
import { catalogue, type ErrorToken } from '../engine/errors.ts';
import type { Endpoint, ErrorNote } from './endpoint.ts';
import { kinds } from './kinds.ts';
import type { Parameter } from './parameters.ts';
import type { ScalarRow } from './scalars.ts';

/** The API reference, OpenAPI 3.1, of what the endpoints declare. */
export function describeApi(endpoints: readonly Endpoint[]): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Group texting',
      version: '1.0.0',
      description:
        'Every call answers GET with a query string and POST with a form or a JSON body; the body wins. `status` is OK or ERROR; an error has `error_type` and sometimes `error_subtype`. Flags are 1 and 0. Phone numbers come in any format and go out as +14445556666. Lengths count code points.',
    },
    servers: [{ url: '.', description: 'This server' }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths: Object.fromEntries(endpoints.map((endpoint) => [endpoint.url, describePath(endpoint)])),
    components: { responses: commonResponses(), schemas: { Error: errorSchema } },
  };
}

function describePath(endpoint: Endpoint): object {
  const fields = fieldsOf(endpoint);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map(describeField)),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  };
  const common = {
    tags: [tagOf(endpoint)],
    summary: endpoint.summary,
    ...(endpoint.notes === undefined ? {} : { description: endpoint.notes }),
    responses: responsesOf(endpoint),
  };
  const id = endpoint.url.slice(1).replaceAll('/', '-');
  return {
    get: {
      operationId: `get-${id}`,
      ...common,
      parameters: fields.map(({ name, says, required, schema: one, example }) => ({
        name,
        in: 'query',
        description: says,
        required,
        schema: one,
        ...(example === undefined ? {} : { example }),
      })),
    },
    post: {
      operationId: `post-${id}`,
      ...common,
      requestBody: {
        required: fields.some(({ required }) => required),
        content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema } },
      },
    },
  };
}

type Field = { name: string; says: string; required: boolean; schema: object; example?: string | number };

function describeField({ name, says, schema, example }: Field): [string, object] {
  return [name, { ...schema, description: says, ...(example === undefined ? {} : { examples: [example] }) }];
}

/** The sid stands first in every call of the document. */
function fieldsOf({ session, parameters }: Endpoint): Field[] {
  const sid = { name: 'sid', says: 'The session id', schema: { type: 'string' }, required: session === 'required' };
  return [
    ...(session === 'none' ? [] : [sid]),
    ...Object.entries(parameters).flatMap(([name, row]) => fieldsOfRow(name, row)),
  ];
}

function fieldsOfRow(name: string, row: Parameter): Field[] {
  if (row.kind !== 'pairs') return [scalarField(name, row)];
  const [nameSays, numberSays] = row.says;
  const like = (says: string) => `${says}. Also with N from 1 to ${row.highest} in place of 0; gaps are allowed.`;
  return [
    scalarField('name_0', { kind: 'personName', optional: true, says: like(nameSays), example: 'Bob' }),
    scalarField('number_0', { kind: 'phone', optional: true, says: like(numberSays), example: '+14445558888' }),
  ];
}

function scalarField(name: string, row: ScalarRow): Field {
  const { says, optional = false, example } = row;
  const field = { name, says, required: !optional, schema: kinds[row.kind].shape(row) };
  return example === undefined ? field : { ...field, example };
}

function responsesOf(endpoint: Endpoint): object {
  const tokens = Object.entries(endpoint.errors) as [ErrorToken, ErrorNote][];
  const examples = {
    OK: { summary: 'The answer.', value: { status: 'OK', ...sampleOf(endpoint.answer) } },
    ...Object.fromEntries(
      tokens.map(([token, note]) => [
        token,
        { summary: note.says ?? catalogue[token].says, value: exampleOf(endpoint, token, note) },
      ]),
    ),
  };
  const common = endpoint.session === 'none' ? [400, 413, 500, 503] : [400, 401, 413, 500, 503];
  return {
    200: {
      description: ['The answer, or one of the errors of this call.', ...tokens.map(sentence)].join('\n'),
      content: {
        'application/json': {
          schema: tokens.length === 0 ? answerOf(endpoint) : { oneOf: [answerOf(endpoint), errorOf(tokens)] },
          examples,
        },
      },
    },
    ...Object.fromEntries(common.map((http) => [http, { $ref: `#/components/responses/${http}` }])),
  };
}

function sentence([token, { says }]: [ErrorToken, ErrorNote]): string {
  return `- \`${token}\`: ${says ?? catalogue[token].says}`;
}

function answerOf({ answer }: Endpoint): object {
  const { properties, required = [] } = answer as TSchema & { properties: Record<string, TSchema> };
  return {
    type: 'object',
    properties: { status: { const: 'OK' }, ...properties },
    required: ['status', ...(required as string[])],
  };
}

function errorOf(tokens: readonly [ErrorToken, ErrorNote][]): object {
  return {
    allOf: [
      { $ref: '#/components/schemas/Error' },
      { type: 'object', properties: { error_type: { enum: tokens.map(([token]) => token) } } },
    ],
  };
}

const errorSchema = {
  type: 'object',
  properties: {
    status: { const: 'ERROR' },
    error_type: { type: 'string' },
    error_subtype: {
      description: 'The names of the missing fields, or the value that is wrong',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    request_id: { type: 'string', description: 'Of a 5xx answer: finds it in the log' },
  },
  required: ['status', 'error_type'],
};

/** An answer that fits its schema: flags are 1, lists have one entry. */
function sampleOf(schema: TObject): object {
  return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, sampleOfField(field)]));
}

function sampleOfField(schema: TSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return sampleOfField(schema.anyOf[0]);
  if (schema.type === 'object') return sampleOf(schema as TObject);
  if (schema.type === 'array') return [sampleOfField(schema.items)];
  if (schema.type === 'integer') return 1;
  return schema.pattern === undefined ? 'text' : '+14445556666';
}

const subtypeExamples = {
  number: '+14445556666',
  name: 'Bob',
  time: '2026-02-30 18:00:00',
  reason: 'insufficient_funds',
  fields: [],
} as const;

function exampleOf(endpoint: Endpoint, token: ErrorToken, { subtype }: ErrorNote): object {
  const missing = fieldsOf(endpoint).filter(({ required }) => required);
  const value = subtype === 'fields' ? missing.slice(-1).map(({ name }) => name) : subtype && subtypeExamples[subtype];
  return { status: 'ERROR', error_type: token, ...(value === undefined ? {} : { error_subtype: value }) };
}

/** Errors that are about the request or about us: those of the catalogue whose HTTP status is not 200. */
function commonResponses(): object {
  const tokens = (Object.keys(catalogue) as ErrorToken[]).filter((token) => catalogue[token].http !== 200);
  return Object.fromEntries(
    tokens.map((token) => {
      const { http, says } = catalogue[token];
      const example = { status: 'ERROR', error_type: token, ...(http >= 500 ? { request_id: 'a1b2c3d4' } : {}) };
      const schema = { $ref: '#/components/schemas/Error' };
      return [http, { description: `${token}: ${says}`, content: { 'application/json': { schema, example } } }];
    }),
  );
}

function tagOf({ url }: Endpoint): string {
  return url.split('/')[1] ?? '';
}
