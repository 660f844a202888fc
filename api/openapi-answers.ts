import { catalogue, type ErrorToken } from '../engine/rules/error-catalogue.ts';
import type { Endpoint, ErrorNote } from './endpoint.ts';
import { ERRORS_PATH, errorAnswer } from './error-answer.ts';
import { type NamedSchemas, sampleOf, withReferences } from './openapi-schemas.ts';

/** What a call can answer, each error with a sentence and an example. `required` are the fields that may be missing. */
export function responsesOf(endpoint: Endpoint, required: readonly string[], named: NamedSchemas): object {
  const tokens = tokensOf(endpoint);
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
      content: { 'application/json': { schema: schemaOf(endpoint, named), examples } },
    },
    ...Object.fromEntries(common.map((http) => [http, { $ref: `#/components/responses/${http}` }])),
  };
}

function schemaOf(endpoint: Endpoint, named: NamedSchemas): object {
  const name = capital(endpoint.name);
  const answer = reference(named, `${name}Answer`, answerOf(endpoint, named));
  const tokens = tokensOf(endpoint);
  if (tokens.length === 0) return answer;
  const error = reference(named, `${name}Error`, errorOf(tokens));
  return {
    oneOf: [answer, error],
    discriminator: { propertyName: 'status', mapping: { OK: answer.$ref, ERROR: error.$ref } },
  };
}

function reference(named: NamedSchemas, name: string, schema: Record<string, unknown>): { $ref: string } {
  named.set(name, schema);
  return { $ref: `#/components/schemas/${name}` };
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The errors of a call in the order of the document. */
export function tokensOf({ errors }: Endpoint): [ErrorToken, ErrorNote][] {
  return Object.entries(errors) as [ErrorToken, ErrorNote][];
}

function sentence([token, { says }]: [ErrorToken, ErrorNote]): string {
  return `- \`${token}\`: ${says ?? catalogue[token].says}`;
}

function answerOf({ answer }: Endpoint, named: NamedSchemas): Record<string, unknown> {
  const properties = Object.entries(answer.properties).map(([name, field]) => [name, withReferences(field, named)]);
  return {
    type: 'object',
    properties: { status: { type: 'string', enum: ['OK'] }, ...Object.fromEntries(properties) },
    required: ['status', ...(answer.required ?? [])],
  };
}

function errorOf(tokens: readonly [ErrorToken, ErrorNote][]): Record<string, unknown> {
  const { properties, required } = errorSchema;
  const errorType = { type: 'string', enum: tokens.map(([token]) => token), description: 'The error' };
  return { type: 'object', properties: { ...properties, error_type: errorType }, required };
}

export const errorSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['ERROR'] },
    error_type: { type: 'string', description: 'The error' },
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

/** What no call answers, but an address or method that is none, has no part in the reference of calls. */
const inCalls: ReadonlySet<number> = new Set([400, 401, 413, 500, 503]);

/** Errors that are about the request or about us: those of the catalogue whose HTTP status is not 200. */
export function commonResponses(): object {
  const tokens = (Object.keys(catalogue) as ErrorToken[]).filter((token) => inCalls.has(catalogue[token].http));
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
