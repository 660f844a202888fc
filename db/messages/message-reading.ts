import type { RecentMessage } from '../../engine/rules/command-context.ts';
import type { Quotable } from '../../engine/rules/reactions.ts';
import { rows, type Sql } from '../connect.ts';
import { byPlace, inPlaces } from '../places.ts';
import { readListed } from './listed.ts';
import { readMedia } from './messages.ts';
import { inRanges, rangesIn, readPresence } from './presence.ts';
import { countReactions, type ReactionCount } from './reactions.ts';

export type ReadMessage = {
  rowId: number;
  id: number;
  /** The membership of who said it; null where it was none of ours that is known. */
  senderId: number | null;
  txt: string;
  media: string[];
  reactions: ReactionCount[];
  time: number;
  isGone: boolean;
};

/**
 * What a member said and what was for them while they were there, ascending, at most `limit`; without bounds the
 * newest. Ids are inclusive. `time` is in epoch seconds.
 */
export async function readMessages(
  sql: Sql,
  {
    from,
    to,
    reactions: withReactions = true,
    ...want
  }: Member & { from: number | null; to: number | null; limit: number; reactions?: boolean },
): Promise<ReadMessage[]> {
  const newest = from === null && to === null;
  const found = await readReadable<MessageRow>(
    sql,
    { ...want, from: from ?? 1, to: to ?? MAX_MESSAGE_ID, order: newest ? 'descending' : 'ascending' },
    'm.id AS rowId, m.message_id AS id, m.sender_id AS senderId, m.text, m.media, m.accepted_at AS acceptedAt',
  );
  if (newest) found.reverse();
  const reactions = await countReactions(sql, withReactions ? found.map(({ rowId }) => rowId) : []);
  return found.map((message) => readMessage(message, reactions.get(message.rowId) ?? []));
}

function readMessage({ text, media, acceptedAt, ...message }: MessageRow, reactions: ReactionCount[]): ReadMessage {
  return {
    ...message,
    txt: text,
    media: readMedia(media),
    reactions,
    time: Math.floor(acceptedAt.getTime() / 1000),
    // An empty text without media is never accepted: its contents were kept long enough.
    isGone: text === '' && media === null,
  };
}

/** Message ids of a group, both inclusive. */
export type MessageRange = { groupId: number; from: number; to: number };
/** One that is for its two ends alone has `toId`, one to a list whom it is for. */
export type GroupMessage = ReadMessage & { toId: number | null; listed: readonly number[] | null };

/**
 * All messages of each range, ascending, without their reactions, not only what one member may read: a rule has to say that. One
 * statement for all, and one more where some went to a list.
 */
export async function readGroupMessages(sql: Sql, ranges: readonly MessageRange[]): Promise<GroupMessage[][]> {
  if (ranges.length === 0) return [];
  const found = await rows<MessageRow & { place: number; toId: number | null }>(
    sql,
    inPlaces(ranges, MESSAGES_OF_RANGE),
    ranges.flatMap(({ groupId, from, to }, place) => [place, groupId, from, to]),
  );
  const listed = await readListed(
    sql,
    found.map(({ rowId: id, senderId, toId }) => ({ id, senderId, toId })),
  );
  return byPlace(ranges, found).map((of) =>
    of
      .map(({ place: _, toId, ...message }) => ({
        ...readMessage(message, []),
        ...{ toId, listed: listed.get(message.rowId) ?? null },
      }))
      .sort((a, b) => a.id - b.id),
  );
}

const MESSAGES_OF_RANGE = `(SELECT ? AS place, m.id AS rowId, m.message_id AS id, m.sender_id AS senderId, m.to_id AS toId, m.text,
    m.media, m.accepted_at AS acceptedAt
  FROM messages m WHERE m.group_id = ? AND m.message_id BETWEEN ? AND ?)`;

type MessageRow = {
  rowId: number;
  id: number;
  senderId: number | null;
  text: string;
  media: string | null;
  acceptedAt: Date;
};

/** The newest messages that a member may read, newest first: a reaction of theirs may quote them. */
export async function readQuotable(sql: Sql, want: Member & { limit: number }): Promise<Quotable[]> {
  const found = await readReadable<Omit<Quotable, 'hasMedia'> & { hasMedia: number }>(
    sql,
    { ...want, from: 1, to: MAX_MESSAGE_ID, order: 'descending' },
    'm.id, m.sender_id AS senderId, m.text, m.media IS NOT NULL AS hasMedia',
  );
  return found.map((message) => ({ ...message, hasMedia: message.hasMedia === 1 }));
}

/** The newest messages that a member may read, newest first, each with how many reacted to it. */
export async function readRecent(sql: Sql, want: Member & { limit: number }): Promise<RecentMessage[]> {
  const found = await readReadable<Omit<RecentMessage, 'hasMedia' | 'forAll'> & { hasMedia: number; forAll: number }>(
    sql,
    { ...want, from: 1, to: MAX_MESSAGE_ID, order: 'descending' },
    `m.sender_id AS senderId, m.text, m.media IS NOT NULL AS hasMedia, m.to_id IS NULL AS forAll,
     (SELECT COUNT(*) FROM reactions r WHERE r.message_id = m.id) AS likes`,
  );
  return found.map((one) => ({ ...one, hasMedia: one.hasMedia === 1, forAll: one.forAll === 1 }));
}

type Member = { membershipId: number; groupId: number };
type Wanted = Member & { from: number; to: number; order: 'ascending' | 'descending'; limit: number };

/**
 * The columns of the first messages, in that order, that a member may read: those for everybody and those for them while
 * they were there, those to a list that they were on, and their own. Each kind is read by an index in the order of ids, so it costs by what is shown.
 */
async function readReadable<T>(sql: Sql, wanted: Wanted, columns: string): Promise<T[]> {
  const { membershipId, groupId, order, limit } = wanted;
  const presence = (await readPresence(sql, [wanted])).get(membershipId) ?? [];
  const found: T[] = [];
  let { from, to } = wanted;
  while (from <= to && found.length < limit) {
    const { window, ranges } = rangesIn(presence, { from, to }, order);
    const { condition, bindings } = inRanges(ranges);
    const some = `ORDER BY message_id ${order === 'ascending' ? 'ASC' : 'DESC'} LIMIT ${limit - found.length}`;
    found.push(
      ...(await rows<T>(
        sql,
        `SELECT ${columns} FROM (
           (SELECT id FROM messages FORCE INDEX (messages_said_to) WHERE group_id = ? AND to_id IS NULL AND ${condition} ${some})
           UNION (SELECT id FROM messages FORCE INDEX (messages_said_to) WHERE group_id = ? AND to_id = ? AND ${condition} ${some})
           UNION (SELECT row_id AS id FROM list_messages WHERE member_id = ? AND message_id BETWEEN ? AND ? ${some})
           UNION (SELECT id FROM messages FORCE INDEX (messages_said_by) WHERE sender_id = ? AND message_id BETWEEN ? AND ? ${some})
         ) readable STRAIGHT_JOIN messages m ON m.id = readable.id ${some}`,
        [
          ...[groupId, ...bindings],
          ...[groupId, membershipId, ...bindings],
          ...[membershipId, window.from, window.to],
          ...[membershipId, window.from, window.to],
        ],
      )),
    );
    if (order === 'ascending') from = window.to + 1;
    else to = window.from - 1;
  }
  return found;
}
const MAX_MESSAGE_ID = 4_294_967_295;
