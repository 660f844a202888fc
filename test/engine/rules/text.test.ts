import { expect } from 'chai';
import fc from 'fast-check';
import { priceOf } from '../../../engine/rules/price.ts';
import { countSegments, lengthOnAir } from '../../../engine/rules/segments.ts';
import { prefixed, splitAnswer, splitDelivered, toGsm } from '../../../engine/rules/text.ts';

describe('a delivered text', () => {
  it('says who said it', () => {
    expect(prefixed({ name: 'Ann', phone: '+14445556666', text: 'hi' })).to.equal('Ann: hi');
  });

  it('says the number of someone without a name', () => {
    expect(prefixed({ name: null, phone: '+14445556666', text: 'hi' })).to.equal('+14445556666: hi');
    expect(prefixed({ name: '', phone: '+14445556666', text: 'hi' })).to.equal('+14445556666: hi');
  });

  it('says who sent a picture without words', () => {
    expect(prefixed({ name: 'Ann', phone: '+14445556666', text: '' })).to.equal('Ann:');
  });
});

describe('making a text GSM-7', () => {
  const rows: [what: string, text: string, sent: string][] = [
    ['leaves a plain text alone', 'Ann: it\'s "ok" - {€5}', 'Ann: it\'s "ok" - {€5}'],
    ['straightens quotes', '‘it’s’ “ok” ‚a‛ „b‟', "'it's' \"ok\" 'a' \"b\""],
    ['straightens primes', '5′ 11″', '5\' 11"'],
    ['makes hyphens of dashes', 'a–b—c‐d‑e−f―g‒h', 'a-b-c-d-e-f-g-h'],
    ['writes an ellipsis out', 'well…', 'well...'],
    ['makes plain spaces', 'a\u00A0b\u2009c\u202Fd\u3000e', 'a b c d e'],
    ['drops a soft hyphen', 'Donau\u00ADdampf', 'Donaudampf'],
    ['puts a letter and its accent together', 'cafe\u0301', 'café'],
    ['leaves everything alone beside an emoji', '“ok” – 😀', '“ok” – 😀'],
    ['leaves everything alone beside a letter that GSM-7 lacks', '“façade”', '“façade”'],
    ['changes no other sign', '“a” • b', '“a” • b'],
  ];
  for (const [what, text, sent] of rows) it(what, () => expect(toGsm(text)).to.equal(sent));

  it('gives a GSM-7 text or the very same one, and is done after one time', () => {
    const fancy = fc.array(fc.constantFrom(...Array.from('abé ’“”–—…\u00A0\u2009\u00AD€[ç😀•e\u0301')));
    fc.assert(
      fc.property(
        fc.oneof(
          fancy.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const sent = toGsm(text);
          if (sent !== text) expect(lengthOnAir(sent).encoding).to.equal('GSM-7');
          expect(toGsm(sent)).to.equal(sent);
        },
      ),
    );
  });
});

const words = (count: number, word = 'word') => Array.from({ length: count }, () => word).join(' ');

