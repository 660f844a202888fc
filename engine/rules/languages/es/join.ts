import type { joinTexts as english } from '../../commands/service/join.ts';
import type { Translated } from '../translated.ts';

export const joinTexts: Translated<typeof english> = {
  joinHow: () => 'Para entrar a un grupo, envía UNIRME, su código de invitación y tu nombre: UNIRME HIKERS Ana.',
  joinName: ({ group, code }) =>
    `¿Cómo te llamas en "${group}"? Aún no estás dentro. Envía esto otra vez, con tu propio nombre al final: UNIRME ${code} Sam`,
  noSuchCode: ({ code }) => `Ningún grupo tiene el código de invitación ${code}. Revísalo y prueba otra vez.`,
  alreadyIn: ({ group, number }) =>
    `Ya estás en "${group}": escribe a ${number}. Si saliste, envía *hola a ese número.`,
};
