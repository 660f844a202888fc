/** What single calls of the API say of an error, by the English sentence of the call. */
export const callErrors: Readonly<Record<string, string>> = {
  'No active group has this invite code.': 'Ningún grupo activo tiene ese código de invitación.',
  'The number is in the group already; if they left it, *hi or /member/hi brings them back.':
    'Ese número ya está en el grupo; si salió, *hola o /member/hi lo trae de vuelta.',
  'The phone number is in no active group.': 'Ese número no está en ningún grupo activo.',
  'The number is not in the group.': 'Ese número no está en el grupo.',
  'Never answered: a missing sid is HTTP 401.': 'Nunca se responde: sin sid es HTTP 401.',
  'Only the owner of a group can schedule messages.': 'Solo el dueño de un grupo puede programar mensajes.',
  'Only the owner of a group can get the message list.': 'Solo el dueño de un grupo puede ver la lista de mensajes.',
  'Only the owner of a group can delete the message.': 'Solo el dueño de un grupo puede borrar el mensaje.',
  'The scheduled message can not be found.': 'El mensaje programado no se encuentra.',
  'There is no message of this id that the caller may read.':
    'No hay un mensaje con ese id que quien llama pueda leer.',
  'The caller has no key of this id that works.': 'Quien llama no tiene una clave con ese id que sirva.',
  'The caller, or one who is named, is not in the group.':
    'Quien llama, o alguien a quien nombra, no está en el grupo.',
  'The group has no list of that name.': 'El grupo no tiene una lista con ese nombre.',
  'Nothing with this id waits: it was decided, or is over.': 'Nada con ese id espera: ya se decidió o ya pasó.',
  'There is no webhook of this id that is the caller’s.': 'Quien llama no tiene un webhook con ese id.',
};
