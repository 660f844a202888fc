import type { listTexts as english } from '../../commands/lists.ts';
import { cutLines, list } from '../../fit.ts';
import { LIST_LIMITS } from '../../lists.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const listTexts: Translated<typeof english> = {
  putOn: ({ name, group, who }) =>
    `Sur la liste ${name} de "${group}" : ${list(who, 120)}. @${name} et un texto ne joint que cette liste.`,
  takenOff: ({ name, group, who }) => `Hors de la liste ${name} de "${group}" : ${list(who, 120)}.`,
  listDeleted: ({ name, group }) => `"${group}" n'a plus de liste ${name}. Personne n'a quitté le groupe.`,
  listed: ({ name, group, who }) => `${name} dans "${group}", ${countPeople(who.length)} : ${list(who, 200)}.`,
  listEmpty: ({ name, group }) =>
    `Plus personne n'est sur la liste ${name} de "${group}". *liste ${name} ajouter NOM y met quelqu'un.`,
  lists: ({ group, all }) =>
    cutLines(`Listes de "${group}". *liste NOM en montre une, @NOM et un texto la joint :`, [all.join(', ')]),
  noLists: ({ group }) =>
    `"${group}" n'a pas de liste. Son propriétaire en fait une par *liste NOM ajouter Bob, et @NOM n'écrit qu'à elle.`,
  noSuchList: ({ name, group }) => `"${group}" n'a pas de liste ${name}. *listes montre ses listes.`,
  goneFromList: ({ who, group }) => `${who} a quitté "${group}" et ne peut être sur une liste. Rien n'a été changé.`,
  tooManyLists: ({ group }) => `"${group}" a ${LIST_LIMITS.lists} listes, pas plus. *liste NOM effacer en efface une.`,
  isTooLong: () => `Le nom d'une liste a ${LIST_LIMITS.name} lettres au plus. Rien n'a été changé.`,
  isMember: ({ name, group }) =>
    `Un membre de "${group}" s'appelle ${name}, et @${name} le joint : une liste ne peut donc pas s'appeler ainsi. Rien n'a été changé.`,
  isTaken: ({ name }) =>
    `Une liste ne peut pas s'appeler ${name} : ce mot veut dire autre chose ici. Rien n'a été changé.`,
  listIsOwners: ({ name, group }) =>
    `Dans "${group}", on n'écrit qu'au propriétaire, et seuls les propriétaires écrivent à la liste ${name}. Votre texto n'a pas été envoyé.`,
  nobodyListed: ({ name, group }) =>
    `Il n'y a que vous sur la liste ${name} de "${group}" : votre texto n'a pas été envoyé.`,
  saidToList: ({ name, group, count }) =>
    `Seule la liste ${name} de "${group}" reçoit ce texto : ${countPeople(count)}.`,
  memberNotList: ({ who, group }) =>
    `Ce texto ne va qu'à ${who} dans "${group}" : au membre, pas à la liste du même nom.`,
};
