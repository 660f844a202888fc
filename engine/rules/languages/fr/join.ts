import type { joinTexts as english } from '../../commands/service/join.ts';
import type { Translated } from '../translated.ts';

export const joinTexts: Translated<typeof english> = {
  joinHow: () =>
    "Pour entrer dans un groupe, envoyez REJOINDRE, son code d'invitation et votre nom : REJOINDRE HIKERS Anne.",
  joinName: ({ group, code }) =>
    `Quel est votre nom dans "${group}"? Vous n'y êtes pas encore. Renvoyez ceci, avec votre propre nom à la fin : REJOINDRE ${code} Sam`,
  noSuchCode: ({ code }) => `Aucun groupe n'a le code d'invitation ${code}. Vérifiez-le et réessayez.`,
  alreadyIn: ({ group, number }) =>
    `Vous êtes déjà dans "${group}" : écrivez à ${number}. Si vous l'avez quitté, envoyez *salut à ce numéro.`,
};
