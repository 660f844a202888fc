import { expect } from 'chai';
import { findQuoted, type Quotable, readReaction } from '../../../engine/rules/reactions.ts';
import { route } from '../../../engine/rules/route.ts';
import { context, memberOf, sceneOf } from '../../support/scenes.ts';

const hair = '\u200A';
const on = '\u200B';
const off = '\u200C';

describe('a text that is a reaction', () => {
  const rows: [text: string, reaction: string, quote: string | null, removed?: 'removed'][] = [
    ['Liked “See you at 7”', '👍', 'see you at 7'],
    ['Loved “See you at 7”', '❤️', 'see you at 7'],
    ['Disliked “See you at 7”', '👎', 'see you at 7'],
    ['Laughed at “He said “no” twice”', '😂', 'he said"no"twice'],
    ['Emphasized “Don’t forget”', '‼️', 'don"t forget'],
    ['Emphasised “Don’t forget”', '‼️', 'don"t forget'],
    ['Questioned “7 or 8?”', '❓', '7 or 8?'],
    ['Reacted 🎉 to “We won”', '🎉', 'we won'],
    ['Reacted 👍🏽 to “We won”', '👍🏽', 'we won'],
    ['Reacted ❤ to “We won”', '❤️', 'we won'],
    ['👍 to “See you at 7”', '👍', 'see you at 7'],
    ['1️⃣ to “First?”', '1️⃣', 'first?'],
    ['Removed a like from “See you at 7”', '👍', 'see you at 7', 'removed'],
    ['Removed an exclamation from “See you”', '‼️', 'see you', 'removed'],
    ['Removed 😂 from “See you”', '😂', 'see you', 'removed'],
    ['Liked an image', '👍', null],
    ['Emphasized an image', '‼️', null],
    ['Removed a heart from an image', '❤️', null, 'removed'],
    ['Loved “One\nTwo”', '❤️', 'one two'],
    [`${hair}${on}👍${on} to “${hair}See you${hair}”${hair}`, '👍', 'see you'],
    [`${hair}Removed ${off}👍${off} from “${hair}See you${hair}”${hair}`, '👍', 'see you', 'removed'],
    [`${hair}A réagi avec ${on}😂${on} à « ${hair}À demain${hair} »${hair}`, '😂', 'à demain'],
    [`${hair}Реакция ${on}👨‍👩‍👧${on} на "${hair}Привет${hair}"${hair}`, '👨‍👩‍👧', 'привет'],
    [`${hair}“${hair}また明日${hair}”に${on}👀${on}でリアクションしました${hair}`, '👀', 'また明日'],
    ['A aimé « À demain »', '👍', 'à demain'],
    ['N’a pas aimé « Bof »', '👎', 'bof'],
    ["N'a pas aimé « Bof »", '👎', 'bof'],
    ['A ajouté un « J’adore » à « À demain ».', '❤️', 'à demain'],
    ['A retiré 😂 de « lol »', '😂', 'lol', 'removed'],
    ['Le gustó “Hola”', '👍', 'hola'],
    ['Exclamó por “Hola”', '‼️', 'hola'],
    ['Reaccionó con 🔥 a “Hola”', '🔥', 'hola'],
    ['Le encantó una imagen', '❤️', null],
    ['„Bis morgen“ ein Herz hinzugefügt', '❤️', 'bis morgen'],
    ['Gefällt: „Bis morgen“', '👍', 'bis morgen'],
    ['Ha aggiunto “Mi piace” a “Ciao”', '👍', 'ciao'],
    ['Curtiu “Oi”', '👍', 'oi'],
    ['K „Ahoj“ bylo přidáno srdíčko', '❤️', 'ahoj'],
    ['Kedveli: „Szia”', '👍', 'szia'],
    ['Очень понравилось «Привет»', '❤️', 'привет'],
    ['喜愛「你好」', '❤️', '你好'],
    ['‘“아니” “네”’에 하트 표시', '❤️', '"아니""네"'],
    ['‘내일 봐’에서 👀 표시 제거함', '👀', '내일 봐', 'removed'],
  ];
  for (const [text, reaction, quote, removed] of rows) {
    it(JSON.stringify(text), () => {
      const read = { reaction, quote, removed: removed !== undefined, isSure: true };
      expect(readReaction(text)).to.deep.equal(read);
    });
  }

  for (const text of [
    'Liked "See you at 7"',
    "Vond 'tot morgen' leuk",
    '赞了：你好',
    'Liked “Dune”, hated “Tenet”',
    'Loved a movie',
  ]) {
    it(`or one that a person could have typed: ${text}`, () => {
      expect(readReaction(text)?.isSure).to.equal(false);
    });
  }

  for (const text of [
    'Liked it a lot, see you',
    'Loved “Dune”. See you at 7?',
    'Removed a banana from “the list”',
    'Ann to “Bob”: hi',
    'He said “no”',
    '“no” he said',
    'Liked an image of you',
    'Laughed at him',
    '👍',
    '👍 to all',
    '',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => expect(readReaction(text)).to.equal(null));
  }
});

