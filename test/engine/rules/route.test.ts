import { expect } from 'chai';
import fc from 'fast-check';
import type { Effect } from '../../../engine/rules/effects.ts';
import type { Facts } from '../../../engine/rules/facts.ts';
import { keywordOf, keywords } from '../../../engine/rules/keywords.ts';
import { cleanMessage } from '../../../engine/rules/names.ts';
import { route, type Scene, type Sender } from '../../../engine/rules/route.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { readErrand } from '../../../engine/rules/service.ts';
import type { Group, Member, Roster } from '../../../engine/rules/types.ts';

const facts: Facts = {
  now: Date.UTC(2026, 0, 1),
  phones: { defaultRegion: 'US', allowedCountries: ['US', 'CA'] },
  serviceNumber: '+12015551000',
  maxMembers: 102,
  messages: 7,
  account: { type: 'T', balance: 500, suspended: false },
  month: { name: 'January 2026', sums: { segments: -3 } },
  offer: null,
  newCode: 'abcdefghjk',
};

describe('a text that comes in', () => {
  it('is obeyed where it is a keyword, from whomever, whatever else holds', () => {
    for (const sender of senders({})) {
      expect(kinds({ text: 'Stop!', sender })).to.deep.equal(['block', 'answer']);
      expect(kinds({ text: 'STOP', sender, blocked: true })).to.deep.equal([]);
      expect(kinds({ text: 'help', sender, blocked: true })).to.deep.equal([]);
      expect(kinds({ text: 'Resume', sender, blocked: true })).to.deep.equal(['unblock', 'answer']);
      expect(kinds({ text: 'STOP', sender, excess: { kind: 'repeats' } })).to.deep.equal(['block', 'answer']);
    }
  });

  it('is not answered by us where the carrier has answered', () => {
    const [sender] = senders({});
    expect(kinds({ text: 'cancel please', sender, intent: 'optout' })).to.deep.equal(['block']);
    expect(kinds({ text: 'go', sender, intent: 'optin', blocked: true })).to.deep.equal(['unblock']);
    expect(kinds({ text: 'help', sender, intent: 'help' })).to.deep.equal([]);
  });

  it('is the answer to a question only while that is open', () => {
    const open = memberOf({ facts: { ...facts, offer: { groupId: 1, membershipId: 2, by: 11 } } });
    expect(kinds({ text: 'Yes', sender: open })).to.deep.equal(['acceptOwner']);
    expect(kinds({ text: 'no.', sender: open })).to.deep.equal(['declineOwner', 'answer']);
    expect(kinds({ text: 'yes indeed', sender: open })).to.deep.equal(['say']);
    expect(kinds({ text: 'Yes', sender: memberOf({}) })).to.deep.equal(['say']);
  });

  const runs = Number(process.env.FUZZ_RUNS ?? 20_000);
  it(`never throws, delivers no keyword, and has no text over the limits: ${runs} random and mutated texts`, function () {
    this.timeout(runs * 10);
    const everybody = [
      ...senders({}),
      ...senders({ left: true }),
      ...senders({ owner: true }),
      ...senders({ reply: true }),
    ];
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
    let slowest = { ms: 0, text: '' };
    fc.assert(
      fc.property(wildText, fc.nat(), fc.boolean(), (typed, pick, blocked) => {
        const text = cleanMessage(typed);
        const sender = withErrand(everybody[pick % everybody.length] as Sender, text);
        const began = performance.now();
        const effects = route(sceneOf({ text, sender, blocked }));
        const ms = performance.now() - began;
        if (ms > slowest.ms) slowest = { ms, text };
        for (const effect of effects) check(effect, text, blocked);
      }),
      { numRuns: runs, seed },
    );
    // A catastrophic pattern takes seconds or for ever; a busy machine does not.
    expect(slowest.ms, `the slowest of seed ${seed}: ${slowest.text.slice(0, 200)}`).to.be.below(500);
  });

  it('takes hardly longer for each letter of a long text than of a short one', () => {
    for (const [what, piece] of [
      ['stars', '*'],
      ['brackets', '('],
      ['digits', '1'],
      ['numbers', '(212) 555-0100 '],
      ['pairs', 'Bob 212-555-0100,'],
      ['quotes', '“'],
      ['dots', '.'],
      ['spaces', ' '],
      ['accents', '\u0301'],
      ['words', 'to '],
    ] as const) {
      for (const start of ['', '*add ', '*to ', '*name ', '*x']) {
        const [short, long] = [500, 10_000].map((length) => {
          const text = cleanMessage(start + piece.repeat(length / piece.length));
          const times = Array.from({ length: 5 }, () => timeOf(() => route(sceneOf({ text, sender: memberOf({}) }))));
          return Math.min(...times);
        });
        // 20 times as long; linear is 20, quadratic 400. Short times are noise.
        expect((long ?? 0) / Math.max(short ?? 0, 0.2), `${start}${what}`).to.be.below(150);
      }
    }
  });
});

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function check(effect: Effect, text: string, blocked: boolean): void {
  if (effect.kind === 'say') {
    const keyword = keywordOf(text);
    const isWord = keyword === 'start' && !blocked;
    expect(keyword === null || isWord, 'a keyword is delivered').to.equal(true);
    if (!/^[*＊﹡∗]/u.test(text)) expect(effect.text).to.match(/^(Ann|Bob|Cy Young): ?/u);
  }
  if (effect.kind === 'answer' || effect.kind === 'hint' || effect.kind === 'tellOwner') {
    if (/^(Commands in|"[^"]*" has \d+ p)/.test(effect.text)) return;
    expect(countSegments(effect.text).segments, effect.text).to.be.at.most(2);
  }
  if (effect.kind === 'add' || effect.kind === 'setMember') {
    const name = effect.kind === 'add' ? effect.name : effect.patch.name;
    if (name) expect(Array.from(name).length).to.be.within(1, 30);
  }
}

const command = fc.constantFrom(
  ...'help who add remove name bye hi on off mute to invite group broadcast count balance statement digest owner delete new done groups join'.split(
    ' ',
  ),
);
const oddity = fc.constantFrom(
  '🎉',
  '👨‍👩‍👧‍👦',
  '\u202Eabc',
  '\u200B',
  '\u200D',
  '\uFE0F',
  'e\u0301\u0301',
  '\0',
  '\u0007',
  '＊',
  '*',
  '“',
  '”',
  '(212) 555-0100',
  '+12125550100',
  'Ann',
  'Bob',
  'Cy Young',
  'שלום',
  '\uD800',
  '\uDC00',
  '\n',
  '\r\n',
  '\u2028',
  '   ',
  ',',
  ':',
  '.',
  'STOP',
  'stop',
  'on',
  'off',
  '3',
  '%s',
  '$x',
  '\\',
  "'; --",
);
const keyword = fc.constantFrom(...keywords.stop, ...keywords.start, ...keywords.help, 'Yes', 'No', 'JOIN hikers Eve');
const wildText = fc.oneof(
  { weight: 3, arbitrary: fc.array(oddity, { maxLength: 12 }).map((parts) => parts.join('')) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(command, fc.array(oddity, { maxLength: 8 }))
      .map(([word, rest]) => `*${word} ${rest.join(' ')}`),
  },
  { weight: 2, arbitrary: fc.tuple(oddity, keyword, oddity).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: keyword },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(command, fc.string({ unit: 'grapheme', maxLength: 80 }))
      .map(([word, rest]) => `* ${word}${rest}`),
  },
);

