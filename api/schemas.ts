import { Type } from '@sinclair/typebox';
import { accountTypes } from '../engine/rules/money.ts';

/** Types of answer fields that several endpoints have. Schemas say 1 and 0 where the document says flag. */
export const flag = (says: string) => Type.Union([Type.Literal(1), Type.Literal(0)], { description: says });
export const text = (says: string) => Type.String({ description: says });
export const count = (says: string, example?: number) =>
  Type.Integer({ description: says, ...(example === undefined ? {} : { examples: [example] }) });
export const phone = (says: string) => Type.String({ description: says, pattern: '^\\+[1-9][0-9]{6,14}$' });
export const epoch = (says: string) => Type.Integer({ description: `${says}, in seconds since 1970 (UTC)` });
export const accountType = Type.Union(
  accountTypes.map((type) => Type.Literal(type)),
  { description: 'Type of account: Free, Trial or Paid' },
);

/** A flag as it goes out. */
export function asFlag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
