import type { whoTexts as english } from '../../commands/who.ts';
import { list } from '../../fit.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const whoTexts: Translated<typeof english> = {
  who: ({ group, count, lines }) => `"${group}" tiene ${countPeople(count)}:\n${lines.join('\n')}`,
  whoBy: ({ group, start, count, lines }) => `${start} en "${group}", ${countPeople(count)}:\n${lines.join('\n')}`,
  whoLetters: (put) =>
    `"${put.group}" tiene ${countPeople(put.count)}. Pregunta por letra, como *quien ${put.like}: ${list(put.letters, 160)}.`,
  whoNone: ({ group, start, letters }) =>
    `Ningún nombre en "${group}" empieza con ${start}. Pregunta por letra: ${list(letters, 160)}.`,
};
