import type { whoTexts as english } from '../../commands/who.ts';
import { list } from '../../fit.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const whoTexts: Translated<typeof english> = {
  who: ({ group, count, lines }) => `"${group}" a ${countPeople(count)} :\n${lines.join('\n')}`,
  whoBy: ({ group, start, count, lines }) => `${start} dans "${group}", ${countPeople(count)} :\n${lines.join('\n')}`,
  whoLetters: (put) =>
    `"${put.group}" a ${countPeople(put.count)}. Demandez par lettre, comme *qui ${put.like} : ${list(put.letters, 160)}.`,
  whoNone: ({ group, start, letters }) =>
    `Aucun nom dans "${group}" ne commence par ${start}. Demandez par lettre : ${list(letters, 160)}.`,
};
