import { cleanText } from './names.ts';

export type Keyword = 'stop' | 'start' | 'help';

/**
 * The keyword that a text is, or null. Only the whole text counts, in any case and width, whatever quotes,
 * punctuation and emoji a keyboard puts around it: "Stop!!" and “OPT-OUT” are keywords, "stop calling me" is not.
 */
export function keywordOf(text: string): Keyword | null {
  return byWord.get(bareWord(text)) ?? null;
}

/** A plain yes, as an answer to a question of ours. */
export function isYes(text: string): boolean {
  return ['yes', 'y'].includes(bareWord(text));
}

/** A plain no, as an answer to a question of ours. */
export function isNo(text: string): boolean {
  return ['no', 'n'].includes(bareWord(text));
}

/** SEND: says a text to the group that we held back. */
export function isSend(text: string): boolean {
  return bareWord(text) === 'send';
}

/** STOP words: those of the US carriers' handbook (CTIA) and of the FCC's rule on revoking consent. */
export const keywords = {
  stop: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'UNSUB', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  start: ['START', 'UNSTOP', 'RESUME', 'GO'],
  help: ['HELP', 'INFO'],
} as const satisfies Record<Keyword, readonly string[]>;

const byWord = new Map<string, Keyword>();
for (const kind of ['stop', 'start', 'help'] as const) {
  for (const word of keywords[kind]) byWord.set(word.toLowerCase(), kind);
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
/** The longest keyword has 11 letters, and room for a wider dash; the bound keeps a long text of dots from costing anything. */
const beforeDress = /^(.{0,14}?[\p{L}\p{N}])[\p{P}\p{S}\p{M}\p{Join_Control}\s]*$/su;
