import { type pinTexts as english, LAST_SEGMENTS, LONGEST_PIN } from '../../commands/catch-up.ts';
import { cutLines } from '../../fit.ts';
import { clampToSegments } from '../../segments.ts';
import { toGsm } from '../../text.ts';
import type { Translated } from '../translated.ts';

export const pinTexts: Translated<typeof english> = {
  pinned: ({ group, text }) => clampToSegments(toGsm(`Épinglé dans "${group}" : ${text}`), 2),
  isPinned: ({ group, text }) =>
    cutLines(`Épinglé dans "${group}" pour les nouveaux. *epingle le montre, *desepingler le retire :`, [text]),
  unpinned: ({ group }) => `Plus rien n'est épinglé dans "${group}".`,
  nothingPinned: ({ group }) =>
    `Rien n'est épinglé dans "${group}". Son propriétaire peut épingler un texte par *epingler.`,
  nothingToPin: ({ group }) =>
    `Il n'y a dans "${group}" aucun texto à tous qu'on puisse épingler. *epingler TEXTE en épingle un.`,
  pinTooLong: () => `C'est trop long à épingler : ${LONGEST_PIN} lettres au plus. Rien n'a été changé.`,
  nothingSaid: ({ group }) => `Personne n'a écrit dans "${group}" depuis votre arrivée.`,
  nothingLiked: ({ group }) =>
    `Aucun des derniers textos de "${group}" n'est aimé. Aimez-en un sur votre téléphone, et il compte.`,
  likes: ({ group, said }) => cutLines(`J'aime et autres réactions dans "${group}" :`, said),
  last: ({ said }) =>
    cutLines(said.length === 1 ? 'Le dernier texto :' : `Les ${said.length} derniers textos :`, said, LAST_SEGMENTS),
};
