/** The languages of our texts, by their codes (ISO 639-1). English is what is spoken where nobody chose. */
export const languages = ['en', 'es', 'fr'] as const;
export type Language = (typeof languages)[number];
/** Those that are translations of the English tables. */
export type OtherLanguage = Exclude<Language, 'en'>;
