import type { languageTexts as english } from '../../commands/language.ts';
import type { Translated } from '../translated.ts';

export const languageTexts: Translated<typeof english> = {
  languageIs: ({ language, runs }) =>
    `Nous vous écrivons en ${language}. *langue English, *langue español ou *langue français change cela, dans tous vos groupes.${runs ? ' *langue groupe English règle celle du groupe.' : ''}`,
  languageSet: ({ language }) => `Nous vous écrivons maintenant en ${language}, dans tous vos groupes.`,
  languageAsGroup: ({ group, language }) => `Nous vous écrivons maintenant comme à "${group}", en ${language}.`,
  languageOff: () => 'Nous vous écrivons maintenant dans la langue de chacun de vos groupes.',
  noLanguage: () => "Nous écrivons en français, English et español : *langue English, par exemple. Rien n'a changé.",
  groupLanguageIs: ({ group, language }) =>
    `Nos messages dans "${group}" sont en ${language} pour qui n'a rien choisi. *langue groupe español change cela.`,
  groupLanguageSet: ({ group, language }) =>
    `Nos messages dans "${group}" sont maintenant en ${language}, sauf pour qui a choisi une autre langue. Ce qu'écrivent les membres reste tel quel.`,
};
