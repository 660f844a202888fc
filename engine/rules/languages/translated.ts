import type { AccountType, EntryKind } from '../money.ts';
import type { NameFault } from '../names.ts';

/** Texts by their keys, each written of what is put in. */
export type AnyTable = Readonly<Record<string, (put: never) => string>>;

/** A table in another language: the same keys, and the same is put in. */
export type Translated<Table> = { readonly [Key in keyof Table]: Table[Key] };

/** The words that are put into texts, and what is said the same in many of them. */
export type Words = {
  /** For Intl, which knows months and weekdays. */
  locale: string;
  owner: string;
  coOwner: string;
  /** Of a member who left the group; and of who reads it. */
  left: string;
  youLeft: string;
  /** How an account pays. */
  account: Readonly<Record<AccountType, string>>;
  /** Why a line of a group that is made by text was not taken. */
  notAdded: Readonly<
    Record<'noName' | 'badName' | 'longName' | 'sameName' | 'ownName' | 'samePhone' | 'ownPhone' | 'full', string>
  >;
  /** What a name cannot do. */
  nameFaults: Readonly<Record<NameFault, string>>;
  devices: Readonly<Record<'iphone' | 'iphone_no_notify' | 'android', string>>;
  theAppOn: (device: string) => string;
  /** How one of several questions is answered. */
  yesFor: (put: { code: string; what: string }) => string;
  accountChanges: Readonly<Record<'password' | 'email' | 'card' | 'key', string>>;
  /** What money moved for, by kind of entry. */
  entries: Readonly<Record<EntryKind, string>>;
  people: (count: number) => string;
  /** The end of a list that is longer than what is shown of it. */
  more: (shown: string, count: number) => string;
  /** The same as a line of its own. */
  moreLines: (count: number) => string;
  pictures: (count: number) => string;
  /** In an alert, which shows none of them. */
  attachments: (count: number) => string;
  /** Behind the number of a text that waits, and asks who comes. */
  headCount: string;
  picture: string;
  /** The choices of a poll that names none. */
  poll: Readonly<Record<'yes' | 'no' | 'maybe', string>>;
  hours: (from: string, until: string) => string;
  /** Short, Sunday first. */
  days: readonly string[];
  everyDay: string;
  everyWeekday: string;
  every: (days: readonly string[]) => string;
  repeated: (put: { days: string; hour: string; first: string }) => string;
};

/** How commands are called, by their English words: the first of the words is the one that is shown. */
export type CommandNames = Readonly<Record<string, { words: readonly string[]; usage: string; does: string }>>;

/** Words that are a whole text, beside the English ones. In capitals and without accents. */
export type KeywordTable = Readonly<Record<'stop' | 'start' | 'help' | 'yes' | 'no' | 'send', readonly string[]>>;

/** Days of the week as they are typed: patterns of lower-case words without accents. */
export type DayWords = {
  day: string;
  weekday: string;
  /** Whole, Sunday first; as much as three letters of one is enough. */
  days: readonly string[];
  and: string;
};

/** How a time is typed: patterns of lower-case words without accents. */
export type TimeWords = DayWords & {
  /** What may stand in front of a time. */
  before: string;
  every: string;
  /** What stands alone for `every day`, and for `every weekday`. */
  daily: string;
  weekly: string | null;
  at: string;
  /** The time of day after the days of a repeat. */
  time: string;
  /** Times of day that the library does not read, as `clockIn` of spoken-times.ts has them. */
  clock: string | null;
  dayAfterTomorrow: string | null;
};
