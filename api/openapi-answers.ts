import type { TObject, TSchema } from '@sinclair/typebox';
import { catalogue, type ErrorToken } from '../engine/rules/error-catalogue.ts';
import type { Endpoint, ErrorNote } from './endpoint.ts';
import { ERRORS_PATH, errorAnswer } from './error-answer.ts';

/** What a call can answer, each error with a sentence and an example. `required` are the fields that may be missing. */
export function responsesOf(endpoint: Endpoint, required: readonly string[]): object {
  const tokens = Object.entries(endpoint.errors) as [ErrorToken, ErrorNote][];
  const examples = {
    OK: { summary: 'The answer.', value: { status: 'OK', ...sampleOf(endpoint.answer) } },
    ...Object.fromEntries(
      tokens.map(([token, note]) => [
        token,
        { summary: note.says ?? catalogue[token].says, value: exampleOf(required, token, note) },
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

export const errorSchema = {
  type: 'object',
  properties: {
    status: { const: 'ERROR' },
    error_type: { type: 'string' },
    error_subtype: {
      description: 'The names of the missing fields, or the value that is wrong',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    message: { type: 'string', description: 'A sentence for people' },
    link: { type: 'string', format: 'uri', description: 'Where the reference explains it' },
    request_id: { type: 'string', description: 'Of a 5xx answer: finds it in the log' },
  },
  required: ['status', 'error_type', 'message'],
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
} as const;

function exampleOf(required: readonly string[], token: ErrorToken, { subtype, says }: ErrorNote): object {
  const value = subtype === 'fields' ? required.slice(-1) : subtype && subtypeExamples[subtype];
  return errorAnswer({ token, subtype: value, says, errorsUrl: ERRORS_EXAMPLE });
}

const ERRORS_EXAMPLE = `https://texting.example${ERRORS_PATH}`;

/** Errors that are about the request or about us: those of the catalogue whose HTTP status is not 200. */
export function commonResponses(): object {
  const tokens = (Object.keys(catalogue) as ErrorToken[]).filter((token) => catalogue[token].http !== 200);
  return Object.fromEntries(
    tokens.map((token) => {
      const { http, says } = catalogue[token];
      const subtype = token === 'BAD_REQUEST' ? 'number' : undefined;
      const example = errorAnswer({ token, subtype, errorsUrl: ERRORS_EXAMPLE, requestId: 'a1b2c3d4' });
      const schema = { $ref: '#/components/schemas/Error' };
      return [http, { description: `${token}: ${says}`, content: { 'application/json': { schema, example } } }];
    }),
  );
}
