import { type scheduleTexts as english, fitLines } from '../../commands/schedule.ts';
import { cut } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const scheduleTexts: Translated<typeof english> = {
  scheduled: ({ group, when, text }) =>
    `À "${group}", ${when} : ${cut(text, 60)}\n*programmes liste ce qui attend, et le retire.`,
  noTime: ({ now }) =>
    `Dites une heure encore à venir, puis le texte : *programmer demain 19h Bonjour. Il est ${now} chez vous; *fuseau change cela. Rien n'a été programmé.`,
  noPictures: () => "Les photos n'attendent pas une heure, seuls les mots le peuvent. Rien n'a été programmé.",
  none: ({ group }) => `Rien n'attend de partir à "${group}". *programmer HEURE texte en ajoute un.`,
  waiting: ({ group, lines }) => `À "${group}" :\n${fitLines(lines)}\n*programmes annuler NUMÉRO en retire un.`,
  noSuch: ({ group, id }) => `Rien de numéro ${id} n'attend de partir à "${group}". *programmes liste ce qui attend.`,
  cancelled: ({ group, text }) => `Ceci ne partira pas à "${group}" : ${cut(text, 60)}`,
  zoneIs: ({ group, zone, time }) =>
    `Votre fuseau horaire dans "${group}" est ${zone}, où il est ${time}. Pour le changer, écrivez *fuseau et un autre lieu, comme *fuseau Pacific.`,
  zoneSet: ({ group, zone, time }) => `Votre fuseau horaire dans "${group}" est maintenant ${zone}, où il est ${time}.`,
  noZone: ({ typed }) =>
    `Nous ne connaissons pas le fuseau ${typed}. Écrivez *fuseau et Eastern, Central, Mountain, Pacific, Alaska, Hawaii, Atlantic ou une grande ville. Rien n'a été changé.`,
};
