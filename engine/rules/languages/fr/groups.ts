import type { groupListTexts as english } from '../../commands/service/groups.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const groupListTexts: Translated<typeof english> = {
  myGroups: ({ groups }) =>
    groups.length === 0
      ? "Vous n'êtes encore dans aucun groupe. *nouveau NOM DU GROUPE en crée un, REJOINDRE CODE NOM y entre."
      : `Vos groupes : ${list(groups, 240)}.`,
};
