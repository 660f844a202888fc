import { isNo, isYes, keywordOf } from './keywords.ts';
import { patternOf } from './languages/arguments.ts';
import { foldWord, languages } from './languages/language.ts';
import { cleanText, codePoints, isCommandLike } from './names.ts';
import type { Roster } from './types.ts';
import { words } from './words.ts';

/** A question to a group that is open. `byId`: the membership of who asked; `openedAt`: epoch milliseconds. */
export type OpenPoll = { id: number; byId: number; question: string; choices: readonly string[]; openedAt: number };

/** A member’s answer: which of the choices, from 0. */
export type Vote = { memberId: number; choice: number };

/** What is asked, and what can be answered. */
export type NewPoll = { question: string; choices: readonly string[] };

export type PollError =
  | 'unclear'
  | 'questionTooLong'
  | 'choiceTooLong'
  | 'tooManyChoices'
  | 'sameChoice'
  | 'choiceIsTaken';

/** Reads `Dinner at 7? yes/no/maybe`, also `…? pizza, tacos o sopa`; a question alone is answered yes or no. */
export function readPoll(typed: string): NewPoll | PollError {
  const asked = cleanText(typed);
  const end = asked.lastIndexOf('?') + 1;
  const slash = asked.indexOf('/');
  // Without a question mark the choices are what stands between strokes, and begin at its first word.
  const at = end > 0 || slash < 0 ? end : asked.lastIndexOf(' ', slash);
  if (at <= 0) return 'unclear';
  const rest = asked.slice(at).replace(/^[\s:,-]+/u, '');
  const listed = rest.split(rest.includes('/') ? '/' : OR).map((one) => one.trim());
  return checkPoll({
    question: asked.slice(0, at).trim(),
    choices: rest === '' ? [words().poll.yes, words().poll.no] : listed.filter((one) => one !== ''),
  });
}

const OR = new RegExp(`,|\\s+${patternOf('or')}\\s+`, 'iu');

/** What can be asked and answered by text, as people can type it. */
export function checkPoll({ question, choices }: NewPoll): NewPoll | PollError {
  if (question === '' || choices.length < 2) return 'unclear';
  if (codePoints(question) > LIMITS.question) return 'questionTooLong';
  if (choices.length > LIMITS.choices) return 'tooManyChoices';
  if (choices.some((one) => codePoints(one) > LIMITS.choice)) return 'choiceTooLong';
  const words = choices.map(answerIn);
  if (words.includes('') || new Set(words).size < words.length) return 'sameChoice';
  if (choices.some((one) => keywordOf(one, languages) !== null || isCommandLike(one))) return 'choiceIsTaken';
  return { question: /[\p{P}\p{S}]$/u.test(question) ? question : `${question}?`, choices };
}

/** So that a question, its choices and a result are texts of two segments or so. */
const LIMITS = { question: 120, choices: 8, choice: 20 } as const;

/** People say yes and no all the time: what nobody has closed for so long takes no more answers. */
const POLL_MS = 7 * 86_400_000;

export function takesAnswers(poll: OpenPoll, now: number): boolean {
  return now < poll.openedAt + POLL_MS;
}

/**
 * The choice that a text is, from 0, or null. The whole text is the words of one or its number, from 1: "Yes!", "2", "#2";
 * "yes but late" is a message, and so is "yes?". Where choices are numbers, a number is only itself. A yes or no is one in
 * any language: who is asked in English may answer "oui".
 */
export function readVote({ choices }: OpenPoll, text: string): number | null {
  if (text.length > LONGEST || text.includes('?')) return null;
  const typed = answerIn(text);
  if (typed === '') return null;
  const words = choices.map(answerIn);
  const said = words.indexOf(typed);
  if (said >= 0) return said;
  for (const isSame of [isYes, isNo]) {
    const [alike, another] = choices.filter((choice) => isSame(choice, languages));
    if (alike !== undefined && another === undefined && isSame(text, languages)) return choices.indexOf(alike);
  }
  const number = /^\d$/.test(typed) && !words.some((word) => /^\d+$/.test(word)) ? Number(typed) : 0;
  return number >= 1 && number <= choices.length ? number - 1 : null;
}

/** A choice and what a keyboard puts around it. */
const LONGEST = 60;

/** An answer without its dress: quotes, punctuation and emoji around it. */
function answerIn(text: string): string {
  const folded = foldWord(cleanText(text));
  const bare = folded.replace(/^[\p{P}\p{S}\s]+/u, '').replace(/[\p{P}\p{S}\p{M}\p{Join_Control}\s]+$/u, '');
  return bare === '' ? folded : bare;
}

/** What the members who are there have answered, and who has not. */
export type Tally = { counts: readonly { choice: string; count: number }[]; silent: readonly number[] };

export function tallyOf({ choices }: Pick<OpenPoll, 'choices'>, votes: readonly Vote[], { members }: Roster): Tally {
  const present = members.filter(({ left }) => !left);
  const byMember = new Map(votes.map(({ memberId, choice }) => [memberId, choice]));
  const counts = choices.map((choice, at) => ({
    choice,
    count: present.filter(({ id }) => byMember.get(id) === at).length,
  }));
  return { counts, silent: present.filter(({ id }) => !byMember.has(id)).map(({ id }) => id) };
}

export function packChoices(choices: readonly string[]): string {
  return choices.join('\n');
}

export function unpackChoices(packed: string): string[] {
  return packed.split('\n');
}
