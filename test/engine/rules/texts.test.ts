import { expect } from 'chai';
import { countSegments } from '../../../engine/rules/segments.ts';
import type { Brand } from '../../../engine/rules/texts.ts';
import { putsOf, texts, type Wording, wide } from '../../support/text-puts.ts';

const plain: Brand = { name: 'Group Texting', support: '', terms: '' };

const names = {
  'a short name': 'Ann',
  'a name of 30 wide letters': 'W'.repeat(30),
  'a name of 30 characters that take two places each': '€'.repeat(30),
  'a name with accents outside GSM-7': 'Şükrü Çağlayan Öztürkoğlu Ağaç',
  'a name in another script': 'Группа друзей нашего города ЖЖ',
  'a name of emoji': '🎉'.repeat(30),
  'a name of emoji families': '👨‍👩‍👧‍👦'.repeat(4),
  'a name of stacked accents': `e${'\u0301'.repeat(8)}`.repeat(3),
} as const;

const keys = Object.keys(texts) as (keyof Wording)[];
const long: ReadonlySet<string> = new Set(['who', 'whoBy', 'help', 'last', 'awaitingWhole', 'bundle']);

describe('the texts', () => {
  for (const [what, name] of Object.entries(names)) {
    it(`take at most two segments each with ${what}`, () => {
      for (const key of keys.filter((one) => !long.has(one))) {
        const text = write(key, name);
        expect(countSegments(text).segments, `${key}: ${text}`).to.be.at.most(2);
      }
    });
  }

  it('are in GSM-7 where the names are', () => {
    for (const key of keys) expect(countSegments(write(key, 'Ann')).encoding, key).to.equal('GSM-7');
  });

  it('are each tried here', () => {
    expect(Object.keys(putsOf('Ann'))).to.have.members(keys);
  });

  it('name the group as it is called where that fits', () => {
    expect(texts.left({ group: 'Família 🎉' })).to.match(/^You left "Família 🎉"/);
    expect(texts.welcome({ brand: plain, group: 'Família 🎉', by: 'Ann', toOwner: false })).to.match(/to "Familia"/);
  });

  for (const key of ['welcome', 'joined', 'about', 'unknownSender', 'serviceHelp'] as const) {
    it(`say in ${key} how to get no more texts, whatever the names are`, () => {
      for (const name of Object.values(names))
        expect(write(key, name)).to.match(/STOP (ends|to get no (more )?texts from us)/);
    });
  }

  for (const key of ['welcome', 'joined', 'stopped', 'started', 'startedHere', 'about'] as const) {
    it(`name the brand in ${key}, as reviewers of campaigns ask`, () => {
      for (const name of Object.values(names)) expect(write(key, name).startsWith(`${wide.name}: `)).to.equal(true);
    });
  }

  for (const key of ['welcome', 'joined', 'about'] as const) {
    it(`say in ${key} how often texts come, what they may cost, and where help is`, () => {
      expect(write(key, 'Ann'))
        .to.match(/freq varies/i)
        .and.match(/msg&data rates may apply/)
        .and.match(/help/i);
    });
  }

  it('say in the answers to HELP and STOP whom to ask, in that to HELP where the terms are', () => {
    expect(texts.about({ brand: wide }))
      .to.include(wide.support)
      .and.to.include(wide.terms);
    expect(texts.stopped({ brand: wide })).to.include(wide.support);
  });

  it('leave out whom to ask and the terms where there are none', () => {
    expect(texts.about({ brand: plain })).not.to.include('Questions');
    expect(texts.stopped({ brand: plain })).to.match(/undo that\.$/);
  });

  for (const toOwner of [true, false]) {
    it(`welcome in one segment with a brand of 15 and a group of 20 characters, replies to ${toOwner ? 'the owner' : 'all'}`, () => {
      const brand = { ...wide, name: 'B'.repeat(15) };
      const put = { brand, group: 'G'.repeat(20), toOwner };
      for (const text of [texts.welcome({ ...put, by: '+12015550123' }), texts.joined(put)])
        expect(countSegments(text), text).to.include({ encoding: 'GSM-7', segments: 1 });
    });
  }

  it('name the terms in a welcome where there is room in its segments', () => {
    const brand = { ...plain, terms: 'https://x.example/terms' };
    const text = (by: string) => texts.welcome({ brand, group: 'Hikers', by, toOwner: false });
    expect(text('Ann')).to.match(/apply https:\/\/x\.example\/terms$/);
    expect(countSegments(text('Ann')).segments).to.equal(1);
    expect(text('Annabel Lee')).not.to.include('terms');
  });

  for (const key of ['welcome', 'joined', 'off', 'newOwner', 'ownerLost', 'suspended'] as const) {
    it(`say in ${key} how to leave, whatever the names are`, () => {
      for (const name of Object.values(names)) expect(write(key, name)).to.include('*bye');
    });
  }
});

function write(key: keyof Wording, name: string): string {
  const text = texts[key] as (put: unknown) => string;
  return text(putsOf(name)[key]);
}
