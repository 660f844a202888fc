import type { Language, OtherLanguage } from './language.ts';
import type { AnyTable, Translated } from './translated.ts';

/** Set for as long as `speakIn` runs, which awaits nothing: so no other text is ever written in it. */
let spoken: Language = 'en';

/** What `write` returns, with all our texts in it in a language. May be used within itself, for a text to somebody else. */
export function speakIn<T>(language: Language, write: () => T): T {
  const before = spoken;
  spoken = language;
  try {
    return write();
  } finally {
    spoken = before;
  }
}

export function spokenLanguage(): Language {
  return spoken;
}

/** What the rows of an English table are in the other languages. */
export type Translations<Table extends AnyTable> = Readonly<Record<OtherLanguage, Translated<Table>>>;

const translations = new Map<AnyTable, Translations<AnyTable>>();

/** Says the rows of a table of `wording` in other languages from now on. */
export function translate<Table extends AnyTable>(table: Table, rows: Translations<Table>): void {
  translations.set(table, rows);
}

/** The rows of a table of `wording` in the language that is spoken. languages/index.ts tells them: what speaks imports it. */
export function rowsInLanguage(table: AnyTable, english: AnyTable): AnyTable {
  return spoken === 'en' ? english : (translations.get(table)?.[spoken] ?? english);
}
