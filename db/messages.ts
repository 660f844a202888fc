import { row, rows, run, type Sql } from './connect.ts';

/** `pending` of a message: its deliveries are not written yet; some of them wait for a sending slot. */
export const UNWRITTEN = 1;
export const WAITING = 2;

/** Keeps that an inbound text was here. Fails with a duplicate error where it was before. */
export async function insertInbound(
  sql: Sql,
  text: { carrierId: string; phone: string; number: string; hash?: Buffer; verdict: string; now: Date },
): Promise<void> {
  await run(
    sql,
    'INSERT INTO inbound_texts (carrier_id, phone, number, text_hash, verdict, received_at) VALUES (?, ?, ?, ?, ?, ?)',
    [text.carrierId, text.phone, text.number, text.hash ?? null, text.verdict, text.now],
  );
}

/**
 * How many texts a phone has sent us since two moments: the same one, and any. Counted no further than the limits,
 * from indexes alone.
 */
export async function countInbound(
  sql: Sql,
  want: { phone: string; hash: Buffer; sameSince: Date; sameLimit: number; anySince: Date; anyLimit: number },
): Promise<{ same: number; any: number }> {
  const found = await row<{ same: number; any: number }>(
    sql,
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM inbound_texts WHERE phone = ? AND text_hash = ? AND received_at > ? LIMIT ?) s) AS same,
       (SELECT COUNT(*) FROM (SELECT 1 FROM inbound_texts WHERE phone = ? AND received_at > ? LIMIT ?) a) AS \`any\``,
    [want.phone, want.hash, want.sameSince, want.sameLimit, want.phone, want.anySince, want.anyLimit],
  );
  return found ?? { same: 0, any: 0 };
}

export type NewMessage = {
  groupId: number;
  messageId: number;
  senderId: number | null;
  toId: number | null;
  version: number;
  text: string;
  media: readonly string[];
  cc: boolean;
  now: Date;
};

/** Keeps what was said; its deliveries are written by the fan-out. Answers the row's id. */
export async function insertMessage(sql: Sql, message: NewMessage): Promise<number> {
  const { id } = await run(
    sql,
    `INSERT INTO messages (kind, group_id, message_id, sender_id, to_id, roster_version, text, media, cc, pending, accepted_at)
     VALUES ('said', ?, ?, ?, ?, ?, ?, ?, ?, ${UNWRITTEN}, ?)`,
    [
      message.groupId,
      message.messageId,
      message.senderId,
      message.toId,
      message.version,
      message.text,
      writeMedia(message.media),
      message.cc,
      message.now,
    ],
  );
  return id;
}

/** Keeps a text of ours; its deliveries are written in the same transaction. */
export async function insertNotice(
  sql: Sql,
  notice: { groupId: number | null; text: string; urgent: boolean; anyway?: boolean; wipeAt?: Date | null; now: Date },
): Promise<number> {
  const { id } = await run(
    sql,
    `INSERT INTO messages (kind, group_id, text, urgent, anyway, wipe_at, pending, accepted_at)
     VALUES ('notice', ?, ?, ?, ?, ?, ${WAITING}, ?)`,
    [notice.groupId, notice.text, notice.urgent, notice.anyway ?? false, notice.wipeAt ?? null, notice.now],
  );
  return id;
}

/** Empties the texts of notices whose PIN is good no longer. */
export async function wipeNotices(sql: Sql, now: Date): Promise<number> {
  const { affected } = await run(sql, "UPDATE messages SET text = '', wipe_at = NULL WHERE wipe_at < ? LIMIT 500", [
    now,
  ]);
  return affected;
}

/** A message on its way to its recipients. */
export type PendingMessage = {
  id: number;
  groupId: number;
  senderId: number | null;
  toId: number | null;
  version: number;
  text: string;
  media: string | null;
  cc: number;
  urgent: number;
};

/**
 * Locks those of these messages whose deliveries are still not written, in the order in which they were accepted.
 * Whoever fans out one of them meanwhile waits. By row, so that no group waits for another.
 */
export async function lockUnwritten(sql: Sql, ids: readonly number[]): Promise<PendingMessage[]> {
  return rows(
    sql,
    `SELECT id, group_id AS groupId, sender_id AS senderId, to_id AS toId, roster_version AS version, text, media, cc, urgent
     FROM messages FORCE INDEX (PRIMARY) WHERE id IN (?) AND pending = ${UNWRITTEN} ORDER BY id FOR UPDATE`,
    [ids],
  );
}

