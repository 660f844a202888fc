import { type TInteger, type TString, Type } from '@sinclair/typebox';
import { type ChangeOf, type FieldShown, type FieldTable, type FieldType, namesOf } from '../engine/rules/fields.ts';
import { asFlag, flag, phone, text } from './schemas.ts';

/** What the API takes and shows of the fields of a group or member, drawn from their tables in engine/rules. */

/** The parameters that set the fields of a table. All are optional: only what is sent changes. */
export function parametersOf<const Table extends Settable>(table: Table): ParametersOf<Table> {
  const parameters = rowsOf(table).map(({ column, parameter }) => [column, { ...parameter, optional: true }]);
  return Object.fromEntries(parameters) as ParametersOf<Table>;
}

/** The fields that were sent, from the parameters of a call; an empty text takes the value of an optional field away. */
export function changeOf<const Table extends Settable>(
  table: Table,
  params: { readonly [Name in keyof ParametersOf<Table>]: unknown },
): ChangeOf<Table> {
  const sent: Readonly<Record<string, unknown>> = params;
  const input = rowsOf(table).flatMap(({ name, type, column }) => {
    const value = sent[column];
    if (value === undefined) return [];
    return [[name, value === '' && type === 'optionalText' ? null : value]];
  });
  return Object.fromEntries(input) as ChangeOf<Table>;
}

/** The schemas of the fields that an answer shows. */
export function schemasOf<const Table extends FieldTable, Where extends string>(
  table: Table,
  where: Where,
): SchemasOf<Table, Where> {
  const schemas = shownIn(table, where).map(({ type, as, says }) => [as, showing[type].schema(says)]);
  return Object.fromEntries(schemas) as SchemasOf<Table, Where>;
}

/** The fields of a group or member as an answer shows them. */
export function showFields<const Table extends FieldTable, Where extends string>(
  table: Table,
  where: Where,
  values: { readonly [Name in keyof Table]: unknown },
): AnswerOf<Table, Where> {
  const shown = shownIn(table, where).map(({ name, type, as }) => [as, showing[type].show(values[name])]);
  return Object.fromEntries(shown) as AnswerOf<Table, Where>;
}

type Settable = Readonly<Record<string, { type: FieldType; column?: string; parameter?: object }>>;

type ParametersOf<Table extends Settable> = {
  [Name in keyof Table as Table[Name] extends { parameter: object; column: infer Column extends string }
    ? Column
    : never]: Table[Name]['parameter'] & { optional: true };
};

function rowsOf(table: Settable) {
  return namesOf(table).flatMap((name) => {
    const { type, column, parameter } = table[name] ?? {};
    return type === undefined || column === undefined || parameter === undefined
      ? []
      : [{ name, type, column, parameter }];
  });
}

/** How each type of field is shown: its schema, and its value. What is not set is an empty text. */
const showing = {
  flag: { schema: flag, show: (value) => asFlag(value === true) },
  smsState: {
    schema: (says) => Type.Integer({ minimum: 0, maximum: 2, description: says }),
    show: Number,
  },
  id: { schema: (says) => Type.Integer({ description: says }), show: Number },
  phone: { schema: phone, show: String },
  text: { schema: text, show: String },
  optionalText: { schema: text, show: (value) => String(value ?? '') },
  optionalTime: { schema: (says) => Type.Integer({ description: says }), show: Number },
} as const satisfies Record<FieldType, { schema: (says: string) => object; show: (value: unknown) => number | string }>;

type ShowingOf<Row> = Row extends { type: infer Shown extends FieldType } ? (typeof showing)[Shown] : never;

type SchemasOf<Table extends FieldTable, Where extends string> = {
  [Name in keyof Table as AsOf<Table[Name], Where>]: SchemaOf<Table[Name]['type']>;
};
type AnswerOf<Table extends FieldTable, Where extends string> = {
  [Name in keyof Table as AsOf<Table[Name], Where>]: ReturnType<ShowingOf<Table[Name]>['show']>;
};
type AsOf<Row, Where extends string> =
  Row extends Readonly<Record<Where, { as: infer As extends string }>> ? As : never;
type SchemaOf<Shown extends FieldType> = Shown extends 'flag'
  ? ReturnType<typeof flag>
  : Shown extends 'phone' | 'text' | 'optionalText'
    ? TString
    : TInteger;

function shownIn(table: FieldTable, where: string) {
  return namesOf(table).flatMap((name) => {
    const row: ShownRow = table[name] ?? { type: 'text' };
    const shown = row[where];
    return typeof shown === 'object' ? [{ name, type: row.type, ...shown }] : [];
  });
}
type ShownRow = { type: FieldType } & { readonly [Where in string]?: FieldShown | string };
