import { argumentWords as spanish } from './es/keywords.ts';
import { argumentWords as french } from './fr/keywords.ts';
import { foldWord } from './language.ts';

/** Words behind a command's own, by what they mean. They are understood in every language at any time. */
export type Argument = keyof typeof english;

const english = {
  on: ['on'],
  off: ['off'],
  close: ['close', 'end', 'stop', 'done', 'finish', 'result', 'results'],
  cancel: ['cancel', 'stop'],
  add: ['add'],
  remove: ['remove'],
  delete: ['delete'],
  group: ['group'],
  until: ['to', 'until'],
  me: ['me'],
  and: ['and'],
  or: ['or'],
  hours: ['h', 'hr', 'hrs', 'hour', 'hours'],
} as const;

type ArgumentTable = Readonly<Record<Argument, readonly string[]>>;

function wordsFor(argument: Argument): readonly string[] {
  const all: readonly ArgumentTable[] = [english, spanish, french];
  return all.flatMap((language) => language[argument]);
}

/** True where all that was typed is such a word. */
export function isArgument(typed: string, ...meant: readonly Argument[]): boolean {
  const word = foldWord(typed).replace(/[.!]+$/u, '');
  return meant.some((argument) => wordsFor(argument).includes(word));
}

/** `on` or `off`, in any language; null for anything else. */
export function readSwitch(typed: string): boolean | null {
  if (isArgument(typed, 'on')) return true;
  return isArgument(typed, 'off') ? false : null;
}

/** A pattern of all such words, for one that stands among others; it may have accents. */
export function patternOf(...meant: readonly Argument[]): string {
  const words = meant.flatMap(wordsFor).sort((one, other) => other.length - one.length);
  return `(?:${words.map(withAccents).join('|')})`;
}

function withAccents(word: string): string {
  return word.replace(/[aceinou]/g, (letter) => `[${letter}${accents[letter]}]`);
}
const accents: Readonly<Record<string, string>> = {
  a: 'áàâä',
  c: 'ç',
  e: 'éèêë',
  i: 'íìîï',
  n: 'ñ',
  o: 'óòôö',
  u: 'úùûü',
};
