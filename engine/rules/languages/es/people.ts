import type { peopleTexts as english } from '../../commands/people.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';
import { words } from './words.ts';

export const peopleTexts: Translated<typeof english> = {
  unknownMember: ({ name, group, nearest }) =>
    `Nadie en "${group}" se llama ${name}.${nearest === null ? '' : ` ¿Querías decir ${nearest}?`} No se hizo nada.`,
  added: ({ names, group }) =>
    `Entran a "${group}": ${list(names, 150)}. Recibieron una bienvenida que dice cómo salir.`,
  asked: ({ names, group }) => `Invitamos a ${list(names, 150)} a "${group}". Cada quien entra con su SÍ.`,
  notPairs: ({ wrong }) =>
    `No entendimos: ${list(wrong, 90)}. Escribe *agregar NOMBRE NÚMERO, varios con comas. No se agregó a nadie.`,
  nameNeeded: ({ phone }) => `A ${phone} le falta un nombre: escribe *agregar NOMBRE NÚMERO. No se agregó a nadie.`,
  badName: ({ fault }) => `Un nombre no puede ${words.nameFaults[fault]}. No se cambió nada.`,
  removed: ({ who, group }) => `${who} ya no está en "${group}".`,
  renamed: ({ name, group }) => `Ahora te llamas ${name} en "${group}".`,
  broadcastOn: ({ who, group }) =>
    `Todos en "${group}" reciben lo que escribe ${who}, aunque las respuestas solo vayan al dueño.`,
  broadcastOff: ({ who, group }) =>
    `${who} solo le escribe al dueño mientras las respuestas de "${group}" vayan solo al dueño.`,
};