/** The unwritten among these messages and before them in their groups, the oldest `limit`. */
export async function findUnwritten(
  sql: Sql,
  { upTo, limit }: { upTo: readonly number[]; limit: number },
): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT DISTINCT e.id FROM messages m JOIN messages e ON e.group_id = m.group_id AND e.pending = ${UNWRITTEN} AND e.id <= m.id
     WHERE m.id IN (?) AND m.pending = ${UNWRITTEN} ORDER BY e.id LIMIT ?`,
    [upTo, limit],
  );
  return found.map(({ id }) => id);
}

/** Locks one message; undefined when there is none (its transaction was rolled back). */
export async function lockMessage(sql: Sql, id: number): Promise<{ urgent: number } | undefined> {
  return row(sql, 'SELECT urgent FROM messages WHERE id = ? FOR UPDATE', [id]);
}

/** Their deliveries are written; of those that are `waiting`, some wait for a slot. */
export async function markWritten(sql: Sql, messages: readonly { id: number; waiting: boolean }[]): Promise<void> {
  for (const waiting of [false, true]) {
    const ids = messages.filter((message) => message.waiting === waiting).map(({ id }) => id);
    if (ids.length > 0)
      await run(sql, 'UPDATE messages SET pending = ? WHERE id IN (?)', [waiting ? WAITING : null, ids]);
  }
}

/** Nothing of these waits for a slot any more, where that is so. */
export async function settleWaiting(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await run(
    sql,
    `UPDATE messages SET pending = NULL WHERE id IN (?) AND pending = ${WAITING} AND NOT EXISTS (
       SELECT 1 FROM deliveries d WHERE d.message_id = messages.id AND d.state = 'queued' AND d.queued_at IS NULL)`,
    [ids],
  );
}

/** Something of these waits for a slot again. */
export async function markWaiting(sql: Sql, ids: readonly number[]): Promise<void> {
  await run(sql, `UPDATE messages SET pending = ${WAITING} WHERE id IN (?) AND pending IS NULL`, [ids]);
}

/** Messages in a pending state since before `before`, oldest first, after row `afterId`. */
export async function findPending(
  sql: Sql,
  { pending, before, afterId, limit }: { pending: number; before: Date; afterId: number; limit: number },
): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    'SELECT id FROM messages WHERE pending = ? AND id > ? AND accepted_at < ? ORDER BY id LIMIT ?',
    [pending, afterId, before, limit],
  );
  return found.map(({ id }) => id);
}

export type ReadMessage = { id: number; txt: string; media: string[]; time: number };

/**
 * What a member said and what was for them while they were there, ascending, at most `limit`; without bounds the
 * newest. Ids are inclusive. `time` is in epoch seconds.
 */
export async function readMessages(
  sql: Sql,
  want: { membershipId: number; groupId: number; from: number | null; to: number | null; limit: number },
): Promise<ReadMessage[]> {
  const newest = want.from === null && want.to === null;
  const found = await rows<{ id: number; text: string; media: string | null; acceptedAt: Date }>(
    sql,
    `SELECT m.message_id AS id, m.text, m.media, m.accepted_at AS acceptedAt FROM messages m
     WHERE m.group_id = ? AND m.message_id >= ? AND m.message_id <= ? AND ${visibleTo}
     ORDER BY m.message_id ${newest ? 'DESC' : 'ASC'} LIMIT ?`,
    [want.groupId, want.from ?? 1, want.to ?? MAX_MESSAGE_ID, ...visibleBindings(want.membershipId), want.limit],
  );
  if (newest) found.reverse();
  return found.map(({ id, text, media, acceptedAt }) => ({
    id,
    txt: text,
    media: readMedia(media),
    time: Math.floor(acceptedAt.getTime() / 1000),
  }));
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

/** How many messages each of these memberships may read, by membership. */
export async function countMessages(sql: Sql, membershipIds: readonly number[]): Promise<Map<number, number>> {
  if (membershipIds.length === 0) return new Map();
  const found = await rows<{ membershipId: number; count: number }>(
    sql,
    `SELECT b.id AS membershipId, COUNT(*) AS count FROM memberships b
     JOIN messages m ON m.group_id = b.group_id AND m.message_id IS NOT NULL AND ${visibleToRow}
     WHERE b.id IN (?) GROUP BY b.id`,
    [membershipIds],
  );
  return new Map(found.map(({ membershipId, count }) => [membershipId, count]));
}

/** All messages that were ever kept for a group: each group counts its own from 1 without gaps. */
export async function countAllMessages(sql: Sql): Promise<number> {
  const found = await row<{ total: number | null }>(sql, 'SELECT SUM(last_message_id) AS total FROM `groups`');
  return found?.total ?? 0;
}

/** Messages in a pending state, counted no further than `limit`. */
export async function countPending(sql: Sql, { pending, limit }: { pending: number; limit: number }): Promise<number> {
  const found = await row<{ count: number }>(
    sql,
    'SELECT COUNT(*) AS count FROM (SELECT 1 FROM messages WHERE pending = ? LIMIT ?) few',
    [pending, limit],
  );
  return found?.count ?? 0;
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

export function readMedia(media: string | null): string[] {
  return media === null ? [] : (JSON.parse(media) as string[]);
}

function writeMedia(media: readonly string[]): string | null {
  return media.length === 0 ? null : JSON.stringify(media);
}
