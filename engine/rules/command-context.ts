import type { GroupList } from './lists.ts';
import type { AccountType } from './money.ts';
import type { PhoneSettings } from './phone.ts';
import type { OpenPoll, Vote } from './polls.ts';
import type { Repeat } from './repeats.ts';

/** What a text can ask for beyond its group's roster; loaded only for the texts that ask for it. */
export type RequiredData =
  | 'messages'
  | 'account'
  | 'month'
  | 'offer'
  | 'code'
  | 'quoted'
  | 'held'
  | 'schedules'
  | 'awaiting'
  | 'lists'
  | 'votes'
  | 'headCount'
  | 'recent'
  | 'arrival';

/** What is known besides who said what where. What a text did not ask for is null. */
export type CommandContext = {
  /** Epoch milliseconds. */
  now: number;
  phones: PhoneSettings;
  /** Of phones whose area code says nothing; IANA. */
  defaultZone: string;
  /** The law’s hours for texts that sell hold, whatever is urgent. */
  legalHours: boolean;
  serviceNumber: string;
  maxMembers: number;
  /** How many calls a day a group may have forwarded. */
  forwardedCalls: number;
  /** Who is added is asked first. */
  asksFirst: boolean;
  /** How many messages the member can read. */
  messages: number | null;
  /** The account that pays for the group; null also where its owner has none. */
  account: { type: AccountType; balance: number; suspended: boolean } | null;
  /** What this account was charged since the beginning of the month, in UTC. */
  month: Month | null;
  /** The member was asked to take the group over and has not answered yet. */
  offer: Offer | null;
  /** The row of the message that the text, a reaction, quotes. */
  quoted: number | null;
  /** A text of the member that we held back, because it seemed to mean STOP. */
  held: string | null;
  /** What waits in the group for its time, the next one first. */
  schedules: readonly Waiting[] | null;
  /** What waits in the group for an owner’s approval, the oldest first. */
  awaiting: readonly Awaiting[] | null;
  /** The lists of the group. */
  lists: readonly GroupList[] | null;
  /** The question to the group that is open. */
  poll: OpenPoll | null;
  /** The answers to it, and how often somebody answered until they were read. */
  votes: { count: number; votes: readonly Vote[] } | null;
  /** The newest messages that the member may read, newest first. */
  recent: readonly RecentMessage[] | null;
  /** How the member came into the group, where the text asks who we are. */
  arrival: Arrival | null;
  /** An invite code that nobody has, for a group without one. */
  newCode: string | null;
};

/** A message as it was delivered. It is for all members, or for its two ends alone; `likes` counts reactions of every kind. */
export type RecentMessage = {
  senderId: number | null;
  text: string;
  hasMedia: boolean;
  forAll: boolean;
  likes: number;
};

/** How somebody came into the group; `byId` is the person who put them in, null where that is not known. */
export type Arrival = { joinedAt: number; byId: number | null; hasSpoken: boolean };

/** A message that waits for its time. */
export type Waiting = {
  id: number;
  text: string;
  media: readonly string[];
  sendAt: Date;
  repeat: Repeat | null;
  /** At its time it asks who comes. */
  headCount?: true;
};

/** A message to all that waits for an owner’s approval; `saidBy`: the membership whose it is. */
export type Awaiting = { id: number; saidBy: number; text: string; media: readonly string[]; cc: boolean };

/** Pennies by kind of entry; what the account paid is negative. */
export type Month = { since: Date; sums: Readonly<Record<string, number>> };

/** `lost`: its owner is gone. `isNext`: the text answers it, for nothing came in between. */
export type Offer = { lost: boolean; isNext: boolean };
