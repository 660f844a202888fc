import { type scheduleTexts as english, fitLines } from '../../commands/schedule.ts';
import { cut } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const scheduleTexts: Translated<typeof english> = {
  scheduled: ({ group, when, text }) =>
    `Para "${group}", ${when}: ${cut(text, 60)}\n*programados lista lo pendiente, y ahí lo anulas.`,
  noTime: ({ now }) =>
    `Di una hora que aún no pasa, y luego el mensaje: *programar mañana 7pm Hola. Tu hora es ${now}; *zona lo cambia. No se programó nada.`,
  noPictures: () => 'Las fotos no pueden esperar a una hora, solo las palabras. No se programó nada.',
  none: ({ group }) => `Nada está pendiente para "${group}". *programar HORA texto agrega algo.`,
  waiting: ({ group, lines }) => `Para "${group}":\n${fitLines(lines)}\n*programados cancelar NÚMERO anula uno.`,
  noSuch: ({ group, id }) => `Nada con el número ${id} está pendiente para "${group}". *programados lista lo que hay.`,
  cancelled: ({ group, text }) => `Esto ya no saldrá a "${group}": ${cut(text, 60)}`,
  zoneIs: ({ group, zone, time }) =>
    `Tu zona horaria en "${group}" es ${zone}, donde la hora es ${time}. Para cambiarla, escribe *zona y otro lugar, por ejemplo *zona Pacific.`,
  zoneSet: ({ group, zone, time }) => `Tu zona horaria en "${group}" ahora es ${zone}, donde la hora es ${time}.`,
  noZone: ({ typed }) =>
    `No conocemos la zona horaria ${typed}. Escribe *zona y Eastern, Central, Mountain, Pacific, Alaska, Hawaii, Atlantic o una ciudad grande. No se cambió nada.`,
};
