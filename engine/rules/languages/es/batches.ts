import type { batchesTexts as english } from '../../commands/batches.ts';
import type { Translated } from '../translated.ts';

export const batchesTexts: Translated<typeof english> = {
  batched: ({ group }) =>
    `Recibirás los mensajes de "${group}" juntos en uno, cada 3 minutos a lo más. *directo los manda uno por uno, *juntar no hace lo que haga el grupo.`,
  live: ({ group }) => `Recibirás cada mensaje de "${group}" al instante. *juntar te manda varios en uno.`,
  asTheGroup: ({ group }) =>
    `Recibirás los mensajes de "${group}" como la mayoría. *juntar te manda varios en uno, *directo uno por uno.`,
  batchesOn: ({ group }) =>
    `Cuando hay mucho en "${group}" (20 mensajes en 5 minutos), quienes solo leen reciben varios en uno, y quienes hablan, cada uno al instante. *lotes no lo termina.`,
  batchesOff: ({ group }) =>
    `Todos en "${group}" reciben cada mensaje al instante. *lotes si junta varios en uno para quienes solo leen cuando hay muchos.`,
};
