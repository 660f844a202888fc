import { expect } from 'chai';
import { findMember, nearestName, readAddressee } from '../../../engine/rules/addressee.ts';
import { commands, isCommand, requiredDataOf } from '../../../engine/rules/commands.ts';
import { sumUp } from '../../../engine/rules/digest.ts';
import { editDistance } from '../../../engine/rules/distance.ts';
import { fitToSegments, list } from '../../../engine/rules/fit.ts';
import { findHeir } from '../../../engine/rules/membership.ts';
import { readPairs } from '../../../engine/rules/pairs.ts';
import { priceOf } from '../../../engine/rules/price.ts';
import { readServiceText, serviceCommands } from '../../../engine/rules/service-commands.ts';
import type { Member, Roster } from '../../../engine/rules/types.ts';
import { context, memberOf, rosterOf, serviceSenderOf } from '../../support/scenes.ts';

const { phones } = context;

describe('the table of commands', () => {
  it('has each word once, and a usage that begins with it', () => {
    const words = commands.map(({ word }) => word);
    expect(new Set(words).size).to.equal(words.length);
    for (const { word, usage } of commands) expect(usage.split(' ')[0]).to.equal(`*${word}`);
  });

  it('has every command of the contract, and ours', () => {
    const wanted =
      'help who add remove name bye hi on off mute to invite group broadcast count balance statement digest owner owners accept logout delete schedule schedules zone hours poll rsvp pinned last likes pin unpin approval approve decline list lists batch live batches forward language';
    expect(commands.map(({ word }) => word)).to.have.members(wanted.split(' '));
  });

  for (const [text, is] of [
    ['*who', true],
    ['  *who', true],
    ['＊who', true],
    ['﹡ who', true],
    ['∗who', true],
    ['⁎who', true],
    ['٭who', true],
    ['who*', false],
    ['"*who"', false],
    ['', false],
  ] as const) {
    it(`${is ? 'takes' : 'does not take'} ${JSON.stringify(text)} for a command`, () => {
      expect(isCommand(text)).to.equal(is);
    });
  }

  it('asks for what it needs, and for nothing else', () => {
    const { membership: ann } = memberOf({});
    expect(requiredDataOf('* COUNT.', ann)).to.equal('messages');
    expect(requiredDataOf('*statement', ann)).to.equal('month');
    expect(requiredDataOf('*who', ann)).to.equal(null);
    expect(requiredDataOf('count', ann)).to.equal(null);
  });
});

describe('names and numbers as people type them', () => {
  const bob = { name: 'Bob', phone: '+12125550100' };
  const sue = { name: 'Sue', phone: '+12125550101' };
  for (const [text, pairs, wrong] of [
    ['Bob 2125550100', [bob], []],
    ['Bob (212) 555-0100', [bob], []],
    ['Bob 212.555.0100', [bob], []],
    ['Bob +1 212 555 0100', [bob], []],
    ['Bob: 212–555–0100', [bob], []],
    ['Bob (212)555-0100.', [bob], []],
    ['Bob (2125550100)', [bob], []],
    ['(2125550100) Bob', [bob], []],
    ['2125550100 - “Bob”', [bob], []],
    ['Bob 2125550100 and Sue 2125550101', [bob, sue], []],
    ['Bob 2125550100, and Sue 2125550101', [bob, sue], []],
    ['“Bob” the Builder 2125550100', [{ ...bob, name: '“Bob” the Builder' }], []],
    ['“Bob” 2125550100', [bob], []],
    ['2125550100 Bob', [bob], []],
    ['Bob, 2125550100', [bob], []],
    ['Bob 2125550100, Sue 212-555-0101', [bob, sue], []],
    ['Bob 2125550100 Sue 2125550101', [bob, sue], []],
    ['Bob 2125550100; Sue 2125550101', [bob, sue], []],
    ['Bob 2125550100\nSue 2125550101', [bob, sue], []],
    ['Bob, 2125550100, Sue, 2125550101', [bob, sue], []],
    ['2125550100, Bob\n2125550101, Sue', [bob, sue], []],
    ['2125550100, Sue 2125550101', [{ ...bob, name: null }, sue], []],
    ['Bob 2 2125550100', [{ ...bob, name: 'Bob 2' }], []],
    ['Mary Jo Lee 2125550100', [{ ...bob, name: 'Mary Jo Lee' }], []],
    ['2125550100', [{ ...bob, name: null }], []],
    ['“, 2125550100', [{ ...bob, name: null }], []],
    ['Bob', [], ['Bob']],
    ['Bob 555', [], ['Bob 555']],
    ['Bob, Sue 2125550101', [sue], ['Bob']],
    ['Bob 2125550100 please', [], ['Bob 2125550100 please']],
    ['Bob +442079460000', [], ['Bob +442079460000']],
    ['', [], []],
    [' , ;\n', [], []],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(readPairs(text, phones)).to.deep.equal({ pairs, wrong });
    });
  }
});

