import type { talkTexts as english } from '../../commands/talk.ts';
import type { Translated } from '../translated.ts';

export const talkTexts: Translated<typeof english> = {
  toSelf: ({ group }) => `C'est vous. *prive NOM texte joint un autre membre de "${group}".`,
  toLeft: ({ who, group }) => `${who} a quitté "${group}" : votre texto n'a pas été envoyé.`,
  toOwnerOnly: ({ group }) =>
    `Dans "${group}", on n'écrit qu'au propriétaire, et lui écrit à tous. Votre texto n'a pas été envoyé.`,
  toSilent: ({ who, group }) =>
    `${who} ne reçoit pas les textos de "${group}" pour l'instant : le vôtre attend dans son appli.`,
  toSent: ({ who, group }) => `Ce texto ne va qu'à ${who} dans "${group}".`,
};