describe('the message that a reaction quotes', () => {
  const message = (id: number, text: string, more: Partial<Quotable> = {}): Quotable => {
    return { id, senderId: 1, text, hasMedia: false, ...more };
  };
  const find = (text: string, ...messages: Quotable[]) =>
    findQuoted(readReaction(text) ?? { quote: '' }, messages, 2)?.id;

  it('is the newest that reads like it on that handset', () => {
    expect(
      find('Liked “Ann: Yes”', message(3, 'Ann: Yes we can'), message(2, 'Ann: Yes'), message(1, 'Ann: Yes')),
    ).to.equal(2);
    expect(find('Liked “Yes”', message(2, 'Bob: Yes', { senderId: 2 }), message(1, 'Ann: Yes'))).to.equal(2);
    expect(find('Liked “Yes”', message(1, 'Ann: Yes'))).to.equal(undefined);
  });

  it('is one that begins like a quote that was cut', () => {
    expect(find('Liked “Ann: Meet at the…”', message(1, 'Ann: Meet at the north gate'))).to.equal(1);
    expect(find('Liked “Ann: Meet at the...”', message(1, 'Ann: Meet at the north gate'))).to.equal(1);
    expect(find('Liked “…”', message(1, 'Ann: Meet at the north gate'))).to.equal(undefined);
  });

  it('is the same in plain quotes and in others', () => {
    expect(find('Liked “Ann: It’s on – “now””', message(1, 'Ann: It\'s on - "now"'))).to.equal(1);
  });

  it('is one that went out in parts', () => {
    const long = `Ann: ${'word '.repeat(400)}end`;
    expect(find('Liked “Ann (2/2): word word word…”', message(1, long))).to.equal(1);
  });

  it('is the only one with a picture', () => {
    const picture = { hasMedia: true };
    expect(find('Liked an image', message(2, 'Ann: Hi'), message(1, 'Ann:', picture))).to.equal(1);
    expect(find('Liked an image', message(2, 'Bob:', picture), message(1, 'Ann:', picture))).to.equal(undefined);
  });
});

describe('a member’s reaction', () => {
  const quoting = memberOf({ context: { ...context, quoted: 7 } });
  const effects = (text: string, sender = quoting, flood: 'repeats' | null = null) =>
    route({ ...sceneOf({ text, sender }), flood: flood === null ? null : { kind: flood } });

  it('is kept with the message', () => {
    expect(effects('Liked “Ann: Hi”')).to.deep.equal([{ kind: 'react', messageId: 7, reaction: '👍', removed: false }]);
  });

  it('is dropped where it quotes none, but said where a person could have typed it', () => {
    expect(effects('Liked “Ann: Hi”', memberOf({}))).to.deep.equal([]);
    expect(effects('Liked "Dune"', memberOf({})).map(({ kind }) => kind)).to.deep.equal(['say']);
  });

  it('may be put on and taken off again and again', () => {
    expect(effects('Liked “Ann: Hi”', quoting, 'repeats').map(({ kind }) => kind)).to.deep.equal(['react']);
  });

  it('works in a suspended group', () => {
    expect(effects('Liked “Ann: Hi”', { ...quoting, suspended: true }).map(({ kind }) => kind)).to.deep.equal([
      'react',
    ]);
  });
});
