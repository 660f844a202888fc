import type { DeliveryState } from '../../engine/rules/status.ts';
import { row, rows, type Sql } from '../connect.ts';
import { readMedia } from '../messages/messages.ts';

/** What an operator sees of one message. */
export type TracedMessage = {
  rowId: number;
  id: number;
  txt: string;
  media: string[];
  from: string | null;
  to: string | null;
  acceptedAt: Date;
  /** Null once every delivery is written and has had a sending slot. */
  pending: number | null;
};

export type TracedDelivery = {
  phone: string;
  number: string;
  part: number;
  state: DeliveryState;
  via: 'sms' | 'push';
  attempts: number;
  errorCode: number | null;
  reason: string | null;
  carrierId: string | null;
  attemptLog: string;
  /** Pennies that its owner has paid for it; hundredths of a penny that the carrier charges. */
  charged: number;
  carrierCost: number;
  createdAt: Date;
  queuedAt: Date | null;
  dueAt: Date | null;
  sentAt: Date | null;
  endedAt: Date | null;
};

/** The group that a member’s phone and our number name: the one of now, else the last one that they named. */
export async function findTracedGroup(
  sql: Sql,
  { phone, number }: { phone: string; number: string },
): Promise<number | null> {
  const found = await row<{ groupId: number }>(
    sql,
    `SELECT m.group_id AS groupId FROM people p JOIN numbers n ON n.phone = ?
     JOIN memberships m ON m.person_id = p.id AND m.number_id = n.id
     WHERE p.phone = ? ORDER BY m.live DESC, m.id DESC LIMIT 1`,
    [number, phone],
  );
  return found?.groupId ?? null;
}

export async function readTracedMessage(
  sql: Sql,
  { groupId, messageId }: { groupId: number; messageId: number },
): Promise<TracedMessage | undefined> {
  const found = await row<Omit<TracedMessage, 'media'> & { media: string | null }>(
    sql,
    `SELECT m.id AS rowId, m.message_id AS id, m.text AS txt, m.media, fp.phone AS \`from\`, tp.phone AS \`to\`,
       m.accepted_at AS acceptedAt, m.pending
     FROM messages m LEFT JOIN memberships f ON f.id = m.sender_id LEFT JOIN people fp ON fp.id = f.person_id
     LEFT JOIN memberships t ON t.id = m.to_id AND NOT m.to_id <=> m.sender_id LEFT JOIN people tp ON tp.id = t.person_id
     WHERE m.group_id = ? AND m.message_id = ?`,
    [groupId, messageId],
  );
  return found === undefined ? undefined : { ...found, media: readMedia(found.media) };
}

export async function readTracedDeliveries(sql: Sql, rowId: number): Promise<TracedDelivery[]> {
  return rows(
    sql,
    `SELECT p.phone, n.phone AS number, d.part, IF(d.state = 'queued' AND c.claim <> '', 'sending', d.state) AS state, d.via, d.attempt AS attempts, d.error_code AS errorCode, d.reason,
       NULLIF(d.carrier_id, '') AS carrierId, d.attempt_log AS attemptLog, d.charged, d.carrier_cost AS carrierCost, d.created_at AS createdAt, d.queued_at AS queuedAt, d.due_at AS dueAt,
       d.sent_at AS sentAt, d.ended_at AS endedAt
     FROM deliveries d JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id
     LEFT JOIN batches c ON c.message_id = d.message_id AND c.id = d.batch
     WHERE d.message_id = ? ORDER BY d.person_id, d.part`,
    [rowId],
  );
}
