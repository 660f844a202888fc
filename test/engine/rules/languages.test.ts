import { expect } from 'chai';
import { endpoints } from '../../../api/endpoints/index.ts';
import { commands } from '../../../engine/rules/commands.ts';
import { catalogue, type ErrorToken } from '../../../engine/rules/error-catalogue.ts';
import { sayError } from '../../../engine/rules/errors.ts';
import { foldOwnWords } from '../../../engine/rules/fit.ts';
import { keywords } from '../../../engine/rules/keywords.ts';
import * as es from '../../../engine/rules/languages/es/index.ts';
import * as fr from '../../../engine/rules/languages/fr/index.ts';
import { proseTranslations, translations } from '../../../engine/rules/languages/index.ts';
import { speakIn } from '../../../engine/rules/languages/speaking.ts';
import { callSentences } from '../../../engine/rules/languages/vocabulary.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { serviceCommands } from '../../../engine/rules/service-commands.ts';
import { spokenTexts } from '../../../engine/rules/spoken.ts';
import { sayHour, sayMonth, sayTime } from '../../../engine/rules/wall-clock.ts';
import { words } from '../../../engine/rules/words.ts';
import { putsOf, texts, wide } from '../../support/text-puts.ts';

const languages = {
  es: {
    commands: es.commands,
    serviceCommands: es.serviceCommands,
    errors: es.errors,
    keywords: es.keywords,
    argumentWords: es.argumentWords,
  },
  fr: {
    commands: fr.commands,
    serviceCommands: fr.serviceCommands,
    errors: fr.errors,
    keywords: fr.keywords,
    argumentWords: fr.argumentWords,
  },
} as const;
const others = ['es', 'fr'] as const;

/** Texts that are the same in English, with the reason. */
const alike: Readonly<Record<string, string>> = {};

const rows = translations.flatMap((table) => Object.keys(table.english).map((key) => ({ key, table })));
const puts: Readonly<Record<string, unknown>> = putsOf('Ann');

/** As long as what they list. */
const lists: ReadonlySet<string> = new Set(['who', 'whoBy', 'help', 'last', 'awaitingWhole', 'bundle']);

