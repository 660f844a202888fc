import type { batchesTexts as english } from '../../commands/batches.ts';
import type { Translated } from '../translated.ts';

export const batchesTexts: Translated<typeof english> = {
  batched: ({ group }) =>
    `Recibirás los mensajes de "${group}" juntos en uno, cada 3 minutos a lo más. Uno por uno: *directo. Como el grupo: *juntar no.`,
  live: ({ group }) => `Recibirás cada mensaje de "${group}" al instante. *juntar te manda varios en uno.`,
  asTheGroup: ({ group }) =>
    `Recibirás los mensajes de "${group}" como la mayoría. *juntar te manda varios en uno, *directo uno por uno.`,
  batchesOn: ({ group }) =>
    `Si "${group}" se llena (20 mensajes en 5 minutos), quienes solo leen reciben varios en uno, y quienes hablan, uno por uno. Para quitarlo: *lotes no.`,
  batchesOff: ({ group }) =>
    `Todos en "${group}" reciben cada mensaje al instante. Para que quienes solo leen reciban varios en uno cuando hay muchos: *lotes si.`,
};
