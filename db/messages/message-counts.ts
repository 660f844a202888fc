import { row, rows, run, type Sql } from '../connect.ts';
import { inRanges, type Range, rangesIn, readPresence } from './presence.ts';

/**
 * How many messages a person may read in each of their groups, by the number that they text; oldest first. A message that
 * was accepted is for the same people for ever, so what was counted once is kept, and only what came since is counted.
 */
export async function countMessagesOf(
  sql: Sql,
  personId: number,
  { page, keepFrom }: { page: number; keepFrom: number } = { page: MESSAGES_A_PAGE, keepFrom: WORTH_KEEPING },
): Promise<{ number: string; count: number }[]> {
  const memberships = await rows<Counted>(
    sql,
    `SELECT b.id AS membershipId, b.group_id AS groupId, n.phone AS number, g.last_message_id AS lastMessageId,
       COALESCE(c.upto_message, 0) AS upTo, COALESCE(c.readable, 0) AS count
     FROM memberships b JOIN \`groups\` g ON g.id = b.group_id AND g.state = 'active'
     JOIN numbers n ON n.id = b.number_id LEFT JOIN message_counts c ON c.membership_id = b.id
     WHERE b.person_id = ? AND b.live = 1 ORDER BY b.id`,
    [personId],
  );
  const grown = memberships.filter(({ upTo, lastMessageId }) => upTo < lastMessageId);
  const presence = await readPresence(sql, grown);
  for (const one of grown) {
    const { membershipId, lastMessageId } = one;
    while (one.upTo < lastMessageId) {
      const within = { from: one.upTo + 1, to: Math.min(one.upTo + page, lastMessageId) };
      const { window, ranges } = rangesIn(presence.get(membershipId) ?? [], within);
      one.count += await countIn(sql, one, { window, ranges });
      one.upTo = window.to;
      if (window.to - window.from + 1 >= keepFrom) await keepCount(sql, one);
    }
  }
  return memberships.map(({ number, count }) => ({ number, count }));
}

type Counted = {
  membershipId: number;
  groupId: number;
  number: string;
  lastMessageId: number;
  upTo: number;
  count: number;
};

/** Each is counted by an index in a microsecond or less; their own by their rows in a few. */
const MESSAGES_A_PAGE = 100_000;
const WORTH_KEEPING = 500;

/** Those for everybody and those for them while they were there, those to their lists, and besides those of their own. */
async function countIn(
  sql: Sql,
  { membershipId, groupId }: { membershipId: number; groupId: number },
  { window, ranges }: { window: Range; ranges: readonly Range[] },
): Promise<number> {
  const { condition, bindings } = inRanges(ranges);
  const found = await row<{ count: number }>(
    sql,
    `SELECT (SELECT COUNT(*) FROM messages FORCE INDEX (messages_said_to) WHERE group_id = ? AND to_id IS NULL AND ${condition})
       + (SELECT COUNT(*) FROM messages FORCE INDEX (messages_said_to) WHERE group_id = ? AND to_id = ? AND ${condition}
         AND NOT sender_id <=> ?)
       + (SELECT COUNT(*) FROM list_messages WHERE member_id = ? AND message_id BETWEEN ? AND ?)
       + (SELECT COUNT(*) FROM messages FORCE INDEX (messages_said_by) WHERE sender_id = ? AND message_id BETWEEN ? AND ?
         AND (to_id IS NOT NULL OR NOT ${condition})) AS count`,
    [
      ...[groupId, ...bindings],
      ...[groupId, membershipId, ...bindings, membershipId],
      ...[membershipId, window.from, window.to],
      ...[membershipId, window.from, window.to, ...bindings],
    ],
  );
  return found?.count ?? 0;
}

async function keepCount(sql: Sql, { membershipId, upTo, count }: Counted): Promise<void> {
  await run(
    sql,
    `INSERT INTO message_counts (membership_id, upto_message, readable) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE readable = IF(VALUES(upto_message) > upto_message, VALUES(readable), readable),
       upto_message = GREATEST(upto_message, VALUES(upto_message))`,
    [membershipId, upTo, count],
  );
}

/** All messages that were ever kept for a group: each group counts its own from 1 without gaps. */
export async function countAllMessages(sql: Sql): Promise<number> {
  const found = await row<{ total: number | null }>(sql, 'SELECT SUM(last_message_id) AS total FROM `groups`');
  return found?.total ?? 0;
}
