import type { batchesTexts as english } from '../../commands/batches.ts';
import type { Translated } from '../translated.ts';

export const batchesTexts: Translated<typeof english> = {
  batched: ({ group }) =>
    `Vous recevrez les textos de "${group}" réunis en un, toutes les 3 minutes au plus. Un par un : *direct. Comme le groupe : *grouper non.`,
  live: ({ group }) => `Vous recevrez chaque texto de "${group}" aussitôt. *grouper vous en envoie plusieurs en un.`,
  asTheGroup: ({ group }) =>
    `Vous recevrez les textos de "${group}" comme la plupart. *grouper en envoie plusieurs en un, *direct un par un.`,
  batchesOn: ({ group }) =>
    `Si "${group}" s'agite (20 textos en 5 minutes), qui ne fait que lire en reçoit plusieurs en un, qui parle les reçoit un par un. Pour arrêter : *lots non.`,
  batchesOff: ({ group }) =>
    `Tout "${group}" reçoit chaque texto aussitôt. Pour que ceux qui lisent seulement en reçoivent plusieurs en un quand ça s'agite : *lots oui.`,
};
