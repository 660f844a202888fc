import { COUNTS_ROOM, type pollTexts as english } from '../../commands/polls.ts';
import { cut, list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const pollTexts: Translated<typeof english> = {
  pollAsked: ({ question, choices }) =>
    `${question} Responde ${choices.slice(0, -1).join(', ')} o ${choices.at(-1) ?? ''}`,
  isAsked: ({ group }) =>
    `Ya le preguntamos a todos en "${group}", y tú también puedes responder. *encuesta muestra las respuestas, *encuesta cerrar da el resultado a todos.`,
  isOpen: ({ question }) =>
    `Esta encuesta sigue abierta: ${question} *encuesta cerrar la termina. No se envió nada al grupo.`,
  noPoll: ({ group }) => `No hay encuesta abierta en "${group}". *encuesta ¿Pregunta? si/no le pregunta a todos.`,
  notYours: ({ group }) =>
    `Solo quien preguntó o el dueño de "${group}" puede cerrar esta encuesta. *encuesta muestra las respuestas hasta ahora.`,
  notAskedHere: ({ group }) =>
    `En "${group}" se le escribe solo al dueño, así que no puedes preguntar a todos. No se envió nada.`,
  noPollPictures: () => 'Una encuesta no lleva fotos, solo palabras. No se envió nada al grupo.',
  ownersAsk: ({ group }) =>
    `Lo que escribes a todos en "${group}" espera el OK de un dueño, así que solo los dueños preguntan a todos. No se envió nada.`,
  counted: ({ choice, question }) =>
    `Contado: ${choice}, en ${question} Otra respuesta lo cambia. ENVIAR se lo dice también al grupo.`,
  soFar: ({ question, counts, silent, own }) =>
    `${question} ${list(counts, COUNTS_ROOM)}, sin responder ${silent}.${own === null ? '' : ` Tú: ${own}.`}`,
  result: ({ question, counts, silent }) =>
    `Cerrada: ${question} ${list(counts, COUNTS_ROOM)}, sin responder ${silent}.`,
  closed: ({ group, who }) =>
    who.length === 0
      ? `Encuesta cerrada, y "${group}" ya lo sabe. Respondieron todos.`
      : `Encuesta cerrada, y "${group}" ya lo sabe. No respondieron: ${list(who, 160)}.`,
  closedFor: ({ group }) => `Encuesta cerrada, y "${group}" ya sabe el resultado.`,
  headCountOn: ({ group, text, id }) =>
    `Cuando esto salga a "${group}", pregunta quién viene: ${cut(text, 60)}\nPara quitarlo: *asistencia ${id} no`,
  headCountOff: ({ group, text }) => `Esto sale a "${group}" sin preguntar quién viene: ${cut(text, 60)}`,
  headCountBusy: ({ group, question }) =>
    `Tu mensaje a "${group}" salió sin preguntar quién viene: había una encuesta abierta. ${cut(question, 60)}`,
  questionTooLong: () => 'Esa pregunta es muy larga para una encuesta. No se envió nada al grupo.',
  choiceTooLong: () => 'Una de las respuestas es muy larga: 20 letras a lo más. No se envió nada al grupo.',
  tooManyChoices: () => 'Una encuesta tiene 8 respuestas a lo más. No se envió nada al grupo.',
  sameChoice: () => 'Dos de las respuestas son iguales. No se envió nada al grupo.',
  choiceIsTaken: () =>
    'STOP, HELP y palabras así aquí son otra cosa, así que no pueden ser respuestas. No se envió nada al grupo.',
};