describe('whom a text is for', () => {
  const roster = rosterOf(['Ann', 'Ann Lee', 'Bob', null]);
  for (const [text, to, words] of [
    ['Bob hello', 3, 'hello'],
    ['bob: hello', 3, 'hello'],
    ['Bob,hello', 3, 'hello'],
    ['Ann Lee called', 2, 'called'],
    ['Ann called Lee', 1, 'called Lee'],
    ['“Ann Lee” called', 2, 'called'],
    ['(212) 555-0203 hi', 4, 'hi'],
    ['Bob', 3, ''],
    ['Bob one\ntwo', 3, 'one\ntwo'],
    ['Zed hello', null, ''],
    ['', null, ''],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const found = readAddressee(roster, text, phones);
      expect(found?.member.id ?? null).to.equal(to);
      if (found !== null) expect(found.words).to.equal(words);
    });
  }

  it('finds by name in any case, by number, and says who is near', () => {
    expect(findMember(roster, 'BOB', phones)?.id).to.equal(3);
    expect(findMember(roster, '+12125550202', phones)?.id).to.equal(3);
    expect(findMember(roster, 'nobody', phones)).to.equal(undefined);
    expect(nearestName(roster, 'Bop')).to.equal('Bob');
    expect(nearestName(roster, 'Maximilian')).to.equal(null);
    expect(editDistance('kitten', 'sitting')).to.equal(3);
  });
});

describe('a text to the service number', () => {
  it('is read by rows: each word once, a usage that begins with it, and two rows for what is no command', () => {
    const words = serviceCommands.flatMap((row) => row.words);
    expect(new Set(words).size).to.equal(words.length);
    expect(words).to.include.members(['join', 'new', 'done', 'cancel', 'groups', 'help']);
    for (const { words, starless, usage } of serviceCommands) {
      const [first = usage.split(' ')[0]] = words.map((word) => (starless === true ? word.toUpperCase() : `*${word}`));
      expect(usage.split(' ')[0]).to.equal(first);
      if (words.length > 0) expect(readServiceText(usage).usage).to.equal(usage);
    }
    expect(readServiceText('*unknown').usage).to.equal('*help');
    expect(readServiceText('Bob 2125550100').usage).to.equal('NAME NUMBER');
  });

  it('that asks for help hears every row that does not belong to a draft', () => {
    const sender = serviceSenderOf('', false);
    const [answer] = readServiceText('*help').run(sender.context);
    const text = answer?.kind === 'answer' ? answer.text : '';
    for (const { usage, does, whileDrafting, isUnlisted } of serviceCommands.filter((row) => row.usage !== '*help'))
      expect(text.includes(`${usage} ${does}.`), usage).to.equal(!whileDrafting && !isUnlisted);
  });

  for (const [text, usage, args] of [
    ['JOIN hikers Eve', 'JOIN CODE NAME', { code: 'hikers', name: 'Eve' }],
    ['join HIKERS', 'JOIN CODE NAME', { code: 'HIKERS', name: null }],
    ['*join “hikers” “Eve Stone”', 'JOIN CODE NAME', { code: 'hikers', name: 'Eve Stone' }],
    ['Join', 'JOIN CODE NAME', { code: '', name: null }],
    ['joining soon', 'NAME NUMBER', { text: 'joining soon', done: false }],
    ['*new Book Club', '*new GROUP NAME', { group: 'Book Club', text: '', done: false }],
    ['＊NEW “Book Club”', '*new GROUP NAME', { group: 'Book Club', text: '', done: false }],
    ['*new “Book” Club', '*new GROUP NAME', { group: '“Book” Club', text: '', done: false }],
    ['*new\nBook Club', '*new GROUP NAME', { group: 'Book Club', text: '', done: false }],
    ['*new Club\nBob 2125550100\n*done', '*new GROUP NAME', { group: 'Club', text: 'Bob 2125550100', done: true }],
    ['*groups', '*groups', {}],
    ['* Done.', '*done', {}],
    ['LANGUAGE français', '*language español', { typed: 'français' }],
    ['Language: Spanish.', '*language español', { typed: 'Spanish.' }],
    ['language off', '*language español', { typed: 'off' }],
    ['IDIOMA español', '*language español', { typed: 'español' }],
    ['Idioma no', '*language español', { typed: 'no' }],
    ['LANGUE français', '*language español', { typed: 'français' }],
    ['Lang 2125550100', 'NAME NUMBER', { text: 'Lang 2125550100', done: false }],
    ['Lang Fr 2125550100', 'NAME NUMBER', { text: 'Lang Fr 2125550100', done: false }],
    ['language barrier', 'NAME NUMBER', { text: 'language barrier', done: false }],
    ['Language', 'NAME NUMBER', { text: 'Language', done: false }],
    ['done', 'NAME NUMBER', { text: 'done', done: false }],
    ['*cancel', '*cancel', {}],
    ['Bob 2125550100', 'NAME NUMBER', { text: 'Bob 2125550100', done: false }],
    ['Bob 2125550100\n ＊ Done. ', 'NAME NUMBER', { text: 'Bob 2125550100', done: true }],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(readServiceText(text)).to.deep.include({ usage, args });
    });
  }
});

