import type { presenceTexts as english } from '../../commands/presence.ts';
import type { Translated } from '../translated.ts';

export const presenceTexts: Translated<typeof english> = {
  left: ({ group }) => `Saliste de "${group}" y no recibirás sus mensajes. Escribe *hola para volver.`,
  leftAsOwner: ({ group }) =>
    `Saliste de "${group}" y no recibirás sus mensajes, pero sigue siendo tuyo y lo pagas tú. *dueño NOMBRE lo entrega, *hola te trae de vuelta.`,
  alreadyLeft: ({ group }) => `Ya saliste de "${group}". Escribe *hola para volver.`,
  back: ({ group }) => `¡Qué bueno que volviste a "${group}"! *adios para salir, *ayuda lista los comandos.`,
  alreadyHere: ({ group }) => `Ya estás en "${group}". *ayuda lista los comandos.`,
  on: ({ group }) => `Recibirás los mensajes de "${group}" en este teléfono. *apagar los detiene.`,
  off: ({ group }) =>
    `No recibirás los mensajes de "${group}" en este teléfono, pero sigues en el grupo. *prender los trae de vuelta, *adios para salir.`,
  muted: ({ group, hours }) =>
    `"${group}" está en silencio por ${hours === 1 ? '1 hora' : `${hours} horas`}. Luego te diremos qué te perdiste. *prender lo quita ya.`,
};
