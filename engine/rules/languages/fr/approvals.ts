import { type approvalTexts as english, MOST_AWAITING, withPictures } from '../../commands/approvals.ts';
import { cutLines } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const approvalTexts: Translated<typeof english> = {
  waitsForOwner: ({ group }) =>
    `Votre texto à tous dans "${group}" part quand un propriétaire dit OK, sous un jour. Nous vous le dirons.`,
  tooManyAwait: ({ group }) =>
    `Votre texto n'a pas été envoyé : trop de textos attendent déjà l'OK d'un propriétaire de "${group}". Réessayez plus tard.`,
  awaits: ({ who, group, ...one }) =>
    cutLines(
      `${who} veut écrire à tous dans "${group}". *approuver ${one.id} l'envoie, *refuser ${one.id} le retire, *approbation ${one.id} le montre en entier :`,
      [withPictures(one)],
    ),
  awaiting: ({ group, lines }) =>
    cutLines(
      `Attendent votre OK dans "${group}"${lines.length > MOST_AWAITING ? `, les ${MOST_AWAITING} premiers de ${lines.length}` : ''}. *approuver NUMÉRO en envoie un, *refuser NUMÉRO le retire :`,
      lines.slice(0, MOST_AWAITING),
    ),
  awaitingWhole: ({ who, group, ...one }) =>
    `${who} à tous dans "${group}" (*approuver ${one.id} l'envoie, *refuser ${one.id} le retire) :\n${withPictures(one)}`,
  noneAwaiting: ({ group, isOn }) =>
    `Rien n'attend votre OK dans "${group}". ${isOn ? 'Pour que les porte-parole écrivent à tous aussitôt : *approbation non' : "Pour que leurs textos à tous attendent l'OK d'un propriétaire : *approbation oui"}.`,
  notAwaiting: ({ group, id }) =>
    `Aucun texto de numéro ${id} n'attend votre OK dans "${group}" : c'est décidé, ou expiré. *approbation montre ce qui attend.`,
  approvalOn: ({ group }) =>
    `Ce que les porte-parole écrivent à tous dans "${group}" attend maintenant l'OK d'un propriétaire. Pour arrêter : *approbation non.`,
  approvalOff: ({ group, waiting }) =>
    `Les porte-parole de "${group}" écrivent maintenant à tous aussitôt.${waiting === 0 ? '' : ' Ce qui attend attend encore : *approbation le montre.'}`,
  approvalNotHere: ({ group }) =>
    `L'approbation est pour les groupes où les réponses ne vont qu'au propriétaire. "${group}" n'en est pas un.`,
  approved: ({ who, group }) => `OK, le texto de ${who} part maintenant à tous dans "${group}".`,
  approvedForLater: ({ who, group }) =>
    `OK, le texto de ${who} part à tous dans "${group}" dès que ses heures le permettent. *programmes le montre.`,
  approvedYours: ({ who, group }) => `${who} a dit OK : votre texto part à tous dans "${group}".`,
  declinedIt: ({ who, group }) => `OK, le texto de ${who} ne part pas à "${group}", et nous le lui avons dit.`,
  declinedYours: ({ who, group, text }) =>
    cutLines(`${who} a dit non : ceci ne part pas à tous dans "${group}" :`, [text]),
  lapsed: ({ group, text }) =>
    cutLines(`Aucun propriétaire n'a dit OK sous un jour : ceci ne part pas à tous dans "${group}" :`, [text]),
  speakerGone: ({ who, group }) =>
    `${who} n'est plus là, ou ne reçoit plus nos textos : ce qui devait partir à tous dans "${group}" n'attend plus votre OK.`,
};
