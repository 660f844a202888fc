import { expect } from 'chai';
import { commandTexts } from '../../../engine/rules/commands.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { serviceHelpLines, serviceTexts } from '../../../engine/rules/service-commands.ts';
import { type Brand, texts as commonTexts } from '../../../engine/rules/texts.ts';

const texts = { ...commonTexts, ...commandTexts, ...serviceTexts };
type Wording = typeof texts;

/** As long as the settings take them. */
const wide: Brand = { name: 'B'.repeat(30), support: 's'.repeat(50), terms: `https://${'t'.repeat(56)}` };
const plain: Brand = { name: 'Group Texting', support: '', terms: '' };

type Puts = { [Key in keyof Wording]: Parameters<Wording[Key]>[0] };

const longWhen = 'every Mon and Tue and Wed and Thu at 10:00 PM GMT+10, next Wed, Nov 30, 2027, 10:00 PM GMT+10';

const longQuestion = `${'q'.repeat(119)}?`;
const longChoices = Array.from({ length: 8 }, () => 'x'.repeat(20));

/** Every letter of English, and as many of Cyrillic. */
const letters = [0x41, 0x410].flatMap((first) =>
  Array.from({ length: 26 }, (_, at) => String.fromCharCode(first + at)),
);

/** Everything that can be put into each text, with names of that form. */
function putsOf(name: string): Puts {
  const phone = '+14445556666';
  const group = name;
  const who = name;
  const many = Array.from({ length: 101 }, () => name);
  const one = { who, group };
  return {
    askToActivate: { group, members: 101, pin: '123456', hours: 72 },
    isOn: { group },
    bundle: { group, said: many },
    batched: { group },
    live: { group },
    asTheGroup: { group },
    batchesOn: { group },
    batchesOff: { group },
    notOn: { group },
    welcome: { brand: wide, group, by: name, toOwner: false },
    joined: { brand: wide, group, toOwner: false },
    newcomer: { who, group, by: name },
    newcomers: { group, who: many },
    groupEnded: { group },
    groupClosed: { group },
    pin: { pin: '123456' },
    samePin: { pin: '123456', minutes: 14 },
    scheduledTooLate: { group, when: '2026-12-31 23:59' },
    scheduledButSuspended: { group, when: '2026-12-31 23:59' },
    scheduledButPaused: { group, when: '2026-12-31 23:59' },
    scheduledButLeft: { group, when: '2026-12-31 23:59' },
    askDevice: { device: 'an Android phone', code: '1234' },
    deviceRefused: { device: 'an Android phone' },
    whichQuestion: { questions: Array.from({ length: 9 }, () => 'YES 1234 for the app on an Android phone') },
    deviceOn: { device: 'an Android phone' },
    stopped: { brand: wide },
    started: { brand: wide },
    startedHere: { brand: wide, numbers: many.map(() => phone) },
    about: { brand: wide },
    memberStopped: one,
    memberStoppedHere: one,
    memberUnreachable: one,
    unknownSender: undefined,
    comeBack: { group },
    comeBackFirst: { group, word: 'broadcast' },
    stopOffered: { group },
    stopOfferedStaged: { group },
    ownerSilent: { group },
    ownerLeft: { group },
    suspended: { group },
    paused: { group },
    tooManyTexts: { limit: 100_000 },
    autoResponder: one,
    autoResponders: { who: [name, name], group },
    left: { group },
    leftAsOwner: { group },
    alreadyLeft: { group },
    back: { group },
    alreadyHere: { group },
    on: { group },
    off: { group },
    muted: { group, hours: 168 },
    muteOver: {
      group,
      missed: 123_456,
      isMore: true,
      last: Array.from({ length: 4 }, () => `${name}: ${name} ${name}`),
    },
    who: { group, count: 102, lines: [name] },
    whoBy: { group, start: name, count: 102, lines: [name] },
    whoLetters: { group, count: 1_000, letters: letters.map((letter) => `${letter} 1000`), like: 'A' },
    whoNone: { group, start: name.slice(0, 60), letters: letters.map((letter) => `${letter} 1000`) },
    whoIsOff: { group },
    whoThisIs: { by: name, owner: name, group },
    help: { group, lines: ['*help'] },
    unknownCommand: { word: `*${name.slice(0, 20)}`, nearest: '*broadcast NAME on/off' },
    ownerOnly: { group },
    howToStop: { group },
    howToLeave: { group },
    usage: { usage: '*broadcast NAME on/off', does: 'lets a member text all, not just the owner' },
    refused: { about: name, says: 'Activate the groups that wait for a YES before you create more.' },
    noNumberFree: undefined,
    noNumberYet: { group },
    unknownMember: { name: name.repeat(2), group, nearest: name },
    addIsOff: { group },
    added: { names: many, group },
    notPairs: { wrong: many },
    nameNeeded: { phone },
    badName: { fault: 'phone' },
    removed: one,
    renamed: { name, group },
    groupRenamed: { group },
    broadcastOn: one,
    broadcastOff: one,
    toSelf: { group },
    toLeft: one,
    toOwnerOnly: { group },
    toSilent: one,
    toSent: one,
    invite: { group, code: 'c'.repeat(50), number: phone },
    noInvite: { group },
    count: { group, messages: 4_294_967_295, members: 102 },
    balance: { group, type: 'on trial', balance: '-$12345678.90', suspended: true },
    lowBalance: { balance: '-$12345678.90', suspended: true },
    noAccount: { group },
    statement: {
      month: 'September 2026',
      entries: Array.from({ length: 9 }, () => 'payments taken back -$123456.78'),
      balance: '-$123456.78',
    },
    digestOn: { group },
    digestOff: { group },
    digestNotHere: { group },
    pollAsked: { question: longQuestion, choices: longChoices },
    isAsked: { group },
    isOpen: { question: longQuestion },
    noPoll: { group },
    notYours: { group },
    notAskedHere: { group },
    noPollPictures: undefined,
    counted: { choice: 'x'.repeat(20), question: longQuestion },
    soFar: { question: longQuestion, counts: longChoices.map((one) => `${one} 102`), silent: 102, own: 'x'.repeat(20) },
    result: { question: longQuestion, counts: longChoices.map((one) => `${one} 102`), silent: 102 },
    closed: { group, who: many },
    closedFor: { group },
    questionTooLong: undefined,
    choiceTooLong: undefined,
    tooManyChoices: undefined,
    sameChoice: undefined,
    choiceIsTaken: undefined,
    pinned: { group, text: name.repeat(7).slice(0, 200) },
    isPinned: { group, text: name.repeat(7).slice(0, 200) },
    unpinned: { group },
    nothingPinned: { group },
    nothingToPin: { group },
    pinTooLong: undefined,
    nothingSaid: { group },
    nothingLiked: { group },
    likes: { group, said: Array.from({ length: 5 }, () => `+102 ${name}: ${name} ${name}`) },
    last: { said: Array.from({ length: 10 }, () => `${name}: ${name} ${name}`) },
    scheduled: { group, when: longWhen, text: name },
    noTime: { now: '10:00 PM GMT+10' },
    noPictures: undefined,
    waits: { group, when: 'Wed, Nov 30, 2027, 10:00 PM GMT+10', waiting: 101 },
    waitsByLaw: { group, when: 'Wed, Nov 30, 2027, 10:00 PM GMT+10', waiting: 101 },
    noHours: { group },
    scheduledWithoutHours: { group, when: '2026-12-31 23:59' },
    hoursAre: { group, hours: '10 to 21' },
    hoursOff: { group },
    noHoursYet: { group },
    none: { group },
    waiting: { group, lines: many.map(() => `4294967295: ${longWhen}: ${name}`) },
    noSuch: { group, id: '429496729500000' },
    cancelled: { group, text: name },
    zoneIs: { group, zone: 'America/Argentina/ComodRivadavia', time: '10:00 PM GMT+10' },
    zoneSet: { group, zone: 'America/Argentina/ComodRivadavia', time: '10:00 PM GMT+10' },
    noZone: { typed: 'x'.repeat(40) },
    digest: { group, id: 4_294_967_295, delivered: 100, failed: many, optedOut: 100, open: 100, silent: 100 },
    offered: one,
    offer: { by: name, group },
    offerToSelf: { group },
    nowCoOwner: { by: name, group },
    shared: one,
    unshared: one,
    isOwner: one,
    isCoOwner: one,
    noCoOwner: one,
    owners: { group, who: many },
    offerCannot: one,
    putOn: { name, group, who: many },
    takenOff: { name, group, who: many },
    listDeleted: { name, group },
    listed: { name, group, who: many },
    listEmpty: { name, group },
    lists: { group, all: many.slice(0, 20).map((one) => `${Array.from(one).slice(0, 20).join('')} (101)`) },
    noLists: { group },
    noSuchList: { name, group },
    goneFromList: one,
    tooManyLists: { group },
    isTooLong: { name, group },
    isMember: { name, group },
    isTaken: { name, group },
    listIsOwners: { name, group },
    nobodyListed: { name, group },
    saidToList: { name, group, count: 101 },
    memberNotList: one,
    waitsForOwner: { group },
    tooManyAwait: { group },
    ownersAsk: { group },
    awaits: { ...one, id: 429496729500000, text: name, media: ['a', 'b'] },
    awaiting: { group, lines: many.map(() => `429496729500000: ${name}: ${name}`) },
    awaitingWhole: { ...one, id: 429496729500000, text: name, media: [] },
    noneAwaiting: { group, isOn: false },
    notAwaiting: { group, id: 429496729500000 },
    approvalOn: { group },
    approvalOff: { group, waiting: 2 },
    approvalNotHere: { group },
    approved: one,
    approvedForLater: one,
    approvedYours: one,
    declinedIt: one,
    declinedYours: { ...one, text: name },
    lapsed: { group, text: name },
    speakerGone: one,
    isOnAsked: { group },
    askToJoin: { brand: wide, group, by: name, name, code: '1234' },
    notJoined: { group },
    asked: { names: many, group },
    accountChanged: { brand: wide, changes: ['password', 'e-mail address', 'card'] },
    loggedOut: undefined,
    offerLost: { group },
    offerByUs: { group },
    offerLater: { group },
    notOffered: { group },
    declined: { group },
    offerDeclined: one,
    nowYours: { group },
    newOwner: one,
    ownerLost: one,
    deleted: { group },
    notTheName: { group },
    serviceHelp: { lines: serviceHelpLines() },
    joinHow: undefined,
    joinName: { group, code: 'c'.repeat(50) },
    noSuchCode: { code: 'c'.repeat(50) },
    alreadyIn: { group, number: phone },
    myGroups: { groups: many.map((of) => `${of} ${phone} (left)`) },
    newHow: undefined,
    draftBegun: { group },
    draftOpen: { group, members: 101 },
    draftGrows: { group, added: many, wrong: many, members: 101 },
    draftDropped: { group },
    draftLapsed: { group },
    noDraft: undefined,
  };
}

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
