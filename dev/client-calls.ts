import type { Endpoint } from '../api/endpoint.ts';
import { describeApi } from '../api/openapi.ts';
import { capital } from '../api/openapi-answers.ts';

type Schema = {
  $ref?: string;
  type?: string;
  enum?: readonly (string | number)[];
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  description?: string;
};

/** client/calls.ts: the types of every call and what a client has to know of it, drawn from the reference. */
export function drawClientCalls(endpoints: readonly Endpoint[]): string {
  const { components } = describeApi(endpoints) as { components: { schemas: Record<string, Schema> } };
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(withoutSid(name, schema))};\n`,
  );
  const rows = endpoints.map((endpoint) => {
    const input = Object.keys(endpoint.parameters).length === 0 ? 'NoInput' : `${capital(endpoint.name)}Input`;
    const name = capital(endpoint.name);
    const error = Object.keys(endpoint.errors).length === 0 ? 'never' : `${name}Error['error_type']`;
    return `${comment(endpoint.summary, '  ')}  ${endpoint.name}: { input: ${input}; answer: ${name}Answer; error: ${error} };\n`;
  });
  const calls = endpoints.map(
    ({ name, url, reads, parameters }) =>
      `  ${name}: { url: '${url}', repeat: '${reads === true ? 'read' : 'idempotency_key' in parameters ? 'key' : 'never'}' },\n`,
  );
  return `// Drawn from the declarations of the API by \`npm run docs\`; a test fails while it is not up to date.

${types.join('\n')}
/** A call that takes no fields. */
export type NoInput = Record<string, never>;

/** Every call: what it takes, what it answers, and which errors are its own. */
export type Calls = {
${rows.join('')}};

/** Where each call is, and whether it may be asked again where no answer came: it only reads, or has a key for that. */
export const calls = {
${calls.join('')}} as const satisfies Record<keyof Calls, { url: string; repeat: 'read' | 'key' | 'never' }>;
`;
}

/** The client sends the sid in the header. */
function withoutSid(name: string, schema: Schema): Schema {
  if (!name.endsWith('Input') || schema.properties === undefined) return schema;
  const { sid: _, ...properties } = schema.properties;
  return { ...schema, properties };
}

function typeOf(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
  if (schema.enum !== undefined)
    return schema.enum.map((one) => (typeof one === 'string' ? `'${one}'` : one)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  if (schema.type === 'array') return `readonly (${typeOf(schema.items ?? {}, indent)})[]`;
  if (schema.type === 'object') return objectOf(schema, indent);
  return schema.type === 'integer' ? 'number' : (schema.type ?? constOf(schema));
}

function constOf(schema: Schema): string {
  const value = 'const' in schema ? schema.const : undefined;
  return value === undefined ? 'unknown' : JSON.stringify(value);
}

function objectOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${comment(field.description, inner)}${inner}${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)};\n`,
  );
  return fields.length === 0 ? 'Record<string, never>' : `{\n${fields.join('')}${indent}}`;
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`;
}