describe('the texts in other languages', () => {
  it('are there for each of our texts', () => {
    expect(rows.map(({ key }) => key)).to.have.members(Object.keys(texts));
  });

  for (const language of others) {
    describe(`of which ${language} is one`, () => {
      for (const { key, table } of rows) {
        const write = (put: unknown) => speakIn(language, () => (table[language][key] as Write)(put));
        const english = (put: unknown) => (table.english[key] as Write)(put);

        it(`say in ${key} what the English one does`, () => {
          for (const put of variantsOf(puts[key])) {
            const marked = markedIn(put);
            const said = write(marked.put);
            const before = english(marked.put);
            const names = (text: string) => marked.marks.filter((mark) => text.includes(mark));
            expect(names(said), said).to.have.members(names(before));
            expect(commandsIn(said), said).to.have.length(commandsIn(before).length);
            for (const word of ['STOP', 'START', 'HELP'])
              expect(said.includes(word), `${word} in ${said}`).to.equal(before.includes(word));
            if (alike[key] === undefined) expect(said).not.to.equal(before);
          }
        });

        it(`fit in ${key} into two segments of GSM-7, of no more than a fifth more than the English one takes`, () => {
          for (const put of variantsOf(short(puts[key]))) {
            const said = foldOwnWords(write(put), put);
            const { encoding, segments } = countSegments(said);
            expect(encoding, said).to.equal('GSM-7');
            if (!lists.has(key)) expect(segments, said).to.be.at.most(2);
            const before = english(put).length;
            if (before > 260) expect(said.length, said).to.be.at.most(Math.max(306, before * 1.2));
          }
        });
      }

      for (const toOwner of [true, false]) {
        it(`welcomes in one segment as in English, replies to ${toOwner ? 'the owner' : 'all'}`, () => {
          const put = { brand: { ...wide, name: 'B'.repeat(15) }, group: 'G'.repeat(20), toOwner };
          for (const text of speakIn(language, () => [
            texts.welcome({ ...put, by: '+12015550123' }),
            texts.joined(put),
          ])) {
            expect(countSegments(text), text).to.deep.equal({ encoding: 'GSM-7', segments: 1 });
            expect(text).to.match(costs[language]);
          }
        });
      }

      it('says how to leave and how to end all texts, whatever the names are', () => {
        for (const name of ['W'.repeat(30), '€'.repeat(30), '\u{1F389}'.repeat(30), 'Группа друзей нашего города ЖЖ']) {
          const all = putsOf(name);
          const said = (write: () => string) => speakIn(language, write);
          const bye = languages[language].commands.bye.usage;
          for (const key of ['welcome', 'joined', 'off', 'newOwner', 'ownerLost', 'suspended'] as const)
            expect(said(() => (texts[key] as Write)(all[key]))).to.include(bye);
          for (const key of [
            'welcome',
            'joined',
            'about',
            'unknownSender',
            'stopOffered',
            'stopped',
            'askToJoin',
          ] as const)
            expect(said(() => (texts[key] as Write)(all[key]))).to.match(/STOP|START/);
        }
      });

      it('is cut short nowhere, whatever the names are', () => {
        for (const name of ['W'.repeat(30), 'Şükrü Çağlayan Öztürkoğlu Ağaç', '\u{1F389}'.repeat(30)]) {
          const all: Readonly<Record<string, unknown>> = putsOf(name);
          for (const { key } of rows) {
            if (lists.has(key) || quotes.has(key)) continue;
            const said = speakIn(language, () => (texts[key as keyof typeof texts] as Write)(all[key]));
            expect(countSegments(said).segments, `${key}: ${said}`).to.be.at.most(2);
            expect(said, key).to.not.match(/(\.\.\.|…)$/);
          }
        }
      });

      it('says every word', () => {
        const english = leavesOf(words());
        const said = speakIn(language, () => leavesOf(words()));
        expect(Object.keys(said)).to.have.members(Object.keys(english));
        const same = Object.keys(english).filter((key) => said[key] === english[key]);
        expect(same).to.have.members(sameWords[language]);
        for (const [key, word] of Object.entries(said)) if (!sentences.has(key)) checkGsm(word, key);
      });

      it('says every day and month in GSM-7, and not as in English', () => {
        for (let month = 0; month < 12; month++) {
          const day = new Date(Date.UTC(2027, month, 1 + month, 20));
          const says = () => [
            sayTime(day.getTime(), 'America/Denver', 0),
            sayMonth(day),
            sayHour(day.getTime(), 'Asia/Tokyo'),
          ];
          for (const said of speakIn(language, says)) checkGsm(said, language);
          expect(speakIn(language, says)[0]).not.to.equal(says()[0]);
        }
      });

      it('says every error', () => {
        const { errors } = languages[language];
        expect(Object.keys(errors)).to.have.members(Object.keys(catalogue));
        for (const [token, says] of Object.entries(errors)) {
          expect(says, token).not.to.equal(catalogue[token as ErrorToken].says);
          const refused = speakIn(language, () => texts.refused({ about: 'Ann', says: sayError(token as ErrorToken) }));
          expect(countSegments(refused), refused).to.deep.include({ encoding: 'GSM-7' });
          expect(refused).to.not.match(/\.\.\.$/);
        }
      });

      it('says every error of a single call, and no other', () => {
        const own = endpoints.flatMap(({ errors }) => Object.values(errors).flatMap((note) => note?.says ?? []));
        expect(Object.keys(callSentences[language])).to.have.members([...new Set(own)]);
        for (const [english, says] of Object.entries(callSentences[language])) {
          expect(says).not.to.equal(english);
          expect(namesIn(says), says).to.have.members(namesIn(english));
        }
      });

      it('says every sentence of emails and calls, with the same in it', () => {
        for (const table of proseTranslations) {
          expect(Object.keys(table[language])).to.have.members(Object.keys(table.english));
          for (const [key, english] of Object.entries(table.english as Readonly<Record<string, Write>>)) {
            const said = speakIn(language, () => (table[language][key] as Write)(allProse));
            expect(said, key).not.to.equal(english(allProse));
            const names = (text: string) => Object.values(allProse).filter((mark) => text.includes(mark));
            expect(names(said), said).to.have.members(names(english(allProse)));
          }
        }
      });

      it('names in calls the words that are keywords in it', () => {
        const said = speakIn(language, () => spokenTexts.answer({ name: 'Choir', support: '' }));
        const { stop, help } = languages[language].keywords;
        const known = (word: string) => bare(word).toUpperCase();
        const named = [...said.matchAll(/(?:palabra|mot) (\p{L}+)/gu)].map(([, word = '']) => known(word));
        expect(named).to.have.length(2);
        expect(help).to.include(named[0]);
        expect(stop).to.include(named[1]);
      });

      it('names every command, and none of its words is another or a keyword', () => {
        const table: Readonly<Record<string, Named>> = languages[language].commands;
        expect(Object.keys(table)).to.include.members(commands.map(({ word }) => word));
        checkNames(Object.values(table), language);
        for (const { word, usage, does } of commands) {
          expect(table[word]?.usage, word).not.to.equal(usage);
          expect(table[word]?.does, word).not.to.equal(does);
        }
      });

      it('names every command to the service number', () => {
        const table: Readonly<Record<string, Named>> = languages[language].serviceCommands;
        expect(Object.keys(table)).to.have.members(serviceCommands.map((row) => row.words[0] ?? 'lines'));
        checkNames(
          Object.values(table).filter(({ words: all }) => all.length > 0),
          language,
        );
      });

      it('has keywords that mean one thing each, in English too', () => {
        const meanings = new Map<string, string>();
        for (const [kind, all] of [...Object.entries(keywords), ...Object.entries(languages[language].keywords)])
          for (const word of all) {
            expect(meanings.get(word) ?? kind, word).to.equal(kind);
            expect(word).to.match(/^[A-Z ]{1,14}$/);
            meanings.set(word, kind);
          }
      });

      it('has every argument, each word of which means one thing where it may stand', () => {
        const words = languages[language].argumentWords;
        expect(Object.keys(words)).to.have.members(Object.keys(es.argumentWords));
        for (const together of [
          [words.on, words.off],
          [words.add, words.remove, words.delete],
        ]) {
          const all = together.flat();
          expect(new Set(all).size, all.join()).to.equal(all.length);
        }
      });
    });
  }
});

