import { expect } from 'chai';
import fc from 'fast-check';
import {
  cleanMessage,
  cleanText,
  codePoints,
  faultOfName,
  holdsWebAddress,
  isBlank,
  isCommandLike,
  NAME_KEY_LIMIT,
  nameKey,
} from '../../../engine/rules/names.ts';

/** Strings made of what goes wrong: invisible characters, emoji parts, marks, white space, lone surrogates. */
const awkward = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'É',
        'e\u0301',
        ' ',
        '  ',
        '\t',
        '\n',
        '\r\n',
        '\r',
        '\u2028',
        '\u0085',
        '\u00A0',
        '\0',
        '\x1B',
        '\uFEFF',
      ],
      ...[
        '\u200B',
        '\u200D',
        '\uFE0F',
        '\u202E',
        '\u2066',
        '\uD83D',
        '\uDE00',
        '😀',
        '👩',
        '🏽',
        '❤',
        '🏴',
        '#',
        '1',
        '\u20E3',
      ],
      ...[
        '\u{E0067}',
        '\u{E0062}',
        '\u{E0065}',
        '\u{E007F}',
        '🇩',
        '🇪',
        '\u0301',
        '\u0301'.repeat(9),
        '\u3164',
        'ﷺ',
        'ß',
      ],
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
const anything = fc.oneof(awkward, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('cleaning a name', () => {
  const rows: [what: string, input: string, clean: string][] = [
    ['trims', '  Ann ', 'Ann'],
    ['makes one space of many', 'Ann   Lee', 'Ann Lee'],
    ['makes a space of tabs and line breaks', 'Ann\t\r\n\u2028Lee', 'Ann Lee'],
    ['makes a plain space of a no-break one', 'Ann\u00A0Lee', 'Ann Lee'],
    ['drops NUL and other controls', 'A\0n\x1Bn\x7F', 'Ann'],
    ['drops direction overrides', '\u202EnnA\u202C\u2066\u2069\u200F', 'nnA'],
    ['drops zero-width characters', 'A\u200Bn\u2060n\uFEFF', 'Ann'],
    ['drops a joiner between letters', 'A\u200Dn\u200Cn', 'Ann'],
    ['drops a soft hyphen', 'An\u00ADna', 'Anna'],
    ['drops the Hangul filler that looks like nothing', '\u3164\u1160', ''],
    ['drops lone surrogates', 'A\uD83Dn\uDE00n', 'Ann'],
    ['drops hidden tag letters', 'Ann\u{E0041}\u{E0042}', 'Ann'],
    ['drops a variation selector after a letter', 'A\uFE0Fnn', 'Ann'],
    ['closes the gap that a dropped character leaves', 'Ann \u200B Lee', 'Ann Lee'],
    ['keeps a family', 'The 👨‍👩‍👧‍👦', 'The 👨‍👩‍👧‍👦'],
    ['keeps a red heart', '❤️', '❤️'],
    ['keeps a couple with skin tones', '👩🏽‍❤️‍👨🏿', '👩🏽‍❤️‍👨🏿'],
    ['keeps a profession', '👩🏽‍🚀', '👩🏽‍🚀'],
    ['keeps the rainbow flag', '🏳️‍🌈', '🏳️‍🌈'],
    ['keeps the flag of Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
    ['keeps the flag of a country', '🇨🇦', '🇨🇦'],
    ['keeps a keycap', '#️⃣ 1️⃣', '#️⃣ 1️⃣'],
    ['drops a joiner that joins nothing', '👩\u200D', '👩'],
    ['keeps accents of either form', 'Zoë Zoe\u0308', 'Zoë Zoe\u0308'],
    ['keeps scripts that stack marks', 'สวัสดี ཨོཾ', 'สวัสดี ཨོཾ'],
    ['cuts a flood of marks to 8', `Z${'\u0335'.repeat(500)}a`, `Z${'\u0335'.repeat(8)}a`],
    ['leaves nothing of nothing', ' \u200B\t ', ''],
  ];
  for (const [what, input, clean] of rows) it(what, () => expect(cleanText(input)).to.equal(clean));

  it('leaves nothing to clean', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const clean = cleanText(input);
        expect(cleanText(clean)).to.equal(clean);
        expect(clean).not.to.match(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\u200B]|^\s|\s$|\s\s|\p{M}{9}/u);
      }),
    );
  });
});

