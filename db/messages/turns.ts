import { rows, type Sql } from '../connect.ts';

/** The last that was said in a group since then: by which membership, and when; the newest first. */
export async function readTurns(
  sql: Sql,
  { groupId, since, limit }: { groupId: number; since: Date; limit: number },
): Promise<{ memberId: number; at: Date }[]> {
  return rows(
    sql,
    `SELECT sender_id AS memberId, accepted_at AS at FROM messages
     WHERE group_id = ? AND kind = 'said' AND sender_id IS NOT NULL AND accepted_at > ? ORDER BY id DESC LIMIT ?`,
    [groupId, since, limit],
  );
}
