import { expect } from 'chai';
import { languages } from '../../../engine/rules/languages/language.ts';
import { speakIn, spokenLanguage, translate } from '../../../engine/rules/languages/speaking.ts';
import { wording } from '../../../engine/rules/wording.ts';

const greetings = wording({
  hello: ({ name }: { name: string }) => `Hello ${name}`,
  many: ({ names }: { names: readonly string[] }) => `Hello ${names.join(', ')}`,
});
translate(greetings, {
  es: { hello: ({ name }) => `¡Adiós ${name}!`, many: ({ names }) => `Adiós ${names.join(', ')}` },
  fr: { hello: ({ name }) => `Ô ${name}, bœuf`, many: ({ names }) => `Ô ${names.join(', ')}` },
});

describe('the language that is spoken', () => {
  it('is English where nothing is said of it', () => {
    expect(spokenLanguage()).to.equal('en');
    expect(greetings.hello({ name: 'Ann' })).to.equal('Hello Ann');
  });

  it('holds within what is written, a text to somebody else within that, and no further', () => {
    const said = speakIn('es', () => [
      greetings.hello({ name: 'Ann' }),
      speakIn('fr', () => greetings.hello({ name: 'Bob' })),
      greetings.hello({ name: 'Cat' }),
    ]);
    expect(said).to.deep.equal(['¡Adios Ann!', 'O Bob, boeuf', '¡Adios Cat!']);
    expect(spokenLanguage()).to.equal('en');
  });

  it('is as before after something failed', () => {
    expect(() => {
      speakIn('fr', () => {
        throw new Error('no');
      });
    }).to.throw('no');
    expect(spokenLanguage()).to.equal('en');
  });

  it('is written with the accents that GSM-7 has, and with all where a name needs more than GSM-7 anyway', () => {
    expect(speakIn('es', () => greetings.hello({ name: 'Ñoño É' }))).to.equal('¡Adios Ñoño É!');
    expect(speakIn('es', () => greetings.hello({ name: 'María' }))).to.equal('¡Adiós María!');
    expect(speakIn('es', () => greetings.many({ names: ['Ann', 'José'] }))).to.equal('Adios Ann, José');
  });

  it('is one of those that there are', () => {
    expect(languages.map((language) => speakIn(language, spokenLanguage))).to.deep.equal([...languages]);
  });
});
