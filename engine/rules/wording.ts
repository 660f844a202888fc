import { fitToSegments, foldOwnWords } from './fit.ts';
import { rowsInLanguage } from './languages/speaking.ts';
import type { AnyTable } from './languages/translated.ts';
import { words } from './words.ts';

/**
 * A table of English texts, each written within two segments whatever the names in it are, and in the language that is
 * spoken: see languages/index.ts. Those among `lists` are as long as what they list, and go out in several texts.
 */
export function wording<Texts extends AnyTable>(
  english: Texts,
  { lists = [] }: { lists?: readonly (keyof Texts & string)[] } = {},
): Texts {
  const rows = Object.keys(english).map((key) => [
    key,
    (put: object = {}) => {
      const write = rowsInLanguage(table, english)[key] as (put: object) => string;
      return lists.includes(key) ? foldOwnWords(write(put), put) : fitToSegments(write, put);
    },
  ]);
  const table = Object.fromEntries(rows) as Texts;
  return table;
}

/**
 * A table of English sentences that are read in an email or aloud, in the language that is spoken: of any length, and with all
 * letters of that language.
 */
export function prose<Sentences extends AnyTable>(english: Sentences): Sentences {
  const rows = Object.keys(english).map((key) => [
    key,
    (put: object = {}) => (rowsInLanguage(table, english)[key] as (put: object) => string)(put),
  ]);
  const table = Object.fromEntries(rows) as Sentences;
  return table;
}

export function countPeople(count: number): string {
  return words().people(count);
}
