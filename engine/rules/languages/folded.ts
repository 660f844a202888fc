import { foldAccents } from '../text.ts';

/**
 * A table of words and sentences of ours that are put into other texts, as they are sent: without the accents that GSM-7
 * lacks. What its functions say stays as it is.
 */
export function folded<const Table extends object>(table: Table): Table {
  return foldEach(table) as Table;
}

function foldEach(value: unknown): unknown {
  if (typeof value === 'string') return foldAccents(value);
  if (Array.isArray(value)) return value.map(foldEach);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, foldEach(one)]));
}
