import { catalogue, type ErrorToken } from './error-catalogue.ts';
import { spokenLanguage } from './languages/speaking.ts';
import { errorSentences } from './languages/vocabulary.ts';

/** The sentence of an error for people, in the language that is spoken. */
export function sayError(token: ErrorToken): string {
  const language = spokenLanguage();
  return language === 'en' ? catalogue[token].says : errorSentences[language][token];
}
