import { row, rows, run, type Sql } from '../connect.ts';
import { asTable, BATCHES, type BatchKey, GOES_BEFORE, KEYS } from './batches.ts';

/**
 * Batches that something should have happened to by now, the most overdue first. By both clocks, ours and MySQL's. `follows`: it
 * waits, rightly, for one of an earlier message of its group to the same phones that nobody has claimed either.
 */
export async function findExpiredBatches(
  sql: Sql,
  { now, limit }: { now: Date; limit: number },
): Promise<(BatchKey & { claimed: number; follows: number })[]> {
  return rows(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch, c.claim <> '' AS claimed,
       c.claim = '' AND c.group_id <> 0 AND EXISTS (SELECT 1 FROM batches e FORCE INDEX (batches_order)
         WHERE ${GOES_BEFORE} AND e.claim = '') AS follows
     FROM batches c WHERE c.due_at <= LEAST(?, NOW(3)) ORDER BY c.due_at, c.message_id LIMIT ?`,
    [now, limit],
  );
}

/** What a job needs to know of a batch that nobody has claimed. */
export type LostBatch = BatchKey & {
  numberId: number;
  slotAt: Date;
  urgent: number;
  text: string;
  media: string | null;
};

/** Of these batches, those that nobody has claimed by now. */
export async function readUnclaimed(sql: Sql, keys: readonly BatchKey[]): Promise<LostBatch[]> {
  if (keys.length === 0) return [];
  return rows(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch, c.number_id AS numberId, c.slot_at AS slotAt, m.urgent, m.text, m.media
     FROM ${KEYS} ${BATCHES} JOIN messages m ON m.id = c.message_id WHERE c.claim = '' ORDER BY c.message_id`,
    [asTable(keys)],
  );
}

/** Looks at these by then, where nobody has claimed them. */
export async function hastenBatches(sql: Sql, keys: readonly BatchKey[], by: Date): Promise<void> {
  if (keys.length === 0) return;
  await run(sql, `UPDATE ${KEYS} ${BATCHES} SET c.due_at = ? WHERE c.claim = '' AND c.due_at > ?`, [
    asTable(keys),
    by,
    by,
  ]);
}

/** Looks at these again then, where nobody has claimed them. */
export async function postponeBatches(sql: Sql, keys: readonly BatchKey[], until: Date): Promise<void> {
  if (keys.length === 0) return;
  await run(sql, `UPDATE ${KEYS} ${BATCHES} SET c.due_at = ? WHERE c.claim = '' AND c.due_at < ?`, [
    asTable(keys),
    until,
    until,
  ]);
}

/**
 * All queues may be lost: what had a job is overdue `graceMs` before it would be. By the thousand, from the first that is
 * due to the last; what is written is due earlier, and so not looked at again.
 */
export async function requeueBatches(
  sql: Sql,
  { now, graceMs, atOnce = REQUEUED_AT_ONCE }: { now: Date; graceMs: number; atOnce?: number },
): Promise<void> {
  for (let from: Date | undefined = now; from !== undefined; ) {
    const next: { dueAt: Date } | undefined = await row(
      sql,
      'SELECT due_at AS dueAt FROM batches WHERE due_at >= ? ORDER BY due_at LIMIT 1 OFFSET ?',
      [from, atOnce],
    );
    const upTo: Date | undefined = next === undefined ? undefined : new Date(next.dueAt.getTime() + 1);
    await run(
      sql,
      `UPDATE batches SET due_at = GREATEST(due_at - INTERVAL ? MICROSECOND, ?)
       WHERE claim = '' AND due_at >= ? AND due_at < ?`,
      [graceMs * 1000, now, from, upTo ?? LAST],
    );
    from = upTo;
  }
}
const REQUEUED_AT_ONCE = 2_000;
const LAST = new Date('9999-12-31');
