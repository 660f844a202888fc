import type { PhoneSettings } from '../engine/rules/phone.ts';
import type { FieldMap } from './fields.ts';
import { cleaned, isBlankName, type Kind, type KindOptions, kinds, refused, type Wrong } from './kinds.ts';

/** A row of a parameter table that stands for one field. */
export type ScalarRow = KindOptions & {
  kind: Kind;
  says: string;
  optional?: true;
  /** Optional only as long as that other one is not sent either. */
  neededWith?: string;
  /** Optional where the endpoint's `waives` says so. */
  waivable?: true;
  /** An empty value is a value (''), not "not sent". */
  keepsEmpty?: true;
  /** For the reference. */
  example?: string | number;
};

/** The value of one field; undefined where it is missing, not sent or wrong. */
export function readScalar(row: ScalarRow, name: string, { fields, phones, found }: Reading): unknown {
  const sent = fields.get(name);
  const text = sent === undefined ? '' : cleaned(row.kind, sent);
  if (text === '') {
    if (sent !== undefined && isBlankName(row.kind, sent)) {
      found.wrong.push({ parameter: name, ...refused('BAD_REQUEST', name) });
      return undefined;
    }
    if (sent !== undefined && row.keepsEmpty) return '';
    if (!row.optional || row.waivable || isSent(row.neededWith, fields)) found.missing.push(name);
    return undefined;
  }
  const value = text === null ? refused('BAD_REQUEST') : kinds[row.kind].read(text, row, phones);
  if (typeof value !== 'object') return value;
  const subtype = value.wrong === 'BAD_REQUEST' ? name : value.subtype;
  found.wrong.push({ parameter: name, wrong: value.wrong, subtype });
  return undefined;
}

export type Reading = { fields: FieldMap; phones: PhoneSettings; found: Findings };

/** What was found in the fields of a request; mount.ts decides which of it wins. */
export type Findings = {
  params: Record<string, unknown>;
  /** Names of the missing parameters, in documented order. */
  missing: string[];
  /** Bad values, in documented order. */
  wrong: (Wrong & { parameter: string })[];
};

function isSent(name: string | undefined, fields: FieldMap): boolean {
  return name !== undefined && cleaned('text', fields.get(name) ?? '') !== '';
}
