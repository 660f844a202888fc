import { cleaned } from './kinds.ts';
import { type Reading, readScalar, type ScalarRow } from './scalars.ts';

/** A row of a parameter table that stands for name_N and number_N, N from 0 to `highest`, gaps allowed. */
export type PairsRow = {
  kind: 'pairs';
  highest: number;
  /** What name_N and number_N are. */
  says: [name: string, number: string];
  /** The flag that makes names optional. */
  nameOptionalWith: string;
};

export type NumberedMember = {
  /** N, which may be over `highest`: that is for the handler to refuse, after the errors in the fields. */
  at: number;
  name: string | null;
  phone: string;
};

/**
 * The pairs in the order of N. One half without the other is missing; a pair of two empty halves was not sent. Pairs
 * with an error are left out, their error is among the findings.
 */
export function readPairs(row: PairsRow, reading: Reading): NumberedMember[] {
  const { fields, phones, found } = reading;
  const noNames = fields.get(row.nameOptionalWith);
  const nameOptional = noNames !== undefined && cleaned('flag', noNames) === '1';
  const nameRow: ScalarRow = {
    kind: 'personName',
    says: row.says[0],
    ...(nameOptional ? { optional: true as const } : {}),
  };
  const numberRow: ScalarRow = { kind: 'phone', says: row.says[1] };
  const pairs: NumberedMember[] = [];
  for (const at of numbersOf(reading)) {
    const wasFine = found.missing.length + found.wrong.length;
    const name = readScalar(nameRow, `name_${at}`, { fields, phones, found });
    const phone = readScalar(numberRow, `number_${at}`, { fields, phones, found });
    if (found.missing.length + found.wrong.length > wasFine) continue;
    pairs.push({ at: Number(at), name: typeof name === 'string' ? name : null, phone: String(phone) });
  }
  return pairs;
}

/** The N of all pairs with something in them; a leading zero is another name and no N. */
function numbersOf({ fields }: Reading): string[] {
  const numbers = new Set<string>();
  for (const [field, sent] of fields) {
    const at = /^(?:name|number)_(0|[1-9]\d*)$/.exec(field)?.[1];
    if (at !== undefined && cleaned('personName', sent) !== '') numbers.add(at);
  }
  return [...numbers].sort((a, b) => Number(a) - Number(b));
}
