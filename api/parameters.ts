import type { ErrorToken } from '../engine/errors.ts';
import type { PhoneSettings } from '../engine/rules/phone.ts';
import type { FieldMap } from './fields.ts';
import { cleaned, type Kind, type KindOptions, kinds, refused, type ValueOf, type Wrong } from './kinds.ts';
import { type Pair, type PairsRow, readPairs } from './pairs.ts';

/** The parameters of an endpoint, in the order of the document. */
export type ParameterTable = Record<string, Parameter>;
export type Parameter = ScalarRow | PairsRow;
export type ScalarRow = KindOptions & {
  kind: Kind;
  says: string;
  optional?: true;
  /** Optional only as long as that other one is not sent either. */
  neededWith?: string;
  /** An empty value is a value (''), not "not sent". */
  keepsEmpty?: true;
  /** For the reference. */
  example?: string | number;
};

/** What the handler gets: a value for each parameter, undefined for an optional one that was not sent. */
export type ParametersOf<P extends ParameterTable> = {
  readonly [N in keyof P]: P[N] extends { kind: 'pairs' }
    ? Pair[]
    : P[N] extends { kind: infer K extends Kind; optional: true }
      ? ValueOf<K> | undefined
      : P[N] extends { kind: infer K extends Kind }
        ? ValueOf<K>
        : never;
};

/** What was found in the fields of a request; mount.ts decides which of it wins. */
export type Findings = {
  params: Record<string, unknown>;
  /** Names of the missing parameters, in documented order. */
  missing: string[];
  /** Bad values, in documented order. */
  wrong: (Wrong & { parameter: string })[];
};

/** Reads every parameter of the table. Never throws: what is wrong with the values is in the findings. */
export function readParameters(table: ParameterTable, fields: FieldMap, phones: PhoneSettings): Findings {
  const found: Findings = { params: {}, missing: [], wrong: [] };
  for (const [name, row] of Object.entries(table)) {
    if (row.kind === 'pairs') found.params[name] = readPairs(row, { fields, phones, found });
    else found.params[name] = readScalar(row, name, { fields, phones, found });
  }
  return found;
}

/** The value of one field; undefined where it is missing, not sent or wrong. */
export function readScalar(row: ScalarRow, name: string, { fields, phones, found }: Reading): unknown {
  const sent = fields.get(name);
  const text = sent === undefined ? '' : cleaned(row.kind, sent);
  if (text === '') {
    if (sent !== undefined && row.keepsEmpty) return '';
    if (!row.optional || isSent(row.neededWith, fields)) found.missing.push(name);
    return undefined;
  }
  const value = text === null ? refused('BAD_REQUEST') : kinds[row.kind].read(text, row, phones);
  if (typeof value !== 'object') return value;
  const subtype = value.wrong === 'BAD_REQUEST' ? name : value.subtype;
  found.wrong.push({ parameter: name, wrong: value.wrong, subtype });
  return undefined;
}

function isSent(name: string | undefined, fields: FieldMap): boolean {
  return name !== undefined && cleaned('text', fields.get(name) ?? '') !== '';
}

export type Reading = { fields: FieldMap; phones: PhoneSettings; found: Findings };

/** These come after every other field error: looking something up is the next step. */
export const LOOKUP_TOKENS: ReadonlySet<ErrorToken> = new Set(['MEMBER_LOOKUP_FAILED', 'NOT_FOUND']);
