import type { hoursTexts as english } from '../../commands/hours.ts';
import type { Translated } from '../translated.ts';

export const hoursTexts: Translated<typeof english> = {
  hoursAre: ({ group, hours }) =>
    `Lo programado para "${group}", y lo que va a todos donde las respuestas van solo al dueño, espera a que donde esté cada quien sea entre ${hours} h. Con ! al principio sale ya. Para quitarlo: *horario no.`,
  hoursOff: ({ group }) => `Los mensajes a "${group}" ahora salen a cualquier hora.`,
  noHoursYet: ({ group }) =>
    `Los mensajes a "${group}" salen a cualquier hora. *horario 8-21 guarda lo programado y lo que va a todos para el día, donde esté cada quien.`,
};
