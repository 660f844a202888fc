import fc from 'fast-check';
import { commands } from '../../engine/rules/commands.ts';
import { keywords } from '../../engine/rules/keywords.ts';
import { serviceCommands } from '../../engine/rules/service-commands.ts';

/** What handsets, machines and mischief put into texts. */
const oddities = [
  ...['🎉', '👨‍👩‍👧‍👦', '🇨🇦', '1️⃣', '\u200B', '\u200D', '\uFE0F', '\u00AD', '\uFEFF', '\u2060'],
  ...['\u202Eabc', '\u2066', 'שלום', 'مرحبا', 'สวัสดี', '中文', 'ﬃ', 'İ', 'ß', 'Ⅷ', '\u{E0041}'],
  ...['e\u0301\u0301', 'Z\u0335\u0336\u0337\u0338\u0321\u0322\u0327\u0328\u0330\u0331', '\u0301'],
  ...[
    '\0',
    '\u0007',
    '\u001B',
    '\uFFFD',
    '\uFFFF',
    '\uD800',
    '\uDC00',
    '\n',
    '\r\n',
    '\u2028',
    '\u0085',
    '   ',
    '\u00A0',
  ],
  ...[
    '＊',
    '*',
    '﹡',
    '∗',
    '“',
    '”',
    '"',
    "'",
    '«',
    ',',
    '、',
    ';',
    ':',
    '.',
    '...',
    '!',
    '…',
    '~',
    '|',
    '€',
    '[',
    '\\',
  ],
  ...['(212) 555-0100', '+12125550100', '12', '3', '168', '99999999999999999999', 'Ann', 'Bob', 'Cy Young', 'and'],
  ...['STOP', 'stop', 'on', 'off', 'yes', '%s', '$&', "'; --", '<b>', '{}', '__proto__', 'constructor'],
] as const;

const oddity = fc.constantFrom(...oddities);
const word = fc.constantFrom(...commands.map((row) => row.word), ...serviceCommands.flatMap((row) => row.words));
const usage = fc.constantFrom(
  ...[...commands, ...serviceCommands].map((row) => row.usage),
  '*add Bob (212) 555-0100, Sue Lee 212.555.0101',
  '*to Cy Young: see you there',
  '*broadcast Bob on',
  'Bob 212-555-0100\nSue 212-555-0101\n*done',
);
const keyword = fc.constantFrom(...keywords.stop, ...keywords.start, ...keywords.help, 'Yes', 'No', 'JOIN hikers Eve');

/** A text with a few things done to it: something put in, taken out or said twice, in other letters. */
function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const mutation = fc.record({ at: fc.nat(), put: oddity, how: fc.nat(5) });
  return fc.tuple(texts, fc.array(mutation, { maxLength: 4 })).map(([text, all]) => all.reduce(mutate, text));
}

function mutate(text: string, { at, put, how }: { at: number; put: string; how: number }): string {
  const cut = at % (text.length + 1);
  const [head, tail] = [text.slice(0, cut), text.slice(cut)];
  switch (how) {
    case 0:
      return head + tail.slice(1);
    case 1:
      return head + tail.toUpperCase();
    case 2:
      return head + tail.toLowerCase();
    case 3:
      // The same letters in full width, as some keyboards type them.
      return head + tail.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
    case 4:
      return `${head}${tail}${put}${tail}`;
    default:
      return head + put + tail;
  }
}

const pieces = fc.array(oddity, { maxLength: 12 }).map((parts) => parts.join(''));
/** Up to 10,000 letters of a kind, with something before and behind. */
const long = fc
  .tuple(
    fc.constantFrom('', '*add ', '*to Bob ', '*name ', '*'),
    fc.oneof(oddity, fc.constant('word ')),
    pieces,
    fc.nat(),
  )
  .map(([start, piece, end, length]) => start + piece.repeat((length % 10_000) / piece.length) + end);

export const wildText: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: pieces },
  { weight: 60, arbitrary: mutated(usage) },
  { weight: 60, arbitrary: mutated(keyword) },
  { weight: 40, arbitrary: fc.tuple(word, pieces).map(([name, rest]) => `*${name} ${rest}`) },
  { weight: 30, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 30,
    arbitrary: fc.tuple(word, fc.string({ unit: 'grapheme', maxLength: 80 })).map((it) => `* ${it.join('')}`),
  },
  { weight: 20, arbitrary: mutated(fc.constantFrom('Hello all', 'please stop the bus', 'end of story', 'Go! Go!')) },
  { weight: 1, arbitrary: long },
);
