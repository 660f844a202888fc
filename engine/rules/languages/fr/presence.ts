import type { presenceTexts as english } from '../../commands/presence.ts';
import type { Translated } from '../translated.ts';

export const presenceTexts: Translated<typeof english> = {
  left: ({ group }) => `Vous avez quitté "${group}" et n'en recevrez plus de textos. Écrivez *salut pour revenir.`,
  leftAsOwner: ({ group }) =>
    `Vous avez quitté "${group}" et n'en recevrez plus de textos, mais il est toujours à vous et vous le payez. *proprio NOM le cède, *salut vous ramène.`,
  alreadyLeft: ({ group }) => `Vous avez déjà quitté "${group}". Écrivez *salut pour revenir.`,
  back: ({ group }) => `Bon retour dans "${group}"! *quitter pour en sortir, *aide liste les commandes.`,
  alreadyHere: ({ group }) => `Vous êtes déjà dans "${group}". *aide liste les commandes.`,
  on: ({ group }) => `Vous recevrez les textos de "${group}" sur ce téléphone. *couper les arrête.`,
  off: ({ group }) =>
    `Vous ne recevrez pas les textos de "${group}" sur ce téléphone, mais vous y êtes toujours. *activer les ramène, *quitter quitte le groupe.`,
  muted: ({ group, hours }) =>
    `"${group}" est en silence pour ${hours === 1 ? '1 heure' : `${hours} heures`}. Puis nous dirons ce que vous avez manqué. *activer y met fin.`,
};
