import { mediaWords, pictureWords, reactionWordings } from './reaction-wordings.ts';
import { splitDelivered } from './text.ts';

/** A reaction to a message, which handsets send as a text: `Liked “See you at 7”`. */
export type Reaction = {
  /** An emoji. */
  reaction: string;
  /** It is taken back. */
  removed: boolean;
  /** What it quotes, folded; null where that is a picture. */
  quote: string | null;
  /** Nobody types it like that; else it is a reaction only where there is such a message. */
  isSure: boolean;
};

/** The reaction that a text is, or null. Takes the text as it came: Google's marks are characters that cannot be seen. */
export function readReaction(text: string): Reaction | null {
  // An iPhone quotes the whole message; whatever is longer than a text is none.
  if (text.length > LONGEST) return null;
  return readMarked(text) ?? readWorded(text);
}

/** A message that a reaction may quote. */
export type Quotable = { id: number; senderId: number | null; text: string; hasMedia: boolean };

/**
 * The message that a reaction of this member quotes, of the newest ones (newest first): the newest that reads like the
 * quote, else the newest that begins with it, because handsets cut quotes short. Their own messages stand on their
 * handset as they typed them, those of others with the name. A picture is only known where there is no other.
 */
export function findQuoted(
  { quote }: Pick<Reaction, 'quote'>,
  messages: readonly Quotable[],
  memberId: number,
): Quotable | undefined {
  if (quote === null) {
    const pictures = messages.filter(({ hasMedia }) => hasMedia);
    return pictures.length === 1 ? pictures[0] : undefined;
  }
  const beginning = quote.replace(/\.{3}$/, '').trimEnd();
  if (beginning === '') return undefined;
  let begins: Quotable | undefined;
  for (const message of messages) {
    const shown = textsOn(message, memberId).map(fold);
    if (shown.includes(quote)) return message;
    if (begins === undefined && shown.some((text) => text.startsWith(beginning))) begins = message;
  }
  return begins;
}

const LONGEST = 2_000;

/** The texts in which a message stands on a member's handset. */
function textsOn({ senderId, text }: Quotable, memberId: number): string[] {
  return senderId === memberId ? [text.replace(/^[^:]*: ?/u, ''), text] : splitDelivered(text);
}

/**
 * Google Messages, in any language: the emoji stands between two U+200B (U+200C where it is taken back), the quote
 * between two U+200A.
 */
function readMarked(text: string): Reaction | null {
  const [all = '', put = '', takenBack = ''] = marked.exec(text) ?? [];
  const reaction = emojiIn(put || takenBack);
  if (reaction === null) return null;
  const [before = '', after = ''] = text.split(all, 2);
  const quote = (quoted.exec(after) ?? quoted.exec(before.replace(/^\u200A/u, '')))?.[1];
  return quote === undefined ? null : { reaction, removed: put === '', quote: fold(quote), isSure: true };
}

const marked = /\u200B([^\u200A-\u200C]{1,32})\u200B|\u200C([^\u200A-\u200C]{1,32})\u200C/u;
const quoted = /\u200A([^\u200A-\u200C]+)\u200A/u;

