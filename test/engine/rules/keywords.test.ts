import { expect } from 'chai';
import fc from 'fast-check';
import { isNo, isSend, isYes, keywordOf, keywords } from '../../../engine/rules/keywords.ts';
import { keywords as spanish } from '../../../engine/rules/languages/es/keywords.ts';
import { keywords as french } from '../../../engine/rules/languages/fr/keywords.ts';

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

  for (const [language, table] of [
    ['es', spanish],
    ['fr', french],
  ] as const) {
    it(`of ${language} counts where that is heard, in any dress, and nowhere else`, () => {
      for (const kind of ['stop', 'start', 'help'] as const)
        for (const word of table[kind]) {
          for (const text of [word, `¡${word.toLowerCase()}!`, `“${word}”`])
            expect(keywordOf(text, [language]), text).to.equal(kind);
          expect(keywordOf(word), word).to.equal(null);
          expect(keywordOf(word, ['en', language === 'es' ? 'fr' : 'es']), word).to.equal(null);
        }
      for (const word of table.yes) expect(isYes(word, [language]), word).to.equal(true);
      for (const word of table.no) expect(isNo(word, [language]), word).to.equal(true);
      for (const word of table.send)
        expect([isSend(word, [language]), isSend(word)], word).to.deep.equal([true, false]);
    });

    it(`of English counts where ${language} is heard`, () => {
      for (const kind of ['stop', 'start', 'help'] as const)
        for (const word of keywords[kind]) expect(keywordOf(word, [language]), word).to.equal(kind);
      expect([isYes('Yes', [language]), isNo('no', [language]), isSend('SEND', [language])]).to.deep.equal([
        true,
        true,
        true,
      ]);
    });
  }

  it('is read with accents or without', () => {
    expect(isYes('¡Sí!', ['es'])).to.equal(true);
    expect(isYes('Sí')).to.equal(false);
    expect(keywordOf('Arrêt', ['fr'])).to.equal('stop');
    expect(keywordOf('me désabonner', ['fr'])).to.equal(null);
  });

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