function kinds(scene: Omit<Partial<Scene>, 'sender'> & { text: string; sender: Sender | undefined }): string[] {
  return route(sceneOf({ ...scene, sender: scene.sender ?? { kind: 'stranger' } })).map(({ kind }) => kind);
}

function sceneOf({ text, sender, ...more }: Partial<Scene> & { text: string; sender: Sender }): Scene {
  return { said: { text, media: [], cc: false }, sender, blocked: false, intent: null, excess: null, ...more };
}

type As = { left?: boolean; owner?: boolean; reply?: boolean; facts?: Facts };

function senders(as: As): Sender[] {
  return [
    memberOf(as),
    { ...memberOf(as), suspended: true } as Sender,
    { kind: 'creator', group: 'Hikers' },
    { kind: 'stranger' },
    withErrand({ kind: 'service' } as Sender, '', as.owner ?? false),
  ];
}

function memberOf({
  left = false,
  owner = false,
  reply = false,
  facts: known = facts,
}: As): Extract<Sender, { kind: 'member' }> {
  const roster = rosterOf(reply);
  const [ann, bob] = roster.members as [Member, Member];
  return {
    kind: 'member',
    standing: { roster, member: { ...(owner ? ann : bob), left } },
    suspended: false,
    facts: known,
  };
}

/** Whoever texts the service number wants what their text says. */
function withErrand(sender: Sender, text: string, drafting = true): Sender {
  if (sender.kind !== 'service') return sender;
  const draft = drafting ? { group: 'Chess', members: [{ name: 'Bob', phone: '+12125550111' }], version: 1 } : null;
  const caller = {
    errand: readErrand(text),
    phone: '+12125550112',
    name: 'Eve',
    phones: facts.phones,
    maxMembers: 102,
    invited: rosterOf(false),
    draft,
    draftLapsed: false,
    device: null,
    groups: [{ name: 'Hikers', number: '+12015551001', left: false }],
  };
  return { kind: 'service', caller };
}

function rosterOf(replyToOwner: boolean): Roster {
  const group: Group = {
    id: 1,
    name: 'Hikers',
    number: '+12015551001',
    ownerPersonId: 11,
    version: 1,
    notifyOnAdd: false,
    replyToOwner,
    disableWho: false,
    disableAdd: false,
    isPublic: false,
    inviteCode: null,
    description: null,
    digest: false,
  };
  const members = ['Ann', 'Bob', 'Cy Young'].map(
    (name, at): Member => ({
      id: at + 1,
      personId: at + 11,
      phone: `+1212555020${at}`,
      numberId: 1,
      number: '+12015551001',
      name,
      owner: at === 0,
      broadcast: false,
      left: false,
      sms: 1,
      smsChosen: 1,
      mutedUntil: null,
      blocked: false,
    }),
  );
  return { group, members };
}
