import type { ErrorToken } from './error-catalogue.ts';

/** 0 nothing is sent, 1 SMS, 2 push with SMS where no device can be alerted. */
export const smsStates = [0, 1, 2] as const;
export type SmsState = (typeof smsStates)[number];

/** What a field of a group or of a member can hold, as the rules see it. */
export type FieldValues = {
  flag: boolean;
  id: number;
  /** E.164. */
  phone: string;
  text: string;
  optionalText: string | null;
  smsState: SmsState;
  /** Epoch milliseconds. */
  optionalTime: number | null;
};
export type FieldType = keyof FieldValues;
export type FieldTable = Readonly<Record<string, { type: FieldType }>>;

/** How a call takes a field: a row of its parameter table without `optional`, which all of them are. */
export type FieldParameter = {
  /** One of api/kinds.ts, which knows how the value is read. */
  kind: string;
  /** The most code points. */
  limit?: number;
  /** The error of a bad value, where it is not the kind’s own. */
  wrong?: ErrorToken;
  /** An empty value takes the field away, or is refused by a rule; else it counts as not sent. */
  keepsEmpty?: true;
  says: string;
};

/** How an answer shows a field. */
export type FieldShown = { as: string; says: string };

/** The values of all fields of a table. */
export type ValuesOf<Table extends FieldTable> = {
  -readonly [Field in keyof Table]: FieldValues[Table[Field]['type']];
};

/** The fields of a table that a call can set, each with its value. */
export type ChangeOf<Table extends FieldTable> = {
  -readonly [Field in keyof Table as Table[Field] extends { parameter: object }
    ? Field
    : never]?: Table[Field] extends {
    parameter: { keepsEmpty: true };
  }
    ? FieldValues[Table[Field]['type']]
    : NonNullable<FieldValues[Table[Field]['type']]>;
};

/** The words of the star commands that set fields of a table. */
export type CommandOf<Table extends FieldTable> = {
  [Field in keyof Table]: Table[Field] extends { command: `*${infer Word}` } ? Word : never;
}[keyof Table];

/** The names of a table’s fields. */
export function namesOf<Table extends FieldTable>(table: Table): (keyof Table & string)[] {
  return Object.keys(table);
}

/**
 * A short name for what tables of fields hold: another one as soon as a field comes, goes, or changes its type. What is
 * kept outside of a process carries it, so that no version of the program reads the shape of another.
 */
export function shapeOf(...tables: readonly FieldTable[]): string {
  const fields = tables.map((table) => namesOf(table).map((name) => `${name}:${table[name]?.type}`));
  return hash(JSON.stringify(fields));
}

/** FNV-1a, 32 bits: for telling apart, not for secrets. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(36);
}
