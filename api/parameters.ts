import type { ErrorToken } from '../engine/rules/error-catalogue.ts';
import type { PhoneSettings } from '../engine/rules/phone.ts';
import type { FieldMap } from './fields.ts';
import type { Kind, ValueOf } from './kinds.ts';
import { type NumberedMember, type PairsRow, readPairs } from './pairs.ts';
import { type Findings, readScalar, type ScalarRow } from './scalars.ts';

/** The parameters of an endpoint, in the order of the document. */
export type ParameterTable = Record<string, Parameter>;
export type Parameter = ScalarRow | PairsRow;
/** What the handler gets: a value for each parameter, undefined for an optional one that was not sent. */
export type ParametersOf<P extends ParameterTable> = {
  readonly [N in keyof P]: P[N] extends { kind: 'pairs' }
    ? NumberedMember[]
    : P[N] extends { kind: infer K extends Kind; optional: true }
      ? ValueOf<K> | undefined
      : P[N] extends { kind: infer K extends Kind }
        ? ValueOf<K>
        : never;
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

/** These come after every other field error: looking something up is the next step. */
export const LOOKUP_TOKENS: ReadonlySet<ErrorToken> = new Set(['MEMBER_LOOKUP_FAILED', 'NOT_FOUND']);