describe('what became of a broadcast', () => {
  it('counts each member once, by the worst of the parts', () => {
    const outcome = (who: string, states: string, reason: string | null = null) => ({ who, states, reason });
    const sums = sumUp([
      outcome('Ann', 'delivered'),
      outcome('Bob', 'delivered,failed', 'carrier error 50'),
      outcome('Cy', 'undelivered', 'carrier error 30'),
      outcome('Di', 'failed', 'opted out'),
      outcome('Ed', 'skipped', 'blocked'),
      outcome('Flo', 'skipped', 'muted'),
      outcome('Gus', 'skipped', 'gone'),
      outcome('Hal', 'sent'),
      outcome('Ida', 'delivered,queued'),
    ]);
    expect(sums).to.deep.equal({ delivered: 1, failed: ['Bob', 'Cy'], optedOut: 2, open: 2, silent: 1 });
  });
});

describe('a lost owner', () => {
  it('passes to the first member who may broadcast', () => {
    const roster = rosterOf(['Ann', 'Bob', 'Cy', 'Di']);
    const as = (changes: Partial<Member>[]): Roster => ({
      ...roster,
      members: roster.members.map((member, at) => ({ ...member, ...changes[at] })),
    });
    expect(findHeir(as([]))).to.equal(undefined);
    expect(findHeir(as([{}, {}, { broadcast: true }, { broadcast: true }]))?.name).to.equal('Cy');
    expect(
      findHeir(as([{ broadcast: true }, { broadcast: true, left: true }, { broadcast: true, blocked: true }])),
    ).to.equal(undefined);
  });
});

describe('the price of a text', () => {
  const prices = { pricePerSegment: 1, pricePerMms: 3 };
  for (const [what, text, media, price] of [
    ['one segment', 'x'.repeat(160), [], { segments: 1, cost: 1 }],
    ['two segments', 'x'.repeat(161), [], { segments: 2, cost: 2 }],
    ['two parts', 'word '.repeat(400).trim(), [], { segments: 14, cost: 14 }],
    ['a picture', 'Look', ['https://media.example/1'], { segments: 1, cost: 3 }],
  ] as const) {
    it(`of ${what}`, () => {
      expect(priceOf({ text, media, ...prices })).to.deep.equal(price);
    });
  }
});

describe('a text of ours that is too long', () => {
  it('keeps a name that fits, takes its accents off where not, and cuts it last', () => {
    const write = (words: string) => (put: { name: string }) => `${put.name}: ${words}`;
    expect(fitToSegments(write('hello'), { name: 'Şükrü 🎉' })).to.equal('Şükrü 🎉: hello');
    expect(fitToSegments(write('x'.repeat(200)), { name: 'Şükrü 🎉' })).to.match(/^Sükrü: x/);
    expect(fitToSegments(write('x'.repeat(285)), { name: 'W'.repeat(30) })).to.match(/^W{14}\.\.: x{285}$/);
  });

  it('says how many more there are of a list', () => {
    expect(list(['Ann', 'Bob', 'Cy'], 100)).to.equal('Ann, Bob, Cy');
    expect(list(['Ann', 'Bob', 'Cy', 'Di'], 10)).to.equal('Ann, Bob and 2 more');
    expect(list([], 10)).to.equal('');
  });
});