/** Whatever sentences of emails and calls may name. */
const allProse = {
  amount: '$10.00',
  balance: '$15.00',
  day: '2026-11-29',
  brand: 'Visa',
  last4: '4242',
  name: 'Chorus',
  support: 'help@example.com',
};

/** Words of the API, which are the same in every language. */
function namesIn(text: string): string[] {
  return text.match(/\/[a-z]+(\/[a-z]+)*|\b(sid|HTTP|id)\b|\d+/g) ?? [];
}

/** What a text may cost, as reviewers of campaigns look for it. */
const costs = { es: /Frec variable, aplican tarifas msj\/datos/, fr: /Fréq. var., frais msg\/données possibles/ };

/** These end with what somebody said, which is cut. */
const quotes: ReadonlySet<string> = new Set([
  'pinned',
  'isPinned',
  'cancelled',
  'headCountOff',
  'likes',
  'muteOver',
  'awaits',
  'awaiting',
  'declinedYours',
  'lapsed',
  'lists',
  'notTheName',
]);

type Write = (put: unknown) => string;
type Named = { words: readonly string[]; usage: string; does: string };

/** These stand within our sentences, which are folded as they are sent, and not among what is put in. */
const sentences: ReadonlySet<string> = new Set(['more', 'moreLines', 'people']);

