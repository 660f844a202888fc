import type { draftTexts as english } from '../../commands/service/drafting.ts';
import { list } from '../../fit.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const draftTexts: Translated<typeof english> = {
  newHow: () => 'Para crear un grupo, escribe *nuevo y su nombre: *nuevo Caminantes.',
  draftBegun: ({ group }) =>
    `¿Quiénes van en "${group}"? Envía NOMBRE NÚMERO de cada persona, como Bob 212-555-0100, una o varias por mensaje. Luego escribe *listo. Antes de eso nadie recibe nada. *descartar lo descarta.`,
  draftOpen: ({ group, members }) =>
    `Sigues creando "${group}", con ${countPeople(members)} hasta ahora. *listo lo crea, *descartar lo descarta.`,
  draftGrows: ({ group, added, wrong, members }) =>
    `${added.length === 0 ? '' : `Van: ${list(added, 70)}. `}${wrong.length === 0 ? '' : `No van: ${list(wrong, 90)}. `}"${group}" tiene ${countPeople(members)} además de ti. Envía más, o *listo.`,
  draftDropped: ({ group }) => `"${group}" quedó descartado. No se le escribió a nadie.`,
  draftLapsed: ({ group }) =>
    `"${group}" quedó descartado tras una hora sin mensajes tuyos. *nuevo ${group} lo empieza otra vez.`,
  noDraft: () => 'No estás creando un grupo. *nuevo NOMBRE DEL GRUPO empieza uno.',
};
