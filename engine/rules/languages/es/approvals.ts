import { type approvalTexts as english, MOST_AWAITING, withPictures } from '../../commands/approvals.ts';
import { cutLines } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const approvalTexts: Translated<typeof english> = {
  waitsForOwner: ({ group }) =>
    `Tu mensaje a todos en "${group}" sale cuando un dueño dé su OK, en un día a lo más. Te avisaremos.`,
  tooManyAwait: ({ group }) =>
    `Tu mensaje no se envió: ya hay demasiados que esperan el OK de un dueño de "${group}". Prueba más tarde.`,
  awaits: ({ who, group, ...one }) =>
    cutLines(
      `${who} quiere escribir a todos en "${group}". *aprobar ${one.id} lo envía, *rechazar ${one.id} lo descarta, *aprobacion ${one.id} lo muestra entero:`,
      [withPictures(one)],
    ),
  awaiting: ({ group, lines }) =>
    cutLines(
      `Esperan tu OK en "${group}"${lines.length > MOST_AWAITING ? `, los primeros ${MOST_AWAITING} de ${lines.length}` : ''}. *aprobar NÚMERO envía uno, *rechazar NÚMERO lo descarta:`,
      lines.slice(0, MOST_AWAITING),
    ),
  awaitingWhole: ({ who, group, ...one }) =>
    `${who} a todos en "${group}" (*aprobar ${one.id} lo envía, *rechazar ${one.id} lo descarta):\n${withPictures(one)}`,
  noneAwaiting: ({ group, isOn }) =>
    `Nada espera tu OK en "${group}". ${isOn ? 'Para que los voceros escriban a todos al instante: *aprobacion no' : 'Para que lo de los voceros a todos espere el OK de un dueño: *aprobacion si'}.`,
  notAwaiting: ({ group, id }) =>
    `Ningún mensaje con el número ${id} espera tu OK en "${group}": ya se decidió, o venció. *aprobacion muestra lo que espera.`,
  approvalOn: ({ group }) =>
    `Lo que los voceros escriban a todos en "${group}" ahora espera el OK de un dueño. Para quitarlo: *aprobacion no.`,
  approvalOff: ({ group, waiting }) =>
    `Lo que los voceros escriban a todos en "${group}" sale al instante.${waiting === 0 ? '' : ' Lo que espera, sigue esperando: *aprobacion lo muestra.'}`,
  approvalNotHere: ({ group }) =>
    `La aprobación es para grupos donde las respuestas van solo al dueño. "${group}" no es uno.`,
  approved: ({ who, group }) => `OK, lo que escribió ${who} ya va a todos en "${group}".`,
  approvedForLater: ({ who, group }) =>
    `OK, lo que escribió ${who} va a todos en "${group}" cuando su horario lo permita. *programados lo muestra.`,
  approvedYours: ({ who, group }) => `${who} dio su OK, así que tu mensaje va a todos en "${group}".`,
  declinedIt: ({ who, group }) => `OK, lo que escribió ${who} no va a "${group}", y ya se lo dijimos.`,
  declinedYours: ({ who, group, text }) =>
    cutLines(`${who} dijo que no, así que esto no va a todos en "${group}":`, [text]),
  lapsed: ({ group, text }) =>
    cutLines(`Ningún dueño dio su OK en un día, así que esto no va a todos en "${group}":`, [text]),
  speakerGone: ({ who, group }) =>
    `${who} ya no está, o no recibe mensajes nuestros, así que lo que quería decir a todos en "${group}" ya no espera tu OK.`,
};
