import type { peopleTexts as english } from '../../commands/people.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';
import { words } from './words.ts';

export const peopleTexts: Translated<typeof english> = {
  unknownMember: ({ name, group, nearest }) =>
    `Personne dans "${group}" ne s'appelle ${name}.${nearest === null ? '' : ` Vouliez-vous dire ${nearest}?`} Rien n'a été fait.`,
  added: ({ names, group }) =>
    `Ajoutés à "${group}" : ${list(names, 150)}. Un mot de bienvenue leur dit comment quitter.`,
  asked: ({ names, group }) => `Invités dans "${group}" : ${list(names, 150)}. Chacun y entre par son OUI.`,
  notPairs: ({ wrong }) =>
    `Pas compris : ${list(wrong, 90)}. Écrivez *ajouter NOM NUMÉRO, des virgules entre plusieurs. Personne n'a été ajouté.`,
  nameNeeded: ({ phone }) => `Il manque un nom à ${phone} : écrivez *ajouter NOM NUMÉRO. Personne n'a été ajouté.`,
  badName: ({ fault }) => `Un nom ne peut pas ${words.nameFaults[fault]}. Rien n'a été changé.`,
  removed: ({ who, group }) => `${who} n'est plus dans "${group}".`,
  renamed: ({ name, group }) => `Vous êtes maintenant ${name} dans "${group}".`,
  broadcastOn: ({ who, group }) =>
    `Tout "${group}" reçoit ce que ${who} écrit, même si les réponses ne vont qu'au propriétaire.`,
  broadcastOff: ({ who, group }) =>
    `${who} ne joint que le propriétaire tant que les réponses de "${group}" ne vont qu'à lui.`,
};
