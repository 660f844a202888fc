import { describe, type Field, fieldsOf, requiredExample } from './call-fields.ts';
import type { Endpoint } from './endpoint.ts';
import { capital, commonResponses, errorSchema, responsesOf } from './openapi-answers.ts';
import type { NamedSchemas } from './openapi-schemas.ts';

/** The API reference, OpenAPI 3.1, of what the endpoints declare. Each call is there once, by POST. */
export function describeApi(endpoints: readonly Endpoint[]): object {
  const named: NamedSchemas = new Map<string, Record<string, unknown>>([['Error', errorSchema]]);
  const paths = Object.fromEntries(endpoints.map((endpoint) => [endpoint.url, describePath(endpoint, named)]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Group texting',
      version: '1.0.0',
      description: INTRODUCTION,
      license: { name: 'Proprietary', identifier: 'LicenseRef-UNLICENSED' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name, description: tags[name] ?? name })),
    security: [],
    paths,
    components: { responses: commonResponses(), schemas: Object.fromEntries(named), securitySchemes },
  };
}

export const tags: Readonly<Record<string, string>> = {
  group: 'Groups: make, find, join and change them',
  member: 'Members: log in, and who is in a group',
  message: 'Messages: send, read and schedule them',
  device: 'Devices that get push messages in place of texts',
  account: 'The account that an owner pays from',
  v1: 'Events, keys and what became of messages',
};

const securitySchemes = {
  sid: { type: 'http', scheme: 'bearer', description: 'The sid of a session, from /member/login' },
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of a program, from /v1/keys/create or an operator, for the calls that say so',
  },
};

export const INTRODUCTION = `Call by POST with a JSON body, or with a form. GET with a query string answers the same, but let no PIN, password or card number stand in an address: proxies log them. \`status\` is OK or ERROR; an error has \`error_type\`, sometimes \`error_subtype\`, a sentence in \`message\`, and in \`link\` where it is explained. Flags are 1 and 0. Phone numbers come in any format and go out as +14445556666. Lengths count code points, after spaces at the ends and invisible characters are off.

Of several errors one is answered: first 401 for the sid, then MISSING_FIELDS with all missing names, THROTTLE or LOCKOUT, what is wrong with the fields in their order, what cannot be found, what the caller may not do, and last what the state of the group or account forbids, in the order of the lists below. A call that answers an error has changed nothing. Any other URL is 404 UNKNOWN_URL, any other method 405 METHOD_NOT_ALLOWED.

A sid comes in the header \`Authorization: Bearer SID\`, or as the field \`sid\`. In that header comes a key too, by which a program calls for an owner without a login: its owner or an operator makes it, for reading or for sending, for all groups that the person owns or for one, and it works until it is revoked. A call that does not say that it is for keys is 401 for them, and so is a message that is a command; a group that the key does not reach is MEMBER_LOOKUP_FAILED.`;

function describePath(endpoint: Endpoint, named: NamedSchemas): object {
  const fields = fieldsOf(endpoint);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  const schemaOf = (leftOut: Field['only']) => ({
    type: 'object',
    properties: Object.fromEntries(
      fields.filter(({ only }) => only !== leftOut || only === undefined).map((field) => [field.name, describe(field)]),
    ),
    ...(required.length === 0 ? {} : { required }),
  });
  const input = `${capital(endpoint.name)}Input`;
  if (fields.length > 0) named.set(input, schemaOf('form'));
  const form = fields.some(({ only }) => only !== undefined) ? schemaOf('json') : { $ref: refTo(input) };
  return {
    post: {
      operationId: endpoint.name,
      tags: [tagOf(endpoint)],
      summary: endpoint.summary,
      ...describeNotes(endpoint),
      security: securityOf(endpoint),
      ...(fields.length === 0
        ? {}
        : {
            requestBody: {
              required: required.length > 0,
              content: {
                'application/json': { schema: { $ref: refTo(input) }, example: requiredExample(endpoint) },
                'application/x-www-form-urlencoded': { schema: form },
              },
            },
          }),
      responses: responsesOf(endpoint, required, named),
    },
  };
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

function securityOf({ session, keys }: Endpoint): object[] {
  const none = session === 'required' ? [] : [{}];
  const sid = session === 'none' ? [] : [{ sid: [] }];
  return [...sid, ...(keys === undefined ? [] : [{ key: [] }]), ...none];
}

/** What the document does not say, and whether keys may make this call. */
function describeNotes({ notes, keys }: Endpoint): { description?: string } {
  const forKeys = keys === undefined ? [] : [`Also by a key that may ${keys}.`];
  const description = [...(notes === undefined ? [] : [notes]), ...forKeys].join(' ');
  return description === '' ? {} : { description };
}

export function tagOf({ url }: Endpoint): string {
  return url.split('/')[1] ?? '';
}
