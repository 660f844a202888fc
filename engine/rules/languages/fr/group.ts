import type { groupTexts as english } from '../../commands/group.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const groupTexts: Translated<typeof english> = {
  groupRenamed: ({ group }) => `Le groupe s'appelle maintenant "${group}".`,
  invite: ({ group, code, number }) =>
    `Pour entrer dans "${group}", envoyez ceci à ${number}, avec votre propre nom à la fin : REJOINDRE ${code} Sam`,
  noInvite: ({ group }) => `"${group}" n'a pas de code d'invitation. Le propriétaire peut en créer un par *inviter.`,
  count: ({ group, messages, members }) =>
    `"${group}" a ${messages < 2 ? `${messages} message` : `${messages} messages`} pour vous et ${countPeople(members)}.`,
  digestOn: ({ group }) =>
    `Après chacun de vos textos à tous dans "${group}", nous dirons qui l'a reçu. Pour arrêter : *bilan non.`,
  digestOff: ({ group }) => `Plus de bilans pour "${group}". Pour les revoir : *bilan oui.`,
  digestNotHere: ({ group }) =>
    `Les bilans sont pour les groupes où les réponses ne vont qu'au propriétaire. "${group}" n'en est pas un.`,
  deleted: ({ group }) => `"${group}" est effacé, et tous ses membres le savent.`,
  notTheName: ({ group }) => `Pas effacé. Pour effacer ce groupe, écrivez *effacer ${group}`,
};
