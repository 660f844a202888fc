import type { draftTexts as english } from '../../commands/service/drafting.ts';
import { list } from '../../fit.ts';
import { countPeople } from '../../wording.ts';
import type { Translated } from '../translated.ts';

export const draftTexts: Translated<typeof english> = {
  newHow: () => 'Pour créer un groupe, écrivez *nouveau et son nom : *nouveau Randonneurs.',
  draftBegun: ({ group }) =>
    `Qui est dans "${group}"? Envoyez NOM NUMÉRO pour chacun, comme Bob 212-555-0100, un ou plusieurs par texto. Puis écrivez *fini. Personne ne reçoit rien avant. *abandonner abandonne.`,
  draftOpen: ({ group, members }) =>
    `Vous créez encore "${group}", avec ${countPeople(members)} pour l'instant. *fini le crée, *abandonner l'abandonne.`,
  draftGrows: ({ group, added, wrong, members }) =>
    `${added.length === 0 ? '' : `Ajoutés : ${list(added, 70)}. `}${wrong.length === 0 ? '' : `Pas ajoutés : ${list(wrong, 90)}. `}"${group}" a ${countPeople(members)} en plus de vous. Envoyez-en plus, ou *fini.`,
  draftDropped: ({ group }) => `"${group}" est abandonné. Personne n'a reçu de texto.`,
  draftLapsed: ({ group }) =>
    `"${group}" est abandonné après une heure sans texto de vous. *nouveau ${group} le recommence.`,
  noDraft: () => 'Vous ne créez pas de groupe. *nouveau NOM DU GROUPE en commence un.',
};
