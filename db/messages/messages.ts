import { type Binding, row, rows, run, type Sql } from '../connect.ts';
import { HELD, UNWRITTEN, WAITING } from '../deliveries/pending-messages.ts';

/** What belongs to no group has this for one, so that a database that is split by groups knows where it is. */
const NO_GROUP = 0;

export type NewMessage = {
  groupId: number;
  messageId: number;
  senderId: number | null;
  toId: number | null;
  version: number;
  tag: number;
  /** The account that pays for it, and what is reserved there; null where nobody does. */
  payerId: number | null;
  held: number | null;
  text: string;
  media: readonly string[];
  cc: boolean;
  /** Of the webhook or call that it came by; null for what came by none. */
  requestId: string | null;
  /** What names the text that it came by: its group has one message of it. Null for what no carrier brings again. */
  origin: Buffer | null;
  now: Date;
};

/**
 * Keeps what was said; the deliveries are written by the fan-out. Returns the rows' ids. A second message of an origin fails with a
 * duplicate error of the key `messages_origin`.
 */
export async function insertMessages(sql: Sql, messages: readonly NewMessage[]): Promise<number[]> {
  const { id } = await run(
    sql,
    `INSERT INTO messages (kind, group_id, message_id, sender_id, to_id, roster_version, roster_tag, payer_id, held, text, media, cc, request_id, origin, pending, accepted_at)
     VALUES ?`,
    [messages.map(toRow)],
  );
  if (messages.length === 1) return [id];
  const spans = spansOf(messages);
  const written = await rows<{ id: number }>(
    sql,
    `SELECT id FROM messages WHERE ${spans.map(() => '(group_id = ? AND message_id BETWEEN ? AND ?)').join(' OR ')} ORDER BY id`,
    spans.flat(),
  );
  return written.map((row) => row.id);
}

function toRow(message: NewMessage): Binding[] {
  return [
    'said',
    message.groupId,
    message.messageId,
    message.senderId,
    message.toId,
    message.version,
    message.tag,
    message.payerId,
    message.held,
    message.text,
    writeMedia(message.media),
    message.cc,
    message.requestId,
    message.origin,
    UNWRITTEN,
    message.now,
  ];
}

/** Of each group its first and last id: without gaps, because they are taken in the same transaction. */
function spansOf(messages: readonly NewMessage[]): [groupId: number, first: number, last: number][] {
  const spans = new Map<number, [number, number, number]>();
  for (const { groupId, messageId } of messages) {
    const [, first = messageId, last = messageId] = spans.get(groupId) ?? [];
    spans.set(groupId, [groupId, Math.min(first, messageId), Math.max(last, messageId)]);
  }
  return [...spans.values()];
}

/** Keeps a text of ours; its deliveries are written in the same transaction. */
export async function insertSystemMessage(
  sql: Sql,
  message: {
    groupId: number | null;
    text: string;
    urgent: boolean;
    ignoreOptOut?: boolean;
    redactAt?: Date | null;
    /** It waits until a budget has room. */
    held: boolean;
    requestId: string | null;
    /** As of `NewMessage`. */
    origin?: Buffer | null;
    now: Date;
  },
): Promise<number> {
  const { id } = await run(
    sql,
    `INSERT INTO messages (kind, group_id, text, urgent, ignore_opt_out, redact_at, request_id, origin, pending, accepted_at)
     VALUES ('system', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      message.groupId ?? NO_GROUP,
      message.text,
      message.urgent,
      message.ignoreOptOut ?? false,
      message.redactAt ?? null,
      message.requestId,
      message.origin ?? null,
      message.held ? HELD : WAITING,
      message.now,
    ],
  );
  return id;
}

export type Origin = { origin: Buffer; groupId: number };

/** A message by what it came by, and what of its payer was reserved for it. */
export async function findOfOrigin(
  sql: Sql,
  { origin, groupId }: Origin,
): Promise<{ payerId: number | null; held: number | null; acceptedAt: Date } | undefined> {
  return row(
    sql,
    'SELECT payer_id AS payerId, held, accepted_at AS acceptedAt FROM messages WHERE origin = ? AND group_id = ?',
    [origin, groupId],
  );
}

/** Whether all of these rows are there. */
export async function areKept(sql: Sql, ids: readonly number[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const found = await row<{ count: number }>(sql, 'SELECT COUNT(*) AS count FROM messages WHERE id IN (?)', [ids]);
  return found?.count === ids.length;
}

/** Empties the system messages whose PIN is good no longer. */
export async function redactSystemMessages(sql: Sql, now: Date): Promise<number> {
  const { affected } = await run(sql, "UPDATE messages SET text = '', redact_at = NULL WHERE redact_at < ? LIMIT 500", [
    now,
  ]);
  return affected;
}

export function readMedia(media: string | null): string[] {
  return media === null ? [] : (JSON.parse(media) as string[]);
}

export function writeMedia(media: readonly string[]): string | null {
  return media.length === 0 ? null : JSON.stringify(media);
}
