import type { groupListTexts as english } from '../../commands/service/groups.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const groupListTexts: Translated<typeof english> = {
  myGroups: ({ groups }) =>
    groups.length === 0
      ? 'Aún no estás en un grupo. *nuevo NOMBRE DEL GRUPO crea uno, UNIRME CÓDIGO NOMBRE te mete en uno.'
      : `Tus grupos: ${list(groups, 240)}.`,
};
