import { type CountedMessage, countRecipientsOf } from '../../../db/deliveries/recipient-counts.ts';
import {
  type EventRange,
  findEndedAmong,
  type GroupEventRow,
  type GroupPlace,
  readGroupEvents,
  readGroupPlaces,
} from '../../../db/groups/group-events.ts';
import {
  type GroupMessage,
  type MessageRange,
  type ReadMessage,
  readGroupMessages,
  readMessages,
} from '../../../db/messages/message-reading.ts';
import { type Presence, readPresence } from '../../../db/messages/presence.ts';
import { countReactions, type ReactionCount } from '../../../db/messages/reactions.ts';
import { batched } from '../../platform/batch.ts';
import type { Runtime } from '../../platform/runtime.ts';

/** What readers of events ask MySQL, none of it decided by who asks but for `ownMessages`. */
export type SharedReads = {
  places(personId: number): Promise<readonly GroupPlace[]>;
  presence(member: Member): Promise<readonly Presence[]>;
  /** At most `MOST_SHARED` of them. */
  messages(range: MessageRange): Promise<readonly GroupMessage[]>;
  events(range: EventRange): Promise<readonly GroupEventRow[]>;
  /** By the row of the message. */
  reactions(rowId: number): Promise<ReactionCount[]>;
  counts(message: Named): Promise<CountedMessage | undefined>;
  /** Undefined where the membership has not ended. */
  ended(membershipId: number): Promise<Ended | undefined>;
  /** Those that a member may read, of a range of any length. */
  ownMessages(range: MessageRange & { membershipId: number; limit: number }): Promise<ReadMessage[]>;
};

type Member = { membershipId: number; groupId: number };
type Named = { membershipId: number; messageId: number };
type Ended = { membershipId: number; personId: number; number: string };

/** Messages of a range that are read once for all who may see some of them; who is further behind reads by themself. */
export const MOST_SHARED = 100;
/** Events that are looked at in one go, seen or not. */
export const MOST_EVENTS = 500;

/**
 * For `runtime.use`: readers that are woken together ask together. What they ask in the same instant, and what comes while MySQL
 * answers, is one statement of each kind, and what several ask alike is in it once: fifty listeners of a group cost as
 * many statements as one. Nothing is kept, so an answer is never older than its question.
 */
export function openSharedReads({ db }: Runtime): SharedReads {
  return {
    places: shared({
      keyOf: String,
      async read(personIds) {
        const ofPerson = new Map(personIds.map((personId) => [personId, [] as GroupPlace[]]));
        for (const place of await readGroupPlaces(db, personIds)) ofPerson.get(place.personId)?.push(place);
        return [...ofPerson.values()];
      },
    }),
    presence: shared({
      keyOf: ({ membershipId }: Member) => String(membershipId),
      async read(members) {
        const presence = await readPresence(db, members);
        return members.map(({ membershipId }) => presence.get(membershipId) ?? []);
      },
    }),
    messages: shared({
      keyOf: ({ groupId, from, to }: MessageRange) => `${groupId} ${from} ${to}`,
      most: RANGES,
      read: (ranges) => readGroupMessages(db, ranges),
    }),
    events: shared({
      keyOf: ({ groupId, after, upTo }: EventRange) => `${groupId} ${after} ${upTo}`,
      most: RANGES,
      read: (ranges) => readGroupEvents(db, ranges, { limit: MOST_EVENTS }),
    }),
    reactions: shared({
      keyOf: String,
      async read(rowIds) {
        const counts = await countReactions(db, rowIds);
        return rowIds.map((rowId) => counts.get(rowId) ?? []);
      },
    }),
    counts: shared({
      keyOf: ({ membershipId, messageId }: Named) => `${membershipId} ${messageId}`,
      async read(messages) {
        const counted = await countRecipientsOf(db, messages);
        const byName = new Map(counted.map((one) => [`${one.membershipId} ${one.messageId}`, one]));
        return messages.map(({ membershipId, messageId }) => byName.get(`${membershipId} ${messageId}`));
      },
    }),
    ended: shared({
      keyOf: String,
      async read(membershipIds) {
        const ended = new Map((await findEndedAmong(db, membershipIds)).map((one) => [one.membershipId, one]));
        return membershipIds.map((membershipId) => ended.get(membershipId));
      },
    }),
    ownMessages: shared({
      // Each is its own, and together they leave connections to others.
      keyOf: ({ membershipId, from, to, limit }) => `${membershipId} ${from} ${to} ${limit}`,
      max: 1,
      parallel: OWN_AT_ONCE,
      read: (wanted) => Promise.all(wanted.map((one) => readMessages(db, { ...one, reactions: false }))),
    }),
  };
}

/** Questions at a time, and different ones in a statement. */
const MOST = 1_000;
/** Each makes its statement longer. */
const RANGES = 50;
const OWN_AT_ONCE = 4;

/** `read` returns one answer for each of the keys, in their order; no two of them are the same. */
function shared<Key, Answer>({
  keyOf,
  read,
  most = MOST,
  max = MOST,
  parallel = 1,
}: {
  keyOf: (key: Key) => string;
  read: (keys: readonly Key[]) => Promise<readonly Answer[]>;
  most?: number;
  max?: number;
  parallel?: number;
}): (key: Key) => Promise<Answer> {
  const batch = batched<Key, Answer>({
    max,
    lingerMs: 0,
    parallel,
    async flush(asked) {
      const names = asked.map(keyOf);
      const different = [...new Map(asked.map((key, at) => [names[at], key]))];
      const answers = new Map<string | undefined, Answer>();
      for (let from = 0; from < different.length; from += most) {
        const some = different.slice(from, from + most);
        const found = await read(some.map(([, key]) => key));
        for (const [at, [name]] of some.entries()) answers.set(name, found[at] as Answer);
      }
      return names.map((name) => answers.get(name) as Answer);
    },
  });
  return batch.add;
}
