import type { ownersTexts as english } from '../../commands/owners.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const ownersTexts: Translated<typeof english> = {
  offered: ({ who, group }) => `${who} a 72 heures pour répondre OUI et reprendre "${group}". D'ici là, il est à vous.`,
  offerToSelf: ({ group }) => `"${group}" est déjà à vous.`,
  offerCannot: ({ who, group }) =>
    `${who} a quitté ou ne reçoit pas nos textos, et ne peut donc pas reprendre "${group}".`,
  notOffered: ({ group }) => `Personne n'attend que vous repreniez "${group}" : rien n'a été changé.`,
  shared: ({ who, group }) =>
    `${who} gère maintenant "${group}" avec vous, mais sans le céder, l'effacer ou voir son solde. *proprio retirer NOM arrête cela.`,
  unshared: ({ who, group }) => `${who} ne gère plus "${group}" avec vous.`,
  isOwner: ({ who, group }) => `"${group}" est à ${who}. Rien n'a été changé.`,
  isCoOwner: ({ who, group }) => `${who} gère déjà "${group}" avec vous.`,
  noCoOwner: ({ who, group }) => `${who} ne gère pas "${group}".`,
  owners: ({ group, who }) => `Propriétaires de "${group}" : ${list(who, 200)}.`,
};
