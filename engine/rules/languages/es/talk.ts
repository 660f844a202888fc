import type { talkTexts as english } from '../../commands/talk.ts';
import type { Translated } from '../translated.ts';

export const talkTexts: Translated<typeof english> = {
  toSelf: ({ group }) => `Esa persona eres tú. *privado NOMBRE texto le llega a otra persona de "${group}".`,
  toLeft: ({ who, group }) => `${who} salió de "${group}", así que tu mensaje no se envió.`,
  toOwnerOnly: ({ group }) =>
    `En "${group}" se le escribe solo al dueño, y lo que él escribe va a todos. Tu mensaje no se envió.`,
  toSilent: ({ who, group }) => `${who} no recibe mensajes de "${group}" por ahora, así que el tuyo espera en su app.`,
  toSent: ({ who, group }) => `Solo ${who} en "${group}" recibe ese mensaje.`,
};
