import type { forwardTexts as english } from '../../commands/forward.ts';
import type { Translated } from '../translated.ts';

export const forwardTexts: Translated<typeof english> = {
  forwards: ({ group, phone, most }) =>
    `Cuando alguien llama al número con el que escribe a "${group}", suena ${phone}, hasta ${most} veces al día. Para quitarlo: *desviar no.`,
  forwardOff: ({ group }) => `Las llamadas a "${group}" no se desvían: quien llama oye cómo escribir al grupo.`,
  noForward: ({ group }) =>
    `Las llamadas a "${group}" no se desvían. *desviar yo hace sonar tu teléfono cuando llaman los miembros, *desviar NÚMERO otro.`,
  forwardNotHere: ({ group }) => `Las llamadas a "${group}" no se pueden desviar aquí.`,
};
