import type { groupTexts as english } from '../../commands/group.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const groupTexts: Translated<typeof english> = {
  groupRenamed: ({ group }) => `El grupo ahora se llama "${group}".`,
  invite: ({ group, code, number }) =>
    `Para entrar a "${group}", envía esto a ${number}, con tu propio nombre al final: UNIRME ${code} Sam`,
  noInvite: ({ group }) => `"${group}" no tiene código de invitación. El dueño puede crear uno con *invitar.`,
  count: ({ group, messages, members }) =>
    `"${group}" tiene ${messages === 1 ? '1 mensaje' : `${messages} mensajes`} para ti y ${countPeople(members)}.`,
  digestOn: ({ group }) =>
    `Tras cada mensaje tuyo a todos en "${group}" te diremos quién lo recibió. Para quitarlo: *resumen no.`,
  digestOff: ({ group }) => `No más resúmenes de "${group}". Para volver a recibirlos: *resumen si.`,
  digestNotHere: ({ group }) =>
    `Los resúmenes son para grupos donde las respuestas van solo al dueño. "${group}" no es uno.`,
  deleted: ({ group }) => `"${group}" está borrado, y avisamos a todos los que estaban.`,
  notTheName: ({ group }) => `No se borró. Para borrar este grupo, escribe *borrar ${group}`,
};
