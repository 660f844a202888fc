import type { forwardTexts as english } from '../../commands/forward.ts';
import type { Translated } from '../translated.ts';

export const forwardTexts: Translated<typeof english> = {
  forwards: ({ group, phone, most }) =>
    `Quand un membre appelle le numéro où il écrit à "${group}", ${phone} sonne, ${most} fois par jour au plus. Pour arrêter : *transfert non.`,
  forwardOff: ({ group }) => `Les appels à "${group}" ne sont pas transférés : on y entend comment écrire au groupe.`,
  noForward: ({ group }) =>
    `Les appels à "${group}" ne sont pas transférés. *transfert moi fait sonner votre téléphone quand un membre appelle, *transfert NUMÉRO un autre.`,
  forwardNotHere: ({ group }) => `Les appels à "${group}" ne peuvent pas être transférés ici.`,
};