/** An iPhone: a sentence in its language around the quote. */
function readWorded(text: string): Reaction | null {
  if (!mayQuote.test(text)) return null;
  const folded = fold(text);
  // A keycap begins with a digit.
  const first = /^[\p{L}"]/u.exec(folded)?.[0] ?? EMOJI;
  for (const { pattern, reaction, removed, kind, marks } of forms.get(first) ?? []) {
    const found = pattern.exec(folded);
    const named = found === null ? null : (reaction ?? emojiIn(found.groups?.emoji ?? ''));
    if (named === null) continue;
    const isSure = kind === 'picture' || (kind === 'quote' && isTypeset(text, marks));
    return { reaction: named, removed, quote: found?.groups?.quote ?? null, isSure };
  }
  return null;
}

/** Most texts have neither a pair of quotes nor a picture at their end. */
const anyQuote = '“”„‟«»‹›「」『』״‘’‚‛ʼ\'`"';
const mayQuote = new RegExp(
  `[${anyQuote}][^]*[${anyQuote}]|：|(?:${[...pictureWords, ...mediaWords].join('|')})[.]?\\s*$`,
  'iu',
);

/**
 * In the quotes that a handset sets, and around one quote: in `Liked “Dune”, not “Tenet”` one ends before the next
 * begins. The wording itself has `before` and `after` marks around those.
 */
function isTypeset(text: string, { before, after }: Marks): boolean {
  const all = text.match(quoteMarks) ?? [];
  const own = isSingle.test(text) ? 0 : 1;
  let depth = 0;
  for (const mark of all.slice(before + own, all.length - after - own)) {
    depth += opening.includes(mark) ? 1 : -1;
    if (depth < 0) return false;
  }
  return all.length >= before + after + 2 * own;
}

type Marks = { before: number; after: number };
const opening = '“„«「『';
/** As in Korean; the quotes within are double ones. */
const isSingle = /^[^“„«「『]*‘.*’[^“”»」』]*$/su;
const quoteMarks = /[“„«「『”»」』]/gu;

/** One emoji, with the selector that shows it as one; else null. */
function emojiIn(typed: string): string | null {
  const emoji = typed.trim().replaceAll('\uFE0F', '');
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(emoji)) return null;
  if ([...graphemes.segment(emoji)].length !== 1) return null;
  return isPlain.test(emoji) ? `${emoji}\uFE0F` : emoji.replace('\u20E3', '\uFE0F\u20E3');
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Shown as a sign where nothing says that it is an emoji: ❤, ‼. */
const isPlain = /^(?!\p{Emoji_Presentation})\p{Extended_Pictographic}$/u;

const quoteLike = new RegExp(`[${anyQuote}]`, 'gu');

/** Quotes, spaces and case differ between handsets, and on its way a text may lose its typographic characters. */
function fold(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200B\u200C\u200E\u200F\u2060-\u2069\uFEFF]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(quoteLike, '"')
    .replace(/ ?" ?/gu, '"')
    .replaceAll('…', '...')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .toLowerCase()
    .trim();
}

type Form = {
  pattern: RegExp;
  /** null: the emoji stands in the text. */
  reaction: string | null;
  removed: boolean;
  kind: 'quote' | 'bare' | 'picture' | 'media';
  marks: Marks;
};

/** By the first character of a text, so that nearly every text is compared with a few; those that begin with an emoji apart. */
const forms = new Map<string, Form[]>();
const EMOJI = '';
for (const [reaction, added, removed] of reactionWordings) {
  addForms(reaction, added, false);
  if (removed !== null) addForms(reaction, removed, true);
}

function addForms(wording: string, text: string, removed: boolean): void {
  const [before = '', after = ''] = text.split('“…”');
  const kind = text.includes('“…”') ? 'quote' : 'bare';
  const marks = { before: before.match(quoteMarks)?.length ?? 0, after: after.match(quoteMarks)?.length ?? 0 };
  const form = { reaction: wording === '{}' ? null : wording, removed, marks };
  const folded = fold(text.replace('“…”', '“\0”').replace('…', '\0').replace('{}', '\x01'));
  const first = folded.startsWith('\x01') ? EMOJI : folded.charAt(0);
  const rows: Form[] = [{ ...form, kind, pattern: patternOf(folded, '(?<quote>.+)') }];
  // How other wordings speak of a picture is not known.
  if (kind === 'quote' && !folded.startsWith('"')) {
    const bare = folded.replace('"\0"', ' \0 ').trim();
    rows.push({ ...form, kind: 'picture', pattern: patternOf(bare, anyOf(pictureWords)) });
    rows.push({ ...form, kind: 'media', pattern: patternOf(bare, anyOf(mediaWords)) });
  }
  forms.set(first, [...(forms.get(first) ?? []), ...rows]);
}

function patternOf(folded: string, what: string): RegExp {
  const pattern = escaped(folded).replace('\0', what).replace('\x01', '(?<emoji>[^"]{1,32}?)');
  return new RegExp(`^${pattern}[.。]?$`, 'su');
}

function anyOf(words: readonly string[]): string {
  return `(?:${words.map((word) => escaped(fold(word))).join('|')})`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