describe('splitting a delivered text', () => {
  it('leaves 1,600 GSM-7 or 700 other characters in one', () => {
    for (const text of ['', 'a'.repeat(1_600), words(320), '['.repeat(800), '中'.repeat(700), '😀'.repeat(350)]) {
      expect(splitDelivered(text)).to.deep.equal([text]);
    }
  });

  const rows: [what: string, text: string, parts: string[]][] = [
    ['cuts between words', `${'a'.repeat(1_590)} ${'b'.repeat(20)}`, ['a'.repeat(1_590), 'b'.repeat(20)]],
    [
      'drops the white space at the cut alone',
      `${'a  b '.repeat(319)}cc \n cc  c`,
      [`${'a  b '.repeat(318)}a  b cc`, 'cc  c'],
    ],
    ['cuts where a word just ends', `${'a'.repeat(1_600)} b`, ['a'.repeat(1_600), 'b']],
    [
      'begins a word that no text can hold where it stands',
      `b ${'a'.repeat(1_601)}`,
      [`b ${'a'.repeat(1_598)}`, 'aaa'],
    ],
    ['keeps a word whole that the next text can hold', `b ${'a'.repeat(1_600)}`, ['b', 'a'.repeat(1_600)]],
    [
      'says in each part who says it',
      `Bob: ${'a'.repeat(1_580)} ${'b'.repeat(20)}: c`,
      [`Bob (1/2): ${'a'.repeat(1_580)}`, `Bob (2/2): ${'b'.repeat(20)}: c`],
    ],
    [
      'makes room for the numbers of many parts',
      `Bob: ${words(3_000)}`,
      [...Array.from({ length: 9 }, (_, at) => `Bob (${at + 1}/10): ${words(317)}`), `Bob (10/10): ${words(147)}`],
    ],
    ['cuts a word that is too long', 'a'.repeat(3_201), ['a'.repeat(1_600), 'a'.repeat(1_600), 'a']],
    ['counts a bracket twice', `${'['.repeat(800)}a`, ['['.repeat(800), 'a']],
    [
      'does not cut at a no-break space',
      `中${'a'.repeat(600)} ${'b'.repeat(60)}\u00A0${'c'.repeat(60)}`,
      [`中${'a'.repeat(600)}`, `${'b'.repeat(60)}\u00A0${'c'.repeat(60)}`],
    ],
    ['cuts no emoji', `a${'😀'.repeat(350)}`, [`a${'😀'.repeat(349)}`, '😀']],
    ['cuts no family', `${'中'.repeat(695)}👨‍👩‍👧‍👦`, ['中'.repeat(695), '👨‍👩‍👧‍👦']],
    ['cuts no letter from its accent', `${'中'.repeat(699)}e\u0301`, ['中'.repeat(699), 'e\u0301']],
  ];
  for (const [what, text, parts] of rows) it(what, () => expect(splitDelivered(text)).to.deep.equal(parts));

  const pieces = fc.constantFrom(
    ...[
      'word ',
      'a',
      'B'.repeat(90),
      ' ',
      '  ',
      '\n',
      '[',
      '€',
      'é',
      '中',
      '😀',
      '👨‍👩‍👧‍👦',
      '🇨🇦',
      'e\u0301',
      '\u00A0',
      'z'.repeat(800),
    ],
  );
  const long = fc.array(pieces, { maxLength: 80, size: 'max' }).map((parts) => parts.join(''));
  const withoutSpace = (text: string) => text.replace(/\s/g, '');
  const characters = (text: string) => Array.from(new Intl.Segmenter().segment(text), (one) => one.segment);

  it('loses nothing but white space, tears no character, and makes every part fit', () => {
    fc.assert(
      fc.property(long, (text) => {
        const { encoding } = lengthOnAir(text);
        const parts = splitDelivered(text);
        expect(withoutSpace(parts.join(''))).to.equal(withoutSpace(text));
        for (const part of parts) {
          const size = encoding === 'GSM-7' ? lengthOnAir(part).length : part.length;
          expect(size).to.be.at.most(encoding === 'GSM-7' ? 1_600 : 700);
          if (parts.length > 1) expect(part).not.to.equal('');
        }
        expect(parts.flatMap((part) => characters(withoutSpace(part)))).to.deep.equal(characters(withoutSpace(text)));
      }),
    );
  });

  it('says in every part who says it, tears no character, and makes every part fit', () => {
    const name = fc.constantFrom('Ann', 'J€[]', '中村', '👨‍👩‍👧‍👦'.repeat(4), '+14445556666');
    fc.assert(
      fc.property(name, long, (sender, text) => {
        const whole = prefixed({ name: sender, phone: '', text: text.trim() });
        const { encoding } = lengthOnAir(whole);
        const parts = splitDelivered(whole);
        const heads = parts.map((_, at) =>
          parts.length === 1 ? `${sender}:` : `${sender} (${at + 1}/${parts.length}): `,
        );
        for (const [at, part] of parts.entries()) {
          expect(part.startsWith(heads[at] ?? '')).to.equal(true);
          const size = encoding === 'GSM-7' ? lengthOnAir(part).length : part.length;
          expect(size).to.be.at.most(encoding === 'GSM-7' ? 1_600 : 700);
        }
        const said = parts.map((part, at) => part.slice(heads[at]?.length));
        expect(said.flatMap((part) => characters(withoutSpace(part)))).to.deep.equal(characters(withoutSpace(text)));
        const { segments } = priceOf({ text: whole, media: [], pricePerSegment: 2, pricePerMms: 5 });
        expect(segments).to.equal(parts.reduce((sum, part) => sum + countSegments(part).segments, 0));
      }),
    );
  });

  it('finds the parts, with the white space between them, in the text', () => {
    fc.assert(
      fc.property(long, (text) => {
        let rest = text;
        for (const part of splitDelivered(text)) {
          while (!rest.startsWith(part) && /^\s/.test(rest)) rest = rest.slice(1);
          expect(rest.startsWith(part)).to.equal(true);
          rest = rest.slice(part.length);
        }
        expect(rest.trim()).to.equal('');
      }),
    );
  });
});

describe('splitting a long answer', () => {
  const line = (letter: string, length: number) => letter.repeat(length);
  const rows: [what: string, text: string, limit: number | undefined, parts: string[]][] = [
    ['leaves 1,500 characters in one', line('a', 1_500), undefined, [line('a', 1_500)]],
    ['cuts between lines', `${words(10)}\n${words(10)}\n${words(10)}`, 110, [`${words(10)}\n${words(10)}`, words(10)]],
    ['cuts where a line just ends', `${line('a', 100)}\nb`, 100, [line('a', 100), 'b']],
    ['cuts between words where the lines are too long', words(30), 100, [words(20), words(10)]],
    [
      'leaves no short line alone before a long one',
      `Members:\n${words(30)}`,
      100,
      [`Members:\n${words(18)}`, words(12)],
    ],
    [
      'keeps to what the carrier takes of other characters',
      `${line('中', 690)}\n${line('中', 690)}`,
      undefined,
      [line('中', 690), line('中', 690)],
    ],
  ];
  for (const [what, text, limit, parts] of rows) {
    it(what, () => expect(splitAnswer(text, limit)).to.deep.equal(parts));
  }
});
