import type { Quotable } from '../../engine/rules/reactions.ts';
import { row, rows, type Sql } from '../connect.ts';
import { readMedia } from './messages.ts';
import { countReactions, type ReactionCount } from './reactions.ts';

export type ReadMessage = { id: number; txt: string; media: string[]; reactions: ReactionCount[]; time: number };

/**
 * What a member said and what was for them while they were there, ascending, at most `limit`; without bounds the
 * newest. Ids are inclusive. `time` is in epoch seconds.
 */
export async function readMessages(
  sql: Sql,
  want: { membershipId: number; groupId: number; from: number | null; to: number | null; limit: number },
): Promise<ReadMessage[]> {
  const newest = want.from === null && want.to === null;
  const found = await rows<{ rowId: number; id: number; text: string; media: string | null; acceptedAt: Date }>(
    sql,
    `SELECT m.id AS rowId, m.message_id AS id, m.text, m.media, m.accepted_at AS acceptedAt FROM messages m
     WHERE m.group_id = ? AND m.message_id >= ? AND m.message_id <= ? AND ${visibleTo}
     ORDER BY m.message_id ${newest ? 'DESC' : 'ASC'} LIMIT ?`,
    [want.groupId, want.from ?? 1, want.to ?? MAX_MESSAGE_ID, ...visibleBindings(want.membershipId), want.limit],
  );
  if (newest) found.reverse();
  const reactions = await countReactions(
    sql,
    found.map(({ rowId }) => rowId),
  );
  return found.map(({ rowId, id, text, media, acceptedAt }) => ({
    id,
    txt: text,
    media: readMedia(media),
    reactions: reactions.get(rowId) ?? [],
    time: Math.floor(acceptedAt.getTime() / 1000),
  }));
}

/** The newest messages that a member may read, newest first: a reaction of theirs may quote them. */
export async function readQuotable(
  sql: Sql,
  { membershipId, groupId, limit }: { membershipId: number; groupId: number; limit: number },
): Promise<Quotable[]> {
  const found = await rows<Omit<Quotable, 'hasMedia'> & { hasMedia: number }>(
    sql,
    `SELECT m.id, m.sender_id AS senderId, m.text, m.media IS NOT NULL AS hasMedia FROM messages m
     WHERE m.group_id = ? AND m.message_id IS NOT NULL AND ${visibleTo} ORDER BY m.message_id DESC LIMIT ?`,
    [groupId, ...visibleBindings(membershipId), limit],
  );
  return found.map((message) => ({ ...message, hasMedia: message.hasMedia === 1 }));
}

/** How many messages a person may read in each of their groups, by the number that they text; oldest first. */
export async function countMessagesOf(sql: Sql, personId: number): Promise<{ number: string; count: number }[]> {
  return rows(
    sql,
    `SELECT n.phone AS number, COUNT(m.id) AS count FROM memberships b
     JOIN \`groups\` g ON g.id = b.group_id AND g.state = 'active' JOIN numbers n ON n.id = b.number_id
     LEFT JOIN messages m ON m.group_id = b.group_id AND m.message_id IS NOT NULL AND ${visibleToRow}
     WHERE b.person_id = ? AND b.live = 1 GROUP BY b.id, n.phone ORDER BY b.id`,
    [personId],
  );
}

/** All messages that were ever kept for a group: each group counts its own from 1 without gaps. */
export async function countAllMessages(sql: Sql): Promise<number> {
  const found = await row<{ total: number | null }>(sql, 'SELECT SUM(last_message_id) AS total FROM `groups`');
  return found?.total ?? 0;
}

/** Theirs, or for them at a moment when they were there. */
const visibleTo = `(m.sender_id = ? OR ((m.to_id IS NULL OR m.to_id = ?) AND EXISTS (
  SELECT 1 FROM membership_spans s WHERE s.membership_id = ? AND s.from_version <= m.roster_version
  AND (s.until_version IS NULL OR s.until_version > m.roster_version))))`;
/** The same of a message `m` and a membership `b` in one statement. */
const visibleToRow = `(m.sender_id = b.id OR ((m.to_id IS NULL OR m.to_id = b.id) AND EXISTS (
  SELECT 1 FROM membership_spans s WHERE s.membership_id = b.id AND s.from_version <= m.roster_version
  AND (s.until_version IS NULL OR s.until_version > m.roster_version))))`;
const visibleBindings = (membershipId: number) => [membershipId, membershipId, membershipId];
const MAX_MESSAGE_ID = 4_294_967_295;
