import { expect } from 'chai';
import fc from 'fast-check';
import { isNo, isYes, keywordOf, keywords } from '../../../engine/rules/keywords.ts';

describe('a keyword', () => {
  for (const kind of ['stop', 'start', 'help'] as const) {
    for (const word of keywords[kind]) {
      it(`is ${word} in any dress`, () => {
        const small = word.toLowerCase();
        const wide = Array.from(word, (one) =>
          one === ' ' ? '\u3000' : String.fromCodePoint(one.charCodeAt(0) + 0xfee0),
        );
        for (const text of [
          word,
          small,
          `${small}.`,
          `${word}!!!`,
          ` ${word} \n`,
          `${word} .`,
          `${small}…`,
          `${small}~`,
          `\u200B${word}`,
          `“${word}”`,
          `"${small}."`,
          `'${word}'`,
          `(${word})`,
          `- ${word}`,
          `¡${word}!`,
          `…${small}`,
          `${word} 🛑`,
          `🙏🏽 ${small} 🙏🏽`,
          `${word}\uFE0F`,
          word.replace(' ', '-'),
          word.replace(' ', ' – '),
          word.replace(' ', '\n'),
          word.replace(' ', '_'),
          `${word},\n\n`,
        ]) {
          expect(keywordOf(text), text).to.equal(kind);
        }
        expect(keywordOf(wide.join(''))).to.equal(kind);
        expect(keywordOf(word.replace(' ', ' \t ') + '！'.repeat(500))).to.equal(kind);
      });
    }
  }

  const notKeywords = [
    '',
    '...',
    'stop it',
    'please stop',
    'STOP ALLS',
    'stopp',
    'S T O P',
    'st-op',
    'STOP 2',
    'un-stop',
    '🛑',
    '-',
    'OPT. OUT OF THIS',
    '*stop',
    'goal',
    'go home',
    'end of story',
    'no',
    '?help',
  ];
  for (const text of notKeywords) it(`is not ${JSON.stringify(text)}`, () => expect(keywordOf(text)).to.equal(null));

  it('is only ever one of the table', () => {
    const words = fc.constantFrom(...keywords.stop, ...keywords.start, ...keywords.help, 'so', 'x');
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 4 }), (parts) => {
        const text = parts.join(' ');
        expect(keywordOf(text)).to.equal(text === 'STOP ALL' || text === 'OPT OUT' ? 'stop' : null);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(keywordOf(text)).to.equal(null);
      }),
    );
  });
});

describe('an answer', () => {
  const rows: [text: string, yes: boolean, no: boolean][] = [
    ['YES', true, false],
    ['yes!', true, false],
    [' Y ', true, false],
    ['Ｙｅｓ', true, false],
    ['“Yes”', true, false],
    ['Yes 👍', true, false],
    ['*yes', false, false],
    ['No 😞', false, true],
    ['yes please', false, false],
    ['NO', false, true],
    ['n.', false, true],
    ['No, thanks', false, false],
    ['', false, false],
  ];
  for (const [text, yes, no] of rows) {
    it(`${JSON.stringify(text)} is ${yes ? 'a yes' : no ? 'a no' : 'neither'}`, () => {
      expect([isYes(text), isNo(text)]).to.deep.equal([yes, no]);
    });
  }
});
