import type { languageTexts as english } from '../../commands/language.ts';
import type { Translated } from '../translated.ts';

export const languageTexts: Translated<typeof english> = {
  languageIs: ({ language, runs }) =>
    `Te escribimos en ${language}. Para cambiarlo en todos tus grupos: *idioma English, *idioma français o *idioma español.${runs ? ' Para el grupo: *idioma grupo English.' : ''}`,
  languageSet: ({ language }) => `Ahora te escribimos en ${language}, en todos tus grupos.`,
  languageAsGroup: ({ group, language }) => `Ahora te escribimos en el idioma de "${group}": ${language}.`,
  languageOff: () => 'Ahora te escribimos en el idioma de cada uno de tus grupos.',
  noLanguage: () => 'Escribimos en español, English y français: *idioma English, por ejemplo. No se cambió nada.',
  groupLanguageIs: ({ group, language }) =>
    `Nuestros mensajes en "${group}" van en ${language} para quienes no eligieron otro. Para cambiarlo: *idioma grupo français.`,
  groupLanguageSet: ({ group, language }) =>
    `Nuestros mensajes en "${group}" ahora van en ${language}, menos para quienes eligieron otro. Lo que escriben los miembros queda como está.`,
};
