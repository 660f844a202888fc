import { cleanText } from './names.ts';

/**
 * A test of texts that say one thing and nothing else, in any of the given ways (patterns of bare lower-case words without
 * accents), with polite words around it and words that are `around` such a text too: alone, or in several short sentences of
 * which each other one is one of `beside`.
 */
export function saysOnly(
  ways: readonly string[],
  { beside = [], around = [] }: { beside?: readonly string[]; around?: readonly string[] } = {},
): (text: string) => boolean {
  const before = `(?:(?:${[...greetings, ...around].join('|')}) )*`;
  const after = `(?: (?:${[...endings, ...around].join('|')}))*`;
  const way = `(?:${ways.join('|')})`;
  const whole = new RegExp(`^${before}${way}(?: (?:and|or|but) ${way})?${after}$`, 'u');
  const other = new RegExp(`^${before}(?:${[...always, ...beside].join('|')})?${after}$`, 'u');
  return (text) => {
    if (text.length > LONGEST) return false;
    const clean = cleanText(text).normalize('NFKD').toLowerCase();
    if (whole.test(bare(clean))) return true;
    // Several short sentences: `Who is this? Please stop texting me.`
    const parts = clean
      .split(/[.,;:!?\n]+/u)
      .map(bare)
      .filter((part) => part !== '');
    return parts.some((part) => whole.test(part)) && parts.every((part) => whole.test(part) || other.test(part));
  };
}

function bare(words: string): string {
  return words
    .replace(/[\p{M}'’‘´`]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Twelve words or so: who says more says something. */
const LONGEST = 90;

const greetings: readonly string[] = [
  'please|pls|plz|kindly|hi|hey|hello|sorry|um|ok|okay|look|no|just|guys|everyone|all|can you|could you|would you|will you',
  'you need to|you must|i want you to|i need you to|i said',
  'hola|buenas|buenos dias|buenas tardes|buenas noches|por favor|perdon|perdone|disculpe|disculpa|oye|oiga|mira|ya|creo que',
  'bonjour|bonsoir|salut|desole|pardon|excusez moi|svp|stp|sil vous plait|sil te plait|je pense que',
];
const endings: readonly string[] = [
  'please|pls|plz|now|right now|immediately|asap|today|thanks|thank you|thx|ty|already|ok|okay|sorry|again|any ?more|ever',
  'at once|bye|sir|maam',
  'por favor|gracias|perdon|disculpe|disculpa|ya|ahora|nunca|jamas|nunca mas|ya no',
  'merci|svp|stp|sil vous plait|sil te plait|desole|pardon|maintenant|jamais|tout de suite',
];
/** What people put beside it, and which is no word to the group. */
const always: readonly string[] = [
  'who is this|whos this|who are you|who dis|i dont know you|(?:im |i am )?not interested',
  '(?:im|i am|im not|i am not|this isnt|this is not|not) \\p{L}+',
  'hi|hello|sorry|thanks|thank you|please|stop',
];
