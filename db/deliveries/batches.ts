import { rows, run, type Sql } from '../connect.ts';
import { type DeliveryKey, jsonTable } from './delivery-keys.ts';

/** Names one batch: first tries of one message, through one number, that go out together. */
export type BatchKey = { messageId: number; batch: number };
/** A key as one text, to find it in a set. */
export function batchName({ messageId, batch }: { messageId: number; batch: number | null }): string {
  return `${messageId}-${batch}`;
}

/** `cost`: pennies that one try of each costs. */
export type NewBatch = BatchKey & { numberId: number; cost: number; dueAt: Date };

export async function insertBatches(sql: Sql, batches: readonly NewBatch[]): Promise<void> {
  if (batches.length === 0) return;
  await run(sql, 'INSERT INTO batches (message_id, id, number_id, cost, due_at) VALUES ?', [
    batches.map(({ messageId, batch, numberId, cost, dueAt }) => [messageId, batch, numberId, cost, dueAt]),
  ]);
}

/** What a sender needs to know to send a batch that nobody has claimed, as it is now. */
export type BatchSheet = BatchKey & {
  numberId: number;
  cost: number;
  text: string;
  media: string | null;
  groupId: number | null;
  version: number;
  /** Nobody was blocked, left or was removed since the message was accepted: its roster says who gets it. */
  unchanged: number;
};

export async function readBatchSheets(sql: Sql, keys: readonly BatchKey[]): Promise<BatchSheet[]> {
  return rows(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch, c.number_id AS numberId, c.cost, m.text, m.media,
       m.group_id AS groupId, m.roster_version AS version,
       COALESCE(m.kind = 'said' AND g.state = 'active' AND g.roster_version = m.roster_version, 0) AS unchanged
     FROM ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY} JOIN messages m ON m.id = c.message_id
     LEFT JOIN \`groups\` g ON g.id = m.group_id WHERE c.claim = ''`,
    [asTable(keys)],
  );
}

/** Marks batches as being sent; answers those that this claim got. Nobody else gets them. */
export async function claimBatches<T extends BatchKey>(
  sql: Sql,
  { batches, claim, dueAt }: { batches: readonly T[]; claim: string; dueAt: Date },
): Promise<T[]> {
  const { affected } = await run(
    sql,
    `UPDATE ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY} SET c.claim = ?, c.due_at = ? WHERE c.claim = ''`,
    [asTable(batches), claim, dueAt],
  );
  if (affected === batches.length) return [...batches];
  const got = await rows<BatchKey>(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch FROM ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY} WHERE c.claim = ?`,
    [asTable(batches), claim],
  );
  const names = new Set(got.map(batchName));
  return batches.filter((batch) => names.has(batchName(batch)));
}

/** Each of their deliveries has an outcome, or is looked after by itself. */
export async function endBatches(sql: Sql, keys: readonly BatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await run(sql, `DELETE c FROM ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY}`, [asTable(keys)]);
}

/** Makes the deliveries of batches wait for a slot again, where nobody has claimed them. */
export async function dissolveBatches(sql: Sql, keys: readonly BatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  const free = await rows<BatchKey>(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch FROM ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY}
     WHERE c.claim = '' FOR UPDATE`,
    [asTable(keys)],
  );
  if (free.length === 0) return;
  for (const messageId of new Set(free.map((key) => key.messageId))) {
    const mine = free.filter((key) => key.messageId === messageId).map(({ batch }) => batch);
    await run(
      sql,
      `UPDATE deliveries SET queued_at = NULL, batch = NULL WHERE message_id = ? AND batch IN (?) AND ${UNSETTLED}`,
      [messageId, mine],
    );
  }
  await endBatches(sql, free);
}

/** Batches that something should have happened to by now, the most overdue first. By both clocks, ours and MySQL's. */
export async function findOverdueBatches(
  sql: Sql,
  { now, limit }: { now: Date; limit: number },
): Promise<(BatchKey & { claimed: number })[]> {
  return rows(
    sql,
    `SELECT message_id AS messageId, id AS batch, claim <> '' AS claimed FROM batches
     WHERE due_at <= LEAST(?, NOW(3)) ORDER BY due_at LIMIT ?`,
    [now, limit],
  );
}

/** The deliveries of batches of which nothing was heard yet. */
export async function readUnsettled(sql: Sql, keys: readonly BatchKey[]): Promise<(DeliveryKey & BatchKey)[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.batch
     FROM ${KEYS} STRAIGHT_JOIN deliveries d ON d.message_id = k.message_id AND d.batch = k.batch WHERE ${UNSETTLED}`,
    [asTable(keys)],
  );
}

/** Looks at these again then, where nobody has claimed them. */
export async function postponeBatches(sql: Sql, keys: readonly BatchKey[], until: Date): Promise<void> {
  await run(
    sql,
    `UPDATE ${KEYS} STRAIGHT_JOIN batches c ON ${BY_KEY} SET c.due_at = ? WHERE c.claim = '' AND c.due_at < ?`,
    [asTable(keys), until, until],
  );
}

/** All queues may be lost: what had a job is overdue `graceMs` before it would be. */
export async function recallBatches(sql: Sql, { now, graceMs }: { now: Date; graceMs: number }): Promise<void> {
  await run(
    sql,
    "UPDATE batches SET due_at = GREATEST(due_at - INTERVAL ? MICROSECOND, ?) WHERE claim = '' AND due_at >= ?",
    [graceMs * 1000, now, now],
  );
}

const UNSETTLED = "state = 'queued' AND attempt = 0";
const KEYS = jsonTable(['message_id BIGINT UNSIGNED', 'batch BIGINT UNSIGNED']);
const BY_KEY = 'c.message_id = k.message_id AND c.id = k.batch';

/** In the order in which everybody locks them. */
function asTable(keys: readonly BatchKey[]): string {
  const sorted = keys.toSorted((a, b) => a.messageId - b.messageId || a.batch - b.batch);
  return JSON.stringify(sorted.map(({ messageId, batch }) => [messageId, batch]));
}
