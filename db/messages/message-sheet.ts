import { row, type Sql } from '../connect.ts';
import { readMedia } from './messages.ts';

/** What an operator sees first of a message, of a member or of ours. */
export type MessageHead = {
  id: number;
  kind: 'said' | 'system';
  group: string | null;
  groupId: number | null;
  /** Of the group's messages. */
  messageId: number | null;
  from: string | null;
  acceptedAt: Date;
  text: string;
};

export type MessageSheet = MessageHead & {
  fromName: string | null;
  to: string | null;
  rosterVersion: number | null;
  media: string[];
  cancelledAt: Date | null;
  /** Null once every delivery is written and has had a sending slot. */
  pending: number | null;
  /** Who pays for it; null where nobody does. */
  payer: string | null;
  /** Pennies that were reserved at its acceptance. */
  held: number | null;
  /** The carrier's id of the text that said it; null where it came by a call. */
  inboundId: string | null;
  /** Of the webhook or call that it came by: in each line of the log about it. */
  requestId: string | null;
};

export async function readMessageSheet(sql: Sql, id: number): Promise<MessageSheet | undefined> {
  const found = await row<Omit<MessageSheet, 'media'> & { media: string | null }>(
    sql,
    `SELECT m.id, m.kind, g.name AS \`group\`, NULLIF(m.group_id, 0) AS groupId, m.message_id AS messageId, fp.phone AS \`from\`, f.name AS fromName,
       tp.phone AS \`to\`, m.roster_version AS rosterVersion, m.text, m.media, m.accepted_at AS acceptedAt, m.cancelled_at AS cancelledAt,
       m.pending, pp.phone AS payer, m.held, m.request_id AS requestId,
       (SELECT i.carrier_id FROM inbound_texts i WHERE i.phone = fp.phone AND i.received_at = m.accepted_at LIMIT 1) AS inboundId
     FROM messages m LEFT JOIN \`groups\` g ON g.id = m.group_id
     LEFT JOIN memberships f ON f.id = m.sender_id LEFT JOIN people fp ON fp.id = f.person_id
     LEFT JOIN memberships t ON t.id = m.to_id AND NOT m.to_id <=> m.sender_id LEFT JOIN people tp ON tp.id = t.person_id
     LEFT JOIN accounts a ON a.id = m.payer_id LEFT JOIN people pp ON pp.id = a.person_id WHERE m.id = ?`,
    [id],
  );
  return found === undefined ? undefined : { ...found, media: readMedia(found.media) };
}

/** The message that a text with this carrier id said. Texts that were commands or keywords said none. */
export async function findSaidBy(sql: Sql, carrierId: string): Promise<number | undefined> {
  const found = await row<{ id: number }>(
    sql,
    `SELECT m.id FROM inbound_texts i JOIN people p ON p.phone = i.phone JOIN memberships f ON f.person_id = p.id
     JOIN messages m ON m.sender_id = f.id AND m.accepted_at = i.received_at WHERE i.carrier_id = ? LIMIT 1`,
    [carrierId],
  );
  return found?.id;
}
