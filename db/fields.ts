import { type FieldTable, type FieldType, type FieldValues, namesOf, type ValuesOf } from '../engine/rules/fields.ts';

/** What SELECT says to get the fields of a table that have a column. */
export function selectFields(table: FieldTable & Record<string, { column?: string }>, alias: string): string {
  return namesOf(table)
    .flatMap((name) => {
      const column = table[name]?.column;
      return column === undefined ? [] : [`${alias}.${column} AS \`${name}\``];
    })
    .join(', ');
}

/** Makes of a row’s columns what the fields hold; what the table does not have stays as it is. */
export function fieldReader<Table extends FieldTable>(
  table: Table,
): <Row extends Record<string, unknown>>(row: Row) => Omit<Row, keyof Table> & ValuesOf<Table> {
  const parsed = namesOf(table).flatMap((name) => {
    const parse = parsers[table[name]?.type ?? 'text'];
    return parse === null || parse === undefined ? [] : [{ name, parse }];
  });
  return (row) => {
    const values: Record<string, unknown> = { ...row };
    for (const { name, parse } of parsed) values[name] = parse(values[name]);
    return values as Omit<typeof row, keyof Table> & ValuesOf<Table>;
  };
}

/** How the driver’s values become those of the rules; null where they are the same. */
const parsers: { [Type in FieldType]: ((value: unknown) => FieldValues[Type]) | null } = {
  flag: (value) => value === 1,
  id: null,
  phone: null,
  text: null,
  optionalText: null,
  smsState: null,
  optionalTime: (value) => (value instanceof Date ? value.getTime() : null),
};
