import { rows, type Sql } from '../connect.ts';

/** A message whose deliveries are counted: by people, of whom each counts by the worst of the parts that go to them. */
export type CountedMessage = {
  groupId: number;
  messageId: number;
  senderId: number | null;
  toId: number | null;
  acceptedAt: Date;
  /** Its deliveries are not all written, or not all have had a slot. */
  isPending: boolean;
  counts: DeliveryCounts;
};
export const deliveryCountNames = ['waiting', 'sent', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryCounts = Record<(typeof deliveryCountNames)[number], number>;

/** Counts the deliveries of messages of groups; two statements, however many messages there are. */
export async function countRecipientsOf(
  sql: Sql,
  messages: readonly { groupId: number; messageId: number }[],
): Promise<CountedMessage[]> {
  if (messages.length === 0) return [];
  const found = await rows<Omit<CountedMessage, 'counts' | 'isPending'> & { rowId: number; pending: number | null }>(
    sql,
    `SELECT id AS rowId, group_id AS groupId, message_id AS messageId, sender_id AS senderId, to_id AS toId,
       accepted_at AS acceptedAt, pending FROM messages
     WHERE ${messages.map(() => '(group_id = ? AND message_id = ?)').join(' OR ')}`,
    messages.flatMap(({ groupId, messageId }) => [groupId, messageId]),
  );
  if (found.length === 0) return [];
  const counted = await rows<{ rowId: number; state: keyof DeliveryCounts; count: number }>(
    sql,
    `SELECT message_id AS rowId, ELT(worst, 'delivered', 'skipped', 'sent', 'waiting', 'failed') AS state, COUNT(*) AS count
     FROM (SELECT message_id, MAX(CASE WHEN state IN ('failed', 'undelivered') THEN 5 WHEN state IN ('queued', 'sending', 'unknown') THEN 4
         WHEN state = 'sent' AND via <> 'push' THEN 3 WHEN state = 'skipped' THEN 2 ELSE 1 END) AS worst
       FROM deliveries WHERE message_id IN (?) GROUP BY message_id, person_id) people
     GROUP BY message_id, worst`,
    [found.map(({ rowId }) => rowId)],
  );
  return found.map(({ rowId, pending, ...message }) => {
    const counts: DeliveryCounts = { waiting: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };
    for (const one of counted) if (one.rowId === rowId) counts[one.state] = one.count;
    return { ...message, isPending: pending !== null, counts };
  });
}
