import { fitToSegments } from './fit.ts';

type Table = Readonly<Record<string, (put: never) => string>>;

/**
 * A table of texts, each written within two segments whatever the names in it are. Those among `lists` are as long as
 * what they list, and go out in several texts.
 */
export function wording<Texts extends Table>(
  table: Texts,
  { lists = [] }: { lists?: readonly (keyof Texts & string)[] } = {},
): Texts {
  const rows = Object.entries(table).map(([key, write]) => [
    key,
    lists.includes(key) ? write : (put: object = {}) => fitToSegments(write as (put: object) => string, put),
  ]);
  return Object.fromEntries(rows) as Texts;
}

export function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
