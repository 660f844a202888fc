import type { spokenTexts as english } from '../../spoken.ts';
import type { Translated } from '../translated.ts';

export const spokenTexts: Translated<typeof english> = {
  answer: ({ name, support }) =>
    [
      `Hola. Este número de ${name} es para mensajes de texto de grupo. Nadie puede oírte.`,
      'Para llegar a tu grupo, manda un mensaje de texto a este número.',
      'Si necesitas ayuda, escribe la palabra ayuda. Para no recibir más mensajes nuestros, escribe la palabra alto.',
      ...(support === '' ? [] : [`También nos encuentras en ${support}.`]),
      'Adiós.',
    ].join(' '),
  missed: () =>
    'Nadie contestó. Para llegar a tu grupo, manda un mensaje de texto a este número. Tu mensaje le llega a todo el grupo. Adiós.',
};
