import type { Endpoint } from './endpoint.ts';
import { type Kind, type KindRow, kinds } from './kinds.ts';
import type { PairsRow } from './pairs.ts';
import type { Parameter } from './parameters.ts';
import type { ScalarRow } from './scalars.ts';

/** A field that a call takes, as the reference and the client describe it. */
export type Field = {
  name: string;
  says: string;
  required: boolean;
  schema: object;
  example?: unknown;
  /** Only JSON can hold a list, only forms and queries have a field for each of its entries. */
  only?: 'json' | 'form';
};

/** The fields of a call; the sid stands first in every call of the document. */
export function fieldsOf({ session, parameters }: Endpoint): Field[] {
  const says = session === 'required' ? SID_SAYS : `${SID_SAYS} Optional`;
  const sid: Field = { name: 'sid', says, schema: { type: 'string' }, required: false };
  return [
    ...(session === 'none' ? [] : [sid]),
    ...Object.entries(parameters).flatMap(([name, row]) => fieldsOfRow(name, row)),
  ];
}

const SID_SAYS = 'The session id, where it does not come in the header Authorization.';

/** The fields that have to be sent, each with a value that is right. */
export function requiredExample(endpoint: Endpoint): Record<string, unknown> {
  const needed = fieldsOf(endpoint).filter(
    ({ required, name }) => required || isUsuallyNeeded(endpoint.parameters[name]),
  );
  return Object.fromEntries(needed.map(({ name, example }) => [name, example]));
}

/** A group needs at least one member besides its creator, and most groups a name of who joins. */
function isUsuallyNeeded(row: Parameter | undefined): boolean {
  return row !== undefined && (row.kind === 'pairs' || row.waivable === true);
}

function fieldsOfRow(name: string, row: Parameter): Field[] {
  return row.kind === 'pairs' ? fieldsOfPairs(name, row) : [scalarField(name, row)];
}

function fieldsOfPairs(list: string, { says: [nameSays, numberSays], highest }: PairsRow): Field[] {
  const like = (says: string) => `${says}. Also with N from 1 to ${highest} in place of 0; gaps are allowed.`;
  const name = scalarField('name_0', { kind: 'personName', optional: true, says: like(nameSays), example: 'Bob' });
  const number = scalarField('number_0', {
    kind: 'phone',
    optional: true,
    says: like(numberSays),
    example: '+14445558888',
  });
  const member = {
    type: 'object',
    properties: { name: describe({ ...name, says: nameSays }), number: describe({ ...number, says: numberSays }) },
    required: ['number'],
  };
  return [
    {
      name: list,
      says: 'The additional members; in forms and queries as name_0, number_0, name_1 and so on',
      required: false,
      schema: { type: 'array', items: member, maxItems: highest + 1 },
      example: [{ name: 'Bob', number: '+14445558888' }],
      only: 'json',
    },
    { ...name, only: 'form' },
    { ...number, only: 'form' },
  ];
}

/** The schema of a field with what the reference says of it. */
export function describe({ says, schema, example }: Pick<Field, 'says' | 'schema' | 'example'>): object {
  return { ...schema, description: says, ...(example === undefined ? {} : { examples: [example] }) };
}

function scalarField(name: string, row: ScalarRow): Field {
  const { optional = false, example = samples[row.kind] } = row;
  const { refuses }: KindRow = kinds[row.kind];
  const says = refuses === undefined ? row.says : `${row.says}. BAD_REQUEST for ${refuses}.`.replace('..', '.');
  const field = { name, says, required: !optional, schema: kinds[row.kind].shape(row) };
  return example === undefined ? field : { ...field, example };
}

/** Where a row has no example. */
const samples: Partial<Record<Kind, string | number>> = { secret: 'correct horse battery', integer: 1, flag: 1 };