function checkGsm(text: string, what: string): void {
  expect(countSegments(text).encoding, `${what}: ${text}`).to.equal('GSM-7');
}

/** What is the same word in English. */
const sameWords = {
  es: ['poll.no'],
  fr: ['entries.adjustment'],
} as const;

/** Each word is of one command, none is STOP or START, and the first one is shown. */
function checkNames(named: readonly Named[], language: 'es' | 'fr'): void {
  const all = named.flatMap((row) => row.words);
  expect(all.filter((word, at) => all.indexOf(word) !== at)).to.deep.equal([]);
  const { stop, start } = languages[language].keywords;
  for (const word of all) {
    expect(word).to.match(/^[a-z]{1,20}$/);
    expect([...stop, ...start, ...keywords.stop, ...keywords.start]).not.to.include(word.toUpperCase());
  }
  for (const {
    words: [first = ''],
    usage,
    does,
  } of named) {
    expect(bare(usage).replace(/^\*/, '').toLowerCase().split(' ')[0]).to.equal(first);
    expect(countSegments(bare(`${usage} ${does}`)), usage).to.deep.equal({ encoding: 'GSM-7', segments: 1 });
  }
}

function bare(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}

function commandsIn(text: string): string[] {
  return text.match(/\*\p{L}+/gu) ?? [];
}

/** The same put in with other flags, counts and lengths of lists, which some rows read. */
function variantsOf(put: unknown): unknown[] {
  if (typeof put !== 'object' || put === null) return [put];
  const others = Object.entries(put).flatMap(([key, value]) => {
    const values: unknown[] =
      typeof value === 'boolean'
        ? [!value]
        : typeof value === 'number'
          ? [0, 1]
          : Array.isArray(value)
            ? [[], value.slice(0, 1)]
            : [];
    return values.map((one) => ({ ...put, [key]: one }));
  });
  return [put, ...others];
}

/** What is put in, with a mark for each text and count, so that it is found again; enumerations stay. */
function markedIn(put: unknown): { put: unknown; marks: string[] } {
  const marks: string[] = [];
  const mark = (value: unknown, key: string): unknown => {
    if (typeof value === 'string' && key !== 'fault') {
      const said = `Q${String.fromCharCode(65 + marks.length)}`;
      marks.push(said);
      return said;
    }
    if (typeof value === 'number' && value > 1) {
      const said = 5_500 + marks.length;
      marks.push(String(said));
      return said;
    }
    if (Array.isArray(value)) return value.slice(0, 2).map((one) => mark(one, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mark(one, name)]));
  };
  return { put: mark(put, ''), marks };
}

/** What is put in, with lists of two and a brand that is not wide. */
function short(put: unknown): unknown {
  if (typeof put !== 'object' || put === null) return put;
  const entries = Object.entries(put).map(([key, value]) => {
    if (value === wide) return [key, { name: 'Group Texting', support: 'help@example.com', terms: '' }];
    return [key, Array.isArray(value) ? value.slice(0, 2) : value];
  });
  return Object.fromEntries(entries);
}

/** Each word and sentence of a table by its path; of a function what it says of marks. */
function leavesOf(table: unknown, path = ''): Record<string, string> {
  if (typeof table === 'string') return { [path]: table };
  if (typeof table === 'function') return { [path]: sayMarks(table as (...put: unknown[]) => string) };
  if (Array.isArray(table)) return { [path]: table.join() };
  const all = Object.entries(table as object).map(([key, value]) =>
    leavesOf(value, path === '' ? key : `${path}.${key}`),
  );
  return Object.assign({}, ...all);
}

function sayMarks(write: (...put: unknown[]) => string): string {
  const put = { code: 'A', what: 'B', days: 'C', hour: 'D', first: 'E' };
  const tries = [[put], [['A', 'B']], ['2', '3'], [2, 3]];
  for (const one of tries) {
    try {
      return write(...one);
    } catch {
      // It takes something else.
    }
  }
  throw new Error('nothing can be put in');
}
