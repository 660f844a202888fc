import { expect } from 'chai';
import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { clampToSegments, countSegments, lengthOnAir, wholeCharacters } from '../../../engine/rules/segments.ts';

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

/** Long enough to cross a few segment borders, with two-place characters everywhere. */
function textOf(...characters: string[]) {
  return fc.array(fc.constantFrom(...characters), { maxLength: 520, size: 'max' }).map((parts) => parts.join(''));
}
const gsmText = textOf(...Array.from(basic), ...Array.from(extension), '[', '€', '~');
/** One code point is one character here: see the test about families. */
const otherText = textOf(...('aé[ñç中😀🙈👍—“'.match(/./gu) ?? [])).map((text) => `中${text}`);

describe('counting segments', () => {
  const rows: [what: string, text: string, encoding: 'GSM-7' | 'UCS-2', segments: number][] = [
    ['nothing', '', 'GSM-7', 1],
    ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
    ['1,600 letters', 'a'.repeat(1_600), 'GSM-7', 11],
    ['80 brackets, which take two places', '['.repeat(80), 'GSM-7', 1],
    ['81 brackets', '['.repeat(81), 'GSM-7', 2],
    ['a bracket that would straddle the border', `${'a'.repeat(152)}[${'a'.repeat(152)}`, 'GSM-7', 3],
    ['a bracket just before the border', `${'a'.repeat(151)}[${'a'.repeat(153)}`, 'GSM-7', 2],
    ['the whole alphabet', basic + extension, 'GSM-7', 1],
    ['70 Chinese letters', '中'.repeat(70), 'UCS-2', 1],
    ['71 Chinese letters', '中'.repeat(71), 'UCS-2', 2],
    ['134 Chinese letters', '中'.repeat(134), 'UCS-2', 2],
    ['135 Chinese letters', '中'.repeat(135), 'UCS-2', 3],
    ['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
    ['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
    ['67 emoji, one of which would straddle the border', '😀'.repeat(67), 'UCS-2', 3],
    ['160 letters with one accent too many', `${'a'.repeat(159)}ç`, 'UCS-2', 3],
    ['an accent as its own character', 'e\u0301', 'UCS-2', 1],
    ['the escape character', '\x1B', 'UCS-2', 1],
    ['a backtick', '`', 'UCS-2', 1],
  ];
  for (const [what, text, encoding, segments] of rows) {
    it(`${what}: ${segments} in ${encoding}`, () => {
      expect(countSegments(text)).to.deep.equal({ encoding, segments });
      const theirs = new SegmentedMessage(text);
      expect([theirs.encodingName, theirs.segmentsCount]).to.deep.equal([encoding, segments]);
    });
  }

  it('agrees with another counter on any GSM-7 text', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        const { encoding, segments } = countSegments(text);
        expect(encoding).to.equal('GSM-7');
        expect(segments).to.equal(new SegmentedMessage(text).segmentsCount);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with another counter on any other text', () => {
    fc.assert(
      fc.property(otherText, (text) => {
        const { encoding, segments } = countSegments(text);
        expect(encoding).to.equal('UCS-2');
        expect(segments).to.equal(new SegmentedMessage(text).segmentsCount);
      }),
      { numRuns: 60 },
    );
  });

  it('fills a segment up inside an emoji family, as the carrier does, where that counter starts a new one', () => {
    const families = `aaaa${'👨‍👩‍👧‍👦'.repeat(11)}aaaaaaaaa`;
    expect(families.length).to.equal(134);
    expect(countSegments(families).segments).to.equal(2);
    expect(new SegmentedMessage(families).segmentsCount).to.equal(3);
  });
});

describe('the length on the air', () => {
  const rows: [text: string, encoding: 'GSM-7' | 'UCS-2', length: number][] = [
    ['', 'GSM-7', 0],
    ['abc', 'GSM-7', 3],
    ['[€]', 'GSM-7', 6],
    ['😀', 'UCS-2', 2],
    ['[ç]', 'UCS-2', 3],
  ];
  for (const [text, encoding, length] of rows) {
    it(`of ${JSON.stringify(text)} is ${length} in ${encoding}`, () => {
      expect(lengthOnAir(text)).to.deep.equal({ encoding, length });
    });
  }
});

describe('a text that is clamped to segments', () => {
  const rows: [what: string, text: string, max: number, clamped: string][] = [
    ['is left alone when it fits', 'a'.repeat(160), 1, 'a'.repeat(160)],
    ['ends with three dots', 'a'.repeat(161), 1, `${'a'.repeat(157)}...`],
    ['ends after a word', `${'a'.repeat(150)} bbbbbbbbbbbb`, 1, `${'a'.repeat(150)}...`],
    ['may fill its last place', `${'a'.repeat(157)} bbb`, 1, `${'a'.repeat(157)}...`],
    ['ends with one sign where that costs nothing', '中'.repeat(71), 1, `${'中'.repeat(69)}…`],
    ['counts two segments without their headers', 'a'.repeat(400), 2, `${'a'.repeat(303)}...`],
    ['is not cut inside a family', `${'中'.repeat(60)}👨‍👩‍👧‍👦`, 1, `${'中'.repeat(60)}…`],
  ];
  for (const [what, text, max, clamped] of rows) {
    it(what, () => expect(clampToSegments(text, max)).to.equal(clamped));
  }

  it('fits, whatever it is, and begins as it did', () => {
    fc.assert(
      fc.property(
        fc.oneof(gsmText, otherText, fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 3 }),
        (text, max) => {
          const clamped = clampToSegments(text, max);
          expect(countSegments(clamped).segments).to.be.at.most(max);
          if (clamped === text) return;
          expect(countSegments(text).segments).to.be.above(max);
          expect(text.startsWith(clamped.replace(/(\.\.\.|…)$/, ''))).to.equal(true);
          expect(clamped).not.to.match(/\p{Cs}/u);
        },
      ),
    );
  });
});

describe('a cut between whole characters', () => {
  const rows: [what: string, text: string, end: number, cut: number][] = [
    ['stays where no character is torn', 'abcd', 2, 2],
    ['goes before a surrogate pair', 'ab😀', 3, 2],
    ['goes before a family', 'ab👨‍👩‍👧c', 6, 2],
    ['goes before a letter with its accent', 'abe\u0301c', 3, 2],
    ['stays at the end', 'ab', 2, 2],
    ['tears what is longer than everything', `a${'\u0301'.repeat(9)}`, 5, 5],
    ['never tears a surrogate pair', '👨‍👩‍👧‍👦', 4, 3],
  ];
  for (const [what, text, end, cut] of rows) it(what, () => expect(wholeCharacters(text, 0, end)).to.equal(cut));
});
