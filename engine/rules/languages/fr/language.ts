import type { languageTexts as english } from '../../commands/language.ts';
import type { Translated } from '../translated.ts';

export const languageTexts: Translated<typeof english> = {
  languageIs: ({ language, runs }) =>
    `Nous vous écrivons en ${language}. Pour changer dans tous vos groupes : *langue English, *langue español ou *langue français.${runs ? ' Pour le groupe : *langue groupe English.' : ''}`,
  languageSet: ({ language }) => `Nous vous écrivons maintenant en ${language}, dans tous vos groupes.`,
  languageAsGroup: ({ group, language }) => `Nous vous écrivons maintenant dans la langue de "${group}" : ${language}.`,
  languageOff: () => 'Nous vous écrivons maintenant dans la langue de chacun de vos groupes.',
  noLanguage: () =>
    "Nous écrivons en français, English et español : *langue English, par exemple. Rien n'a été changé.",
  groupLanguageIs: ({ group, language }) =>
    `Nos messages dans "${group}" sont en ${language} pour qui n'a rien choisi. Pour changer : *langue groupe español.`,
  groupLanguageSet: ({ group, language }) =>
    `Nos messages dans "${group}" sont maintenant en ${language}, sauf pour qui a choisi une autre langue. Ce qu'écrivent les membres reste tel quel.`,
};
