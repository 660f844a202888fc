import { row, rows, run, type Sql } from '../connect.ts';
import { GONE, type Gone } from './gone.ts';

/** `pending` of a message: its deliveries are not written yet; some of them wait for a sending slot; it waits for a budget. */
export const UNWRITTEN = 1;
export const WAITING = 2;
export const HELD = 3;

/** A message on its way to its recipients. */
export type PendingMessage = {
  id: number;
  groupId: number;
  /** In the group; null for a text that tells a member what they are owed. */
  messageId: number | null;
  acceptedAt: Date;
  senderId: number | null;
  toId: number | null;
  version: number;
  tag: number;
  text: string;
  media: string | null;
  cc: number;
  requestId: string | null;
  gone: Gone;
  urgent: number;
  payerId: number | null;
  /** What is reserved of the payer; null where nothing is. */
  held: number | null;
};

/**
 * Locks those of these messages whose deliveries are still not written, in the order in which they were accepted.
 * A process that fans out one of them meanwhile waits. By row, so that no group waits for another.
 */
export async function lockUnwritten(sql: Sql, ids: readonly number[]): Promise<PendingMessage[]> {
  return rows(
    sql,
    `SELECT m.id, m.group_id AS groupId, m.message_id AS messageId, m.accepted_at AS acceptedAt, m.sender_id AS senderId, m.to_id AS toId, m.roster_version AS version,
       m.roster_tag AS tag, m.text, m.media, m.cc, m.request_id AS requestId, m.urgent, m.payer_id AS payerId, m.held,
       ${GONE} AS gone
     FROM messages m FORCE INDEX (PRIMARY) WHERE m.id IN (?) AND m.pending = ${UNWRITTEN} ORDER BY m.id FOR UPDATE`,
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

/** Locks messages, in the order in which everybody does. */
export async function lockMessages(sql: Sql, ids: readonly number[]): Promise<void> {
  await rows(sql, 'SELECT id FROM messages WHERE id IN (?) ORDER BY id FOR UPDATE', [ids]);
}

/**
 * Locks those of these messages that there are (the transaction of one may have been rolled back), in the order in which
 * everybody does. `groupId` is whose member said it, 0 for a message of the system.
 */
export async function lockGranted(
  sql: Sql,
  ids: readonly number[],
): Promise<{ id: number; urgent: number; groupId: number; gone: Gone }[]> {
  return rows(
    sql,
    `SELECT m.id, m.urgent, IF(m.kind = 'said', m.group_id, 0) AS groupId, ${GONE} AS gone
     FROM messages m FORCE INDEX (PRIMARY) WHERE m.id IN (?) ORDER BY m.id FOR UPDATE`,
    [ids],
  );
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

/** What was said in a group and is still on its way to slots. */
export async function findPendingIn(sql: Sql, groupId: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT id FROM messages WHERE group_id = ? AND pending IN (${UNWRITTEN}, ${WAITING}) AND kind = 'said' ORDER BY id LIMIT 5000`,
    [groupId],
  );
  return found.map(({ id }) => id);
}

/** Which of these groups have messages that wait for slots, the first of them, and how many. */
export async function findWaitingGroups(
  sql: Sql,
  groupIds: readonly number[],
): Promise<{ groupId: number; firstId: number; messages: number }[]> {
  return rows(
    sql,
    `SELECT group_id AS groupId, MIN(id) AS firstId, COUNT(*) AS messages FROM messages
     WHERE group_id IN (?) AND pending = ${WAITING} AND kind = 'said' GROUP BY group_id`,
    [groupIds],
  );
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

/** Messages in a pending state, counted no further than `limit`. */
export async function countPending(sql: Sql, { pending, limit }: { pending: number; limit: number }): Promise<number> {
  const found = await row<{ count: number }>(
    sql,
    'SELECT COUNT(*) AS count FROM (SELECT 1 FROM messages WHERE pending = ? LIMIT ?) few',
    [pending, limit],
  );
  return found?.count ?? 0;
}

/** When the oldest message in a pending state was accepted; undefined where there is none. */
export async function findOldestPending(sql: Sql, pending: number): Promise<Date | undefined> {
  const oldest = await row<{ acceptedAt: Date }>(
    sql,
    'SELECT accepted_at AS acceptedAt FROM messages WHERE pending = ? ORDER BY id LIMIT 1',
    [pending],
  );
  return oldest?.acceptedAt;
}

/** When a message was accepted of which every delivery was tried; undefined where some still wait for their first try. */
export async function readFinished(sql: Sql, messageId: number): Promise<Date | undefined> {
  const found = await row<{ acceptedAt: Date }>(
    sql,
    `SELECT accepted_at AS acceptedAt FROM messages m WHERE id = ? AND pending IS NULL
       AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.message_id = m.id)`,
    [messageId],
  );
  return found?.acceptedAt;
}
