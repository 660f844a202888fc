import { words as es } from './languages/es/words.ts';
import { words as fr } from './languages/fr/words.ts';
import type { Language } from './languages/language.ts';
import { spokenLanguage } from './languages/speaking.ts';
import type { Words } from './languages/translated.ts';

/** The words that are put into our texts, in the language that is spoken. */
export function words(): Words {
  return tables[spokenLanguage()];
}

/** How people call a kind of entry in the ledger. */
export function nameEntry(kind: string): string {
  const { entries } = words();
  return entries[kind as keyof typeof entries] ?? kind;
}

const english: Words = {
  locale: 'en-US',
  owner: 'owner',
  coOwner: 'co-owner',
  left: 'left',
  youLeft: 'left',
  account: { F: 'free', T: 'on trial', P: 'paid' },
  notAdded: {
    noName: 'no name',
    badName: 'no name for a person',
    longName: 'name too long',
    sameName: 'name is in it',
    ownName: 'your own name',
    samePhone: 'number is in it',
    ownPhone: 'your own number',
    full: 'group is full',
  },
  nameFaults: {
    star: 'start with a star, or it would read as a command',
    phone: 'be a phone number, or texts to it could reach someone else',
    colon: 'have a colon in it, or what follows would read as a text',
    address: 'have a web address in it',
  },
  devices: { iphone: 'an iPhone', iphone_no_notify: 'an iPhone', android: 'an Android phone' },
  theAppOn: (device) => `the app on ${device}`,
  yesFor: ({ code, what }) => `YES ${code} for ${what}`,
  accountChanges: { password: 'password', email: 'e-mail address', card: 'card', key: 'API key' },
  entries: {
    trial: 'trial credit',
    grant: 'credit',
    adjustment: 'corrections',
    segments: 'texts',
    refund: 'texts given back',
    charge: 'card payments',
    payment_refund: 'payments refunded',
    payment_failed: 'payments failed',
    dispute: 'payments disputed',
  },
  people: (count) => (count === 1 ? '1 person' : `${count} people`),
  more: (shown, count) => `${shown} and ${count} more`,
  moreLines: (count) => `and ${count} more`,
  pictures: (count) => (count === 1 ? '1 picture' : `${count} pictures`),
  attachments: (count) => (count === 1 ? '1 attachment' : `${count} attachments`),
  picture: 'picture',
  headCount: '*rsvp',
  poll: { yes: 'yes', no: 'no', maybe: 'maybe' },
  hours: (from, until) => `${from} to ${until}`,
  days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  everyDay: 'every day',
  everyWeekday: 'every weekday',
  every: (days) => `every ${days.join(' and ')}`,
  repeated: ({ days, hour, first }) => `${days} at ${hour}, next ${first}`,
};

const tables: Readonly<Record<Language, Words>> = { en: english, es, fr };
