import { rows, run, type Sql } from '../connect.ts';

/** A member's reaction to a message (its row); a new one takes the place of the one before. */
export async function putReaction(
  sql: Sql,
  { messageId, memberId, reaction, now }: { messageId: number; memberId: number; reaction: string; now: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO reactions (message_id, member_id, reaction, reacted_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE reaction = VALUES(reaction), reacted_at = VALUES(reacted_at)`,
    [messageId, memberId, reaction, now],
  );
}

/** Takes a reaction back; another one that came since stays. */
export async function dropReaction(
  sql: Sql,
  { messageId, memberId, reaction }: { messageId: number; memberId: number; reaction: string },
): Promise<void> {
  await run(sql, 'DELETE FROM reactions WHERE message_id = ? AND member_id = ? AND reaction = ?', [
    messageId,
    memberId,
    reaction,
  ]);
}

export type ReactionCount = { reaction: string; count: number };

/** How often each message (by its row) got which reaction; the most frequent first. Messages without any are left out. */
export async function countReactions(
  sql: Sql,
  messageIds: readonly number[],
): Promise<ReadonlyMap<number, ReactionCount[]>> {
  const counts = new Map<number, ReactionCount[]>();
  if (messageIds.length === 0) return counts;
  const found = await rows<ReactionCount & { messageId: number }>(
    sql,
    `SELECT message_id AS messageId, reaction, COUNT(*) AS count FROM reactions WHERE message_id IN (?)
     GROUP BY message_id, reaction ORDER BY message_id, count DESC, MIN(reacted_at), reaction`,
    [messageIds],
  );
  for (const { messageId, ...count } of found) counts.set(messageId, [...(counts.get(messageId) ?? []), count]);
  return counts;
}
