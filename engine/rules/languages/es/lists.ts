import type { listTexts as english } from '../../commands/lists.ts';
import { cutLines, list } from '../../fit.ts';
import { LIST_LIMITS } from '../../lists.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const listTexts: Translated<typeof english> = {
  putOn: ({ name, group, who }) =>
    `En la lista ${name} de "${group}": ${list(who, 120)}. @${name} y un mensaje le llega solo a esa lista.`,
  takenOff: ({ name, group, who }) => `Fuera de la lista ${name} de "${group}": ${list(who, 120)}.`,
  listDeleted: ({ name, group }) => `"${group}" ya no tiene la lista ${name}. Nadie salió del grupo.`,
  listed: ({ name, group, who }) => `${name} en "${group}", ${countPeople(who.length)}: ${list(who, 200)}.`,
  listEmpty: ({ name, group }) =>
    `Ya no hay nadie en la lista ${name} de "${group}". *lista ${name} agregar NOMBRE agrega a alguien.`,
  lists: ({ group, all }) =>
    cutLines(`Listas de "${group}". *lista NOMBRE muestra una, @NOMBRE y un mensaje le llega:`, [all.join(', ')]),
  noLists: ({ group }) =>
    `"${group}" no tiene listas. Su dueño crea una con *lista NOMBRE agregar Bob, y @NOMBRE le escribe solo a ella.`,
  noSuchList: ({ name, group }) => `"${group}" no tiene la lista ${name}. *listas muestra las que hay.`,
  goneFromList: ({ who, group }) =>
    `${who} salió de "${group}", así que no puede estar en una lista. No se cambió nada.`,
  tooManyLists: ({ group }) =>
    `"${group}" tiene ${LIST_LIMITS.lists} listas, y no caben más. *lista NOMBRE borrar borra una.`,
  isTooLong: () => `El nombre de una lista lleva ${LIST_LIMITS.name} letras a lo más. No se cambió nada.`,
  isMember: ({ name, group }) =>
    `Alguien en "${group}" se llama ${name} y @${name} le llega, así que no puede ser una lista. No se cambió nada.`,
  isTaken: ({ name }) => `Una lista no puede llamarse ${name}: esa palabra aquí es otra cosa. No se cambió nada.`,
  listIsOwners: ({ name, group }) =>
    `En "${group}" se le escribe solo al dueño, y solo los dueños le escriben a la lista ${name}. Tu mensaje no se envió.`,
  nobodyListed: ({ name, group }) => `Solo tú estás en la lista ${name} de "${group}", así que tu mensaje no se envió.`,
  saidToList: ({ name, group, count }) =>
    `Solo la lista ${name} de "${group}" recibe ese mensaje: ${countPeople(count)}.`,
  memberNotList: ({ who, group }) =>
    `Solo ${who} en "${group}" recibe ese mensaje: la persona, no la lista del mismo nombre.`,
};
