import { catalogue, type ErrorToken } from './error-catalogue.ts';
import type { Language } from './languages/language.ts';
import { spokenLanguage } from './languages/speaking.ts';
import { callSentences, errorSentences } from './languages/vocabulary.ts';
import { foldAccents } from './text.ts';

/** The sentence of an error for a text, in the language that is spoken: without the accents that GSM-7 lacks. */
export function sayError(token: ErrorToken): string {
  return foldAccents(sentenceOf(token, spokenLanguage()));
}

/** The sentence of an error for who called the API; `says` is what this call says of it, where that is not the catalogue's. */
export function describeError(
  { token, says }: { token: ErrorToken; says?: string | undefined },
  language: Language,
): string {
  if (says === undefined) return sentenceOf(token, language);
  return language === 'en' ? says : (callSentences[language][says] ?? says);
}

function sentenceOf(token: ErrorToken, language: Language): string {
  return language === 'en' ? catalogue[token].says : errorSentences[language][token];
}
