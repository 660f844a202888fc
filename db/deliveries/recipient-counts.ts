import { rows, type Sql } from '../connect.ts';
import { readListed } from '../messages/listed.ts';

/** A message whose deliveries are counted: by people, of whom each counts by the worst of the parts that go to them. */
export type CountedMessage = {
  membershipId: number;
  groupId: number;
  messageId: number;
  senderId: number | null;
  toId: number | null;
  /** Whom it is for, where it went to a list. */
  listed: readonly number[] | null;
  acceptedAt: Date;
  /** Its deliveries are not all written, or not all have had a slot. */
  isPending: boolean;
  counts: DeliveryCounts;
};
export const deliveryCountNames = ['waiting', 'sent', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryCounts = Record<(typeof deliveryCountNames)[number], number>;

/** Counts the deliveries of messages, each named by a membership in its group; two statements for hundreds, and one more where some went to a list. */
export async function countRecipientsOf(
  sql: Sql,
  messages: readonly { membershipId: number; messageId: number }[],
): Promise<CountedMessage[]> {
  const counted: CountedMessage[] = [];
  for (let from = 0; from < messages.length; from += MESSAGES_A_STATEMENT)
    counted.push(...(await countSome(sql, messages.slice(from, from + MESSAGES_A_STATEMENT))));
  return counted;
}

const MESSAGES_A_STATEMENT = 200;

async function countSome(
  sql: Sql,
  messages: readonly { membershipId: number; messageId: number }[],
): Promise<CountedMessage[]> {
  const found = await rows<
    Omit<CountedMessage, 'counts' | 'isPending' | 'listed'> & { rowId: number; pending: number | null }
  >(
    sql,
    messages.map(() => ONE).join(' UNION ALL '),
    messages.flatMap(({ membershipId, messageId }) => [messageId, membershipId]),
  );
  if (found.length === 0) return [];
  const counted = await rows<{ rowId: number; state: keyof DeliveryCounts; count: number }>(
    sql,
    `SELECT message_id AS rowId, ELT(worst, 'delivered', 'skipped', 'sent', 'waiting', 'failed') AS state, COUNT(*) AS count
     FROM (SELECT message_id, MAX(CASE WHEN state IN ('failed', 'undelivered') THEN 5 WHEN state IN ('queued', 'sending', 'unknown') THEN 4
         WHEN state = 'sent' AND via <> 'push' THEN 3 WHEN state = 'skipped' THEN 2 ELSE 1 END) AS worst
       FROM deliveries WHERE message_id IN (?) GROUP BY message_id, person_id) people
     GROUP BY message_id, worst`,
    [[...new Set(found.map(({ rowId }) => rowId))]],
  );
  const ofRow = new Map<number, DeliveryCounts>();
  for (const { rowId, state, count } of counted) ofRow.set(rowId, { ...(ofRow.get(rowId) ?? NONE), [state]: count });
  const listed = await readListed(
    sql,
    found.map(({ rowId: id, senderId, toId }) => ({ id, senderId, toId })),
  );
  return found.map(({ rowId, pending, ...message }) => ({
    ...message,
    listed: listed.get(rowId) ?? null,
    isPending: pending !== null,
    counts: ofRow.get(rowId) ?? NONE,
  }));
}

const NONE: DeliveryCounts = { waiting: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };
const ONE = `(SELECT b.id AS membershipId, m.id AS rowId, m.group_id AS groupId, m.message_id AS messageId, m.sender_id AS senderId,
  m.to_id AS toId, m.accepted_at AS acceptedAt, m.pending
  FROM memberships b JOIN messages m ON m.group_id = b.group_id AND m.message_id = ? WHERE b.id = ?)`;
