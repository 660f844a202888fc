import { rows, type Sql } from '../connect.ts';

/** A message of a member that is going out: how many texts of it are left, and how many a carrier or push service has. */
export type Running = {
  id: number;
  groupId: number;
  group: string;
  acceptedAt: Date;
  text: string;
  left: number;
  gone: number;
  /** 0 before the fan-out: then `left` is the number of members. */
  isWritten: number;
};

/** Those with more than so many texts left, the most first; of the messages under way only the oldest are looked at. */
export async function findRunning(
  sql: Sql,
  { moreThan, limit }: { moreThan: number; limit: number },
): Promise<Running[]> {
  return rows(
    sql,
    `SELECT r.*, g.name AS \`group\` FROM (
       SELECT m.id, m.group_id AS groupId, m.accepted_at AS acceptedAt, LEFT(m.text, ${SHOWN}) AS text,
         COALESCE(m.pending, 2) <> 1 AS isWritten,
         IF(m.pending = 1, (SELECT COUNT(*) FROM memberships p WHERE p.group_id = m.group_id AND p.live = 1 AND p.left_at IS NULL),
           (SELECT COUNT(*) FROM deliveries d WHERE d.message_id = m.id AND d.state = 'queued')) AS \`left\`,
         (SELECT COUNT(*) FROM deliveries d WHERE d.message_id = m.id AND d.state IN ('sent', 'delivered', 'undelivered')) AS gone
       FROM (
         (SELECT id FROM messages FORCE INDEX (messages_pending) WHERE pending IN (1, 2) ORDER BY id LIMIT ${LOOKED_AT})
         UNION (SELECT DISTINCT message_id FROM batches ORDER BY message_id LIMIT ${LOOKED_AT})
       ) w JOIN messages m ON m.id = w.id WHERE m.kind = 'said' AND m.cancelled_at IS NULL
     ) r JOIN \`groups\` g ON g.id = r.groupId WHERE r.\`left\` > ? ORDER BY r.\`left\` DESC, r.id LIMIT ?`,
    [moreThan, limit],
  );
}

/** Messages; a message of ours among them costs nothing more. */
const LOOKED_AT = 2_000;
/** Characters. */
const SHOWN = 80;
