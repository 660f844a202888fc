import type { Endpoint } from './endpoint.ts';
import type { FieldMap } from './fields.ts';

/** The parameter by which a call may be repeated without being done again; the header of that name is another place for it. */
export function repeatKey<const E extends string>(what: string, example: E) {
  return {
    kind: 'text',
    limit: 64,
    optional: true,
    says: `The client’s own name for this ${what}, at most 64 characters: a repeat within 24 hours does nothing and returns the first answer. Also as the header Idempotency-Key`,
    example,
  } as const;
}

/** The fields with the key of the header, for a call that takes one; a field of that name wins. A quoted key is that key. */
export function withRepeatKey(fields: FieldMap, { parameters }: Endpoint, header: string | undefined): FieldMap {
  if (header === undefined || fields.has(FIELD) || parameters[FIELD] === undefined) return fields;
  return new Map([...fields, [FIELD, /^"(.*)"$/.exec(header)?.[1] ?? header]]);
}

const FIELD = 'idempotency_key';
