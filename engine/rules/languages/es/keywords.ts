import type { KeywordTable } from '../translated.ts';

/** Beside the English ones, which always count. */
export const keywords: KeywordTable = {
  stop: ['ALTO', 'PARAR', 'PARE', 'DETENER', 'BAJA', 'DARME DE BAJA', 'CANCELAR'],
  start: ['INICIAR', 'EMPEZAR', 'COMENZAR', 'REANUDAR'],
  help: ['AYUDA'],
  yes: ['SI', 'S'],
  no: ['NO', 'N'],
  send: ['ENVIAR', 'ENVIA', 'ENVIALO', 'MANDAR'],
};

/** Behind the word of a command. */
export const argumentWords = {
  group: ['grupo'],
  on: ['si', 'prender', 'activar'],
  me: ['yo', 'mi'],
  off: ['no', 'apagar', 'desactivar'],
  add: ['agregar', 'agrega', 'anadir', 'sumar'],
  remove: ['quitar', 'quita', 'sacar', 'eliminar'],
  delete: ['borrar', 'borra'],
  close: ['cerrar', 'cierra', 'terminar', 'fin', 'resultado', 'resultados'],
  cancel: ['cancelar', 'cancela', 'anular', 'quitar', 'borrar'],
  and: ['y', 'e'],
  or: ['o', 'u'],
  hours: ['h', 'hs', 'hora', 'horas'],
  until: ['a', 'hasta'],
} as const;