describe('cleaning a message', () => {
  const rows: [what: string, input: string, clean: string][] = [
    ['keeps runs of spaces', ' a   b ', 'a   b'],
    ['keeps line breaks', 'a\n\nb', 'a\n\nb'],
    ['makes LF of every other line break', 'a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh', 'a\nb\nc\nd\ne\nf\ng\nh'],
    ['makes a space of a tab', 'a\tb', 'a b'],
    ['trims line breaks too', '\r\n a \n', 'a'],
    ['drops controls and overrides', 'a\0\u202Eb', 'ab'],
    ['keeps a family', 'hi 👨‍👩‍👧', 'hi 👨‍👩‍👧'],
    ['leaves nothing of invisible things', '\u200B\n\u200E', ''],
  ];
  for (const [what, input, clean] of rows) it(what, () => expect(cleanMessage(input)).to.equal(clean));

  it('leaves nothing to clean', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const clean = cleanMessage(input);
        expect(cleanMessage(clean)).to.equal(clean);
        expect(clean).not.to.match(/(?!\n)\p{Cc}|\p{Cs}|^\s|\s$/u);
      }),
    );
  });
});

describe('the length of a text', () => {
  it('counts code points', () => {
    expect(codePoints('')).to.equal(0);
    expect(codePoints('Zoë')).to.equal(3);
    expect(codePoints('😀😀')).to.equal(2);
    fc.assert(
      fc.property(anything, (text) => {
        expect(codePoints(text)).to.equal(Array.from(text).length);
      }),
    );
  });
});

