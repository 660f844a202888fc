import { COUNTS_ROOM, type pollTexts as english } from '../../commands/polls.ts';
import { cut, list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const pollTexts: Translated<typeof english> = {
  pollAsked: ({ question, choices }) =>
    `${question} Répondez ${choices.slice(0, -1).join(', ')} ou ${choices.at(-1) ?? ''}`,
  isAsked: ({ group }) =>
    `La question est posée à tout "${group}", et vous pouvez aussi y répondre. *sondage montre les réponses, *sondage fermer donne le résultat à tous.`,
  isOpen: ({ question }) =>
    `Ce sondage est encore ouvert : ${question} *sondage fermer le termine. Rien n'a été envoyé au groupe.`,
  noPoll: ({ group }) => `Aucun sondage n'est ouvert dans "${group}". *sondage Question? oui/non demande à tous.`,
  notYours: ({ group }) =>
    `Seul l'auteur de la question ou le propriétaire de "${group}" peut fermer ce sondage. *sondage montre les réponses.`,
  notAskedHere: ({ group }) =>
    `Dans "${group}", on n'écrit qu'au propriétaire : vous ne pouvez pas demander à tous. Rien n'a été envoyé.`,
  noPollPictures: () => "Un sondage n'a pas de photos, que des mots. Rien n'a été envoyé au groupe.",
  ownersAsk: ({ group }) =>
    `Ce que vous écrivez à tous dans "${group}" attend l'OK d'un propriétaire : seuls les propriétaires demandent à tous. Rien n'a été envoyé.`,
  counted: ({ choice, question }) =>
    `Compté : ${choice}, pour ${question} Une autre réponse le change. ENVOYER le dit aussi au groupe.`,
  soFar: ({ question, counts, silent, own }) =>
    `${question} ${list(counts, COUNTS_ROOM)}, sans réponse ${silent}.${own === null ? '' : ` Vous : ${own}.`}`,
  result: ({ question, counts, silent }) => `Fermé : ${question} ${list(counts, COUNTS_ROOM)}, sans réponse ${silent}.`,
  closed: ({ group, who }) =>
    who.length === 0
      ? `Sondage fermé, et "${group}" le sait. Tous ont répondu.`
      : `Sondage fermé, et "${group}" le sait. Sans réponse : ${list(who, 160)}.`,
  closedFor: ({ group }) => `Sondage fermé, et "${group}" connaît le résultat.`,
  headCountOn: ({ group, text, id }) =>
    `Quand ceci partira à "${group}", on y demande qui vient : ${cut(text, 60)}\nPour arrêter : *presence ${id} non`,
  headCountOff: ({ group, text }) => `Ceci part à "${group}" sans demander qui vient : ${cut(text, 60)}`,
  headCountBusy: ({ group, question }) =>
    `Votre texto à "${group}" est parti sans demander qui vient : un sondage était ouvert. ${cut(question, 60)}`,
  questionTooLong: () => "Cette question est trop longue pour un sondage. Rien n'a été envoyé au groupe.",
  choiceTooLong: () => "Une des réponses est trop longue : 20 lettres au plus. Rien n'a été envoyé au groupe.",
  tooManyChoices: () => "Un sondage a 8 réponses au plus. Rien n'a été envoyé au groupe.",
  sameChoice: () => "Deux des réponses sont pareilles. Rien n'a été envoyé au groupe.",
  choiceIsTaken: () =>
    "STOP, HELP et de tels mots veulent dire autre chose ici et ne peuvent être des réponses. Rien n'a été envoyé au groupe.",
};
