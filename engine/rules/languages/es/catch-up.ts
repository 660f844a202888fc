import { type pinTexts as english, LAST_SEGMENTS, LONGEST_PIN } from '../../commands/catch-up.ts';
import { cutLines } from '../../fit.ts';
import { clampToSegments } from '../../segments.ts';
import { toGsm } from '../../text.ts';
import type { Translated } from '../translated.ts';

export const pinTexts: Translated<typeof english> = {
  pinned: ({ group, text }) => clampToSegments(toGsm(`Fijado en "${group}": ${text}`), 2),
  isPinned: ({ group, text }) =>
    cutLines(`Fijado en "${group}" para los nuevos. *fijado lo muestra, *desfijar lo quita:`, [text]),
  unpinned: ({ group }) => `Ya no hay nada fijado en "${group}".`,
  nothingPinned: ({ group }) => `No hay nada fijado en "${group}". Su dueño puede fijar un mensaje con *fijar.`,
  nothingToPin: ({ group }) => `No hay un mensaje a todos en "${group}" que se pueda fijar. *fijar TEXTO fija uno.`,
  pinTooLong: () => `Es muy largo para fijarlo: ${LONGEST_PIN} letras a lo más. No se cambió nada.`,
  nothingSaid: ({ group }) => `Nadie ha escrito en "${group}" desde que entraste.`,
  nothingLiked: ({ group }) =>
    `Ninguno de los últimos mensajes de "${group}" tiene reacciones. Reacciona a uno en tu teléfono, y se cuenta.`,
  likes: ({ group, said }) => cutLines(`Me gusta y otras reacciones en "${group}":`, said),
  last: ({ said }) =>
    cutLines(said.length === 1 ? 'El último mensaje:' : `Los últimos ${said.length} mensajes:`, said, LAST_SEGMENTS),
};
