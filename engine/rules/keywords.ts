import { keywords as spanish } from './languages/es/keywords.ts';
import { keywords as french } from './languages/fr/keywords.ts';
import { foldWord, type Language } from './languages/language.ts';
import type { KeywordTable } from './languages/translated.ts';
import { cleanText } from './names.ts';

export type Keyword = 'stop' | 'start' | 'help';

/**
 * The keyword that a text is, or null. Only the whole text counts, in any case and width, whatever quotes,
 * punctuation and emoji a keyboard puts around it: "Stop!!" and “OPT-OUT” are keywords, "stop calling me" is not.
 * Those of English always count, others where that language is `heard`: "alto" is a voice in an English choir.
 */
export function keywordOf(text: string, heard: readonly Language[] = []): Keyword | null {
  const word = bareWord(text);
  return kinds.find((kind) => isWord(word, kind, heard)) ?? null;
}

/** The language that a keyword tells; null where the text is none, or an English one too. */
export function languageOfKeyword(text: string, heard: readonly Language[]): Language | null {
  if (keywordOf(text) !== null) return null;
  return heard.find((language) => keywordOf(text, [language]) !== null) ?? null;
}

/** A plain yes, as an answer to a question of ours. */
export function isYes(text: string, heard: readonly Language[] = []): boolean {
  return isWord(bareWord(text), 'yes', heard);
}

/** A plain no, as an answer to a question of ours. */
export function isNo(text: string, heard: readonly Language[] = []): boolean {
  return isWord(bareWord(text), 'no', heard);
}

/** SEND: says a text to the group that we held back. */
export function isSend(text: string, heard: readonly Language[] = []): boolean {
  return isWord(bareWord(text), 'send', heard);
}

/** STOP words: those of the US carriers' handbook (CTIA) and of the FCC's rule on revoking consent. */
export const keywords = {
  stop: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'UNSUB', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  start: ['START', 'UNSTOP', 'RESUME', 'GO'],
  help: ['HELP', 'INFO'],
} as const satisfies Record<Keyword, readonly string[]>;

const english: KeywordTable = { ...keywords, yes: ['YES', 'Y'], no: ['NO', 'N'], send: ['SEND'] };
const kinds = ['stop', 'start', 'help'] as const;

function isWord(word: string, kind: keyof KeywordTable, heard: readonly Language[]): boolean {
  const typed = foldWord(word);
  return ['en' as const, ...heard].some((language) => words[language][kind].has(typed));
}

const words = { en: wordsOf(english), es: wordsOf(spanish), fr: wordsOf(french) };

function wordsOf({ stop, start, help, yes, no, send }: KeywordTable) {
  const setOf = (all: readonly string[]): ReadonlySet<string> => new Set(all.map(foldWord));
  return {
    ...{ stop: setOf(stop), start: setOf(start), help: setOf(help) },
    ...{ yes: setOf(yes), no: setOf(no), send: setOf(send) },
  };
}

/** A word without its dress: quotes, punctuation and emoji around it, a dash or line break between two words. */
function bareWord(text: string): string {
  const dressed = cleanText(text).normalize('NFKC').toLowerCase();
  // A star in front is the mark of a command, a question mark asks about the word.
  if (/^[*?]/.test(dressed)) return '';
  const from = dressed.search(inWord);
  const word = from < 0 ? undefined : beforeDress.exec(dressed.slice(from))?.[1];
  return word?.replace(/[\p{Pd}\p{Pc}\s]+/gu, ' ') ?? '';
}

const inWord = /[\p{L}\p{N}]/u;
/** The longest keyword has 13 letters, and room for wider dashes; the bound keeps a long text of dots from costing anything. */
const beforeDress = /^(.{0,18}?[\p{L}\p{N}])[\p{P}\p{S}\p{M}\p{Join_Control}\s]*$/su;
