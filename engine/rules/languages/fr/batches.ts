import type { batchesTexts as english } from '../../commands/batches.ts';
import type { Translated } from '../translated.ts';

export const batchesTexts: Translated<typeof english> = {
  batched: ({ group }) =>
    `Vous recevrez les textos de "${group}" réunis en un, toutes les 3 minutes au plus. *direct les envoie un par un, *grouper non fait comme le groupe.`,
  live: ({ group }) => `Vous recevrez chaque texto de "${group}" aussitôt. *grouper vous en envoie plusieurs en un.`,
  asTheGroup: ({ group }) =>
    `Vous recevrez les textos de "${group}" comme la plupart. *grouper en envoie plusieurs en un, *direct un par un.`,
  batchesOn: ({ group }) =>
    `Quand "${group}" s'agite (20 textos en 5 minutes), ceux qui ne font que lire en reçoivent plusieurs en un, ceux qui parlent chacun aussitôt. *lots non arrête cela.`,
  batchesOff: ({ group }) =>
    `Tout "${group}" reçoit chaque texto aussitôt. *lots oui en réunit plusieurs en un pour ceux qui ne font que lire, quand ça s'agite.`,
};
