import { cleanText } from './names.ts';

export type Keyword = 'stop' | 'start' | 'help';

/**
 * The keyword that a text is, or null. Only the whole text counts, in any case and width, whatever punctuation
 * follows: "Stop!!" is one, "stop calling me" is not.
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

function bareWord(text: string): string {
  const folded = cleanText(text).normalize('NFKC').toLowerCase();
  return beforePunctuation.exec(cleanText(folded))?.[1] ?? '';
}

/** The longest keyword has 11 letters; the bound keeps a long text of dots from costing anything. */
const beforePunctuation = /^(.{1,11}?)[\p{P}$+<=>^`|~\s]*$/su;