describe('the key of a name', () => {
  const same: [one: string, other: string][] = [
    ['Ann', 'ANN'],
    ['Zoë', 'ZOE\u0308'],
    ['Straße', 'STRASSE'],
    ['Ａｎｎ', 'ann'],
    ['ſam', 'Sam'],
    ['\u212Aim', 'kim'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['ﬁona', 'Fiona'],
    ['Ann  Lee', ' ann lee'],
    ['Ann\u00A0Lee', 'Ann Lee'],
    ['Ann\u200B', 'Ann'],
    ['❤️', '❤'],
    ['İpek', 'i\u0307pek'],
    ['ᏣᎳᎩ', 'ꮳꮃꭹ'],
    ['Ann', 'Аnn'],
    ['Bob', 'Воb'],
    ['Bob', 'Bоb.'],
    ['Bob', 'Bob\u2800'],
    ['Bob', 'Bob\uFFFC'],
    ['Bob', 'ᗷob'],
    ['B0b', 'Bob'],
    ['Al', 'A1'],
    ["O'Brien", 'O’Brien'],
    ["O'Brien", 'O‘Brien'],
    ["O'Brien", 'O`Brien'],
    ["O'Brien", 'O´Brien'],
    ['Anne-Marie', 'Anne–Marie'],
    ['Anne-Marie', 'Anne\u2011Marie'],
    ['Anne-Marie', 'Anne Marie'],
    ['J.R.', 'JR'],
  ];
  for (const [one, other] of same) {
    it(`is the same for ${one} and ${other}`, () => expect(nameKey(one)).to.equal(nameKey(other)));
  }

  const different: [one: string, other: string][] = [
    ['Ann', 'Anna'],
    ['Zoe', 'Zoë'],
    ['👨‍👩‍👧', '👨‍👩‍👦'],
    ['🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['Zoë', 'Zoe'],
    ['Ian', 'Lan'],
    ['Tom', 'Torn'],
    ['...', '!!!'],
    ['Иван', 'Ирина'],
  ];
  for (const [one, other] of different) {
    it(`tells ${one} from ${other}`, () => expect(nameKey(one)).not.to.equal(nameKey(other)));
  }

  it('does not depend on case or form, stays the same for itself, and is never too long to store', () => {
    fc.assert(
      fc.property(anything, (name) => {
        const key = nameKey(name);
        expect(nameKey(key)).to.equal(key);
        expect(codePoints(key)).to.be.at.most(NAME_KEY_LIMIT);
        // A flood of marks is cut by count, and the forms count them differently.
        fc.pre(!/\p{M}{7}/u.test(name.normalize('NFD')));
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
          expect(nameKey(cleanText(name).normalize(form)), form).to.equal(key);
        }
        expect(nameKey(cleanText(name).toUpperCase())).to.equal(key);
      }),
    );
    expect(codePoints(nameKey('ﷺ'.repeat(30)))).to.be.at.most(NAME_KEY_LIMIT);
  });
});

describe('a name that looks like a command', () => {
  for (const name of [
    '*bye',
    ' *bye',
    '\u200B*bye',
    '＊bye',
    '∗bye',
    '﹡bye',
    '⁎bye',
    '٭bye',
    '✱bye',
    '\u{1031F}bye',
    '*',
  ]) {
    it(`is ${JSON.stringify(name)}`, () => expect(isCommandLike(name)).to.equal(true));
  }
  for (const name of ['Ann', 'Ann*', '']) {
    it(`is not ${JSON.stringify(name)}`, () => expect(isCommandLike(name)).to.equal(false));
  }
});

describe('a name that shows nothing', () => {
  for (const name of ['\u2800', ' \u3164 ', '\uFFA0\u115F\u1160', '\uFFFC', '\u{1D159}']) {
    it(`is ${JSON.stringify(name)}`, () => expect(isBlank(name)).to.equal(true));
  }
  for (const name of ['', ' ', '\u200B\u00AD', 'Bob\u2800', '.']) {
    it(`is not ${JSON.stringify(name)}`, () => expect(isBlank(name)).to.equal(false));
  }
});

describe('a name for a person', () => {
  const faults: [name: string, fault: ReturnType<typeof faultOfName>][] = [
    ['Ann', null],
    ["J.R. O'Brien-Smith", null],
    ['Dr.Who', null],
    ['St. John', null],
    ['Bob 2', null],
    ['007', null],
    ['Unit 5550100', null],
    ['王小明', null],
    ['🎉', null],
    ['*bye', 'star'],
    ['+12126882162', 'phone'],
    ['(212) 688-2162', 'phone'],
    ['２１２６８８２１６２', 'phone'],
    ['555-0100', 'phone'],
    ['+l2l26882l62', 'phone'],
    ['212 688 O1OO', 'phone'],
    ['Lilo', null],
    ['Bob: I owe Mal $50', 'colon'],
    ['Bob：', 'colon'],
    ['Bob\uA789 hi', 'colon'],
    ['Bob\u02F8 hi', 'colon'],
    ['Bob\uFE30 hi', 'colon'],
    ['रामः', null],
    ['Service http://bit.ly/x', 'address'],
    ['bit.ly/x9Q2', 'address'],
    ['win at example.com', 'address'],
    ['WWW.EXAMPLE.NET', 'address'],
    ['ann@example.org', 'address'],
    ['t.co', null],
    ['t.co/x9Q2', 'address'],
    ['wa.me', 'address'],
    ['203.0.113.7', 'address'],
    ['пример.рф', 'address'],
    ['A.J./Ann', null],
    ['win.example/x', 'address'],
    ['example。com', 'address'],
  ];
  for (const [name, fault] of faults) {
    it(`${JSON.stringify(name)} ${fault === null ? 'is fine' : `is none: ${fault}`}`, () =>
      expect(faultOfName(name)).to.equal(fault));
  }

  it('may hold what a name of a group may not, and the reverse', () => {
    expect(holdsWebAddress('Claim $500 now bit.ly/x9Q2')).to.equal(true);
    expect(holdsWebAddress('Book Club: Tuesdays')).to.equal(false);
  });
});
