import type { Endpoint } from './endpoint.ts';
import { type KindRow, kinds } from './kinds.ts';
import { commonResponses, errorSchema, responsesOf } from './openapi-answers.ts';
import type { Parameter } from './parameters.ts';
import type { ScalarRow } from './scalars.ts';

/** The API reference, OpenAPI 3.1, of what the endpoints declare. */
export function describeApi(endpoints: readonly Endpoint[]): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Group texting',
      version: '1.0.0',
      description: INTRODUCTION,
    },
    servers: [{ url: '.', description: 'This server' }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths: Object.fromEntries(endpoints.map((endpoint) => [endpoint.url, describePath(endpoint)])),
    components: { responses: commonResponses(), schemas: { Error: errorSchema } },
  };
}

const INTRODUCTION = `Every call answers GET with a query string and POST with a form or a JSON body; the body wins. Use POST, and let no proxy log queries: a query holds sids, PINs, passwords, messages and card numbers in plain sight. \`status\` is OK or ERROR; an error has \`error_type\`, sometimes \`error_subtype\`, a sentence in \`message\`, and in \`link\` where it is explained. Flags are 1 and 0. Phone numbers come in any format and go out as +14445556666. Lengths count code points, after spaces at the ends and invisible characters are off.

Of several errors one is answered: first 401 for the sid, then MISSING_FIELDS with all missing names, THROTTLE or LOCKOUT, what is wrong with the fields in their order, what cannot be found, what the caller may not do, and last what the state of the group or account forbids, in the order of the lists below. A call that answers an error has changed nothing. Any other URL is 404 UNKNOWN_URL, any other method 405 METHOD_NOT_ALLOWED.

A sid may also come as the header \`Authorization: Bearer SID\`, where no address holds it. So does a key, by which a program calls for an owner without a login: an operator makes it, for reading or for sending, for all groups that the person owns or for one, and it works until it is revoked. A call that does not say that it is for keys is 401 for them, and so is a message that is a command; a group that the key does not reach is MEMBER_LOOKUP_FAILED.`;

function describePath(endpoint: Endpoint): object {
  const fields = fieldsOf(endpoint);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  const schema = { type: 'object', properties: Object.fromEntries(fields.map(describeField)), required };
  const common = {
    tags: [tagOf(endpoint)],
    summary: endpoint.summary,
    ...describeNotes(endpoint),
    responses: responsesOf(endpoint, required),
  };
  const id = endpoint.url.slice(1).replaceAll('/', '-');
  return {
    get: {
      operationId: `get-${id}`,
      ...common,
      parameters: fields.map(({ name, says, required: isRequired, schema: one, example }) => ({
        name,
        in: 'query',
        description: says,
        required: isRequired,
        schema: one,
        ...(example === undefined ? {} : { example }),
      })),
    },
    post: {
      operationId: `post-${id}`,
      ...common,
      requestBody: {
        required: required.length > 0,
        content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema } },
      },
    },
  };
}

/** What the document does not say, and whether keys may make this call. */
function describeNotes({ notes, keys }: Endpoint): { description?: string } {
  const forKeys = keys === undefined ? [] : [`Also by a key that may ${keys}.`];
  const description = [...(notes === undefined ? [] : [notes]), ...forKeys].join(' ');
  return description === '' ? {} : { description };
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
  const { optional = false, example } = row;
  const { refuses }: KindRow = kinds[row.kind];
  const says = refuses === undefined ? row.says : `${row.says}. BAD_REQUEST for ${refuses}.`.replace('..', '.');
  const field = { name, says, required: !optional, schema: kinds[row.kind].shape(row) };
  return example === undefined ? field : { ...field, example };
}

function tagOf({ url }: Endpoint): string {
  return url.split('/')[1] ?? '';
}
