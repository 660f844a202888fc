import type { hoursTexts as english } from '../../commands/hours.ts';
import type { Translated } from '../translated.ts';

export const hoursTexts: Translated<typeof english> = {
  hoursAre: ({ group, hours }) =>
    `Les textos programmés à "${group}", et ceux à tous là où les réponses ne vont qu'au propriétaire, attendent qu'il soit entre ${hours} chez chacun. Avec ! devant, ils partent aussitôt. Pour arrêter : *heures non.`,
  hoursOff: ({ group }) => `Les textos à "${group}" partent maintenant à toute heure.`,
  noHoursYet: ({ group }) =>
    `Les textos à "${group}" partent à toute heure. *heures 8-21 garde pour le jour ceux qui sont programmés et ceux à tous, là où est chacun.`,
};
