/** The languages of our texts, by their codes (ISO 639-1). English is what is spoken where nobody chose. */
export const languages = ['en', 'es', 'fr'] as const;
export type Language = (typeof languages)[number];
/** Those that are translations of the English tables. */
export type OtherLanguage = Exclude<Language, 'en'>;

/** What people call each, in each of them; the first is how our texts call it. */
export const languageNames: Readonly<Record<Language, readonly string[]>> = {
  en: ['English', 'en', 'eng', 'ingles', 'anglais'],
  es: ['español', 'es', 'esp', 'spa', 'spanish', 'castellano', 'espagnol'],
  fr: ['français', 'fr', 'fra', 'fre', 'french', 'frances'],
};

/** The language that somebody means by a name or code, in any case and with accents or without; null where it is none. */
export function readLanguage(typed: string): Language | null {
  return byName.get(foldWord(typed).replace(/[.!]+$/u, '')) ?? null;
}

/** A word as it is compared: in lower case and without accents. */
export function foldWord(word: string): string {
  return word.trim().normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const byName = new Map(
  languages.flatMap((language) => languageNames[language].map((name) => [foldWord(name), language] as const)),
);

/** What a person and their group speak; null where nothing is known. */
export type Chosen = { own: string | null; group: string | null };

/** In which language somebody is texted: by their own choice, else as their group, else in English. */
export function languageOf(chosen: Chosen): Language {
  return heardFrom(chosen)[0] ?? 'en';
}

/** In which languages besides English their keywords are understood. */
export function heardFrom({ own, group }: Chosen): readonly Language[] {
  return [own, group].flatMap((code) => languages.filter((language) => language === code));
}
