import type { TObject, TSchema } from '@sinclair/typebox';

type Schema = Record<string, unknown>;

/** The schemas that have a name of their own, filled while the reference is drawn. */
export type NamedSchemas = Map<string, Schema>;

/** Takes what has a title, however deep it lies, out of a schema, and leaves a reference. */
export function withReferences(schema: unknown, named: NamedSchemas): unknown {
  if (Array.isArray(schema)) return schema.map((one) => withReferences(one, named));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { title, ...rest } = schema as Schema;
  const drawn = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withReferences(value, named)]));
  if (typeof title !== 'string') return flat(drawn);
  named.set(title, drawn);
  return { $ref: `#/components/schemas/${title}` };
}

/** One of several constants is an enum, which generators turn into a union and viewers into a choice. */
function flat({ anyOf, ...rest }: Schema): Schema {
  if (!Array.isArray(anyOf)) return { ...(anyOf === undefined ? {} : { anyOf }), ...rest };
  const constants = anyOf.map((one: Schema) => one.const);
  if (constants.includes(undefined)) return { anyOf, ...rest };
  const isNumber = typeof constants[0] === 'number';
  return { type: isNumber ? 'integer' : 'string', enum: isNumber ? constants.toSorted() : constants, ...rest };
}

/**
 * An answer that fits its schema and can happen: what may be left out is, unless it has an example; flags are 0, lists have one
 * entry.
 */
export function sampleOf({ properties, required = [] }: TObject): Record<string, unknown> {
  const needed = new Set<string>(required);
  const shown = Object.entries(properties).filter(([name, field]) => needed.has(name) || field.examples !== undefined);
  return Object.fromEntries(shown.map(([name, field]) => [name, sampleOfField(field)]));
}

function sampleOfField(schema: TSchema): unknown {
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return sampleOfField(schema.anyOf.at(-1));
  if (schema.type === 'object') return sampleOf(schema as TObject);
  if (schema.type === 'array') return [sampleOfField(schema.items)];
  if (schema.type === 'integer') return 1;
  return schema.pattern === undefined ? 'text' : '+14445556666';
}
