import type { DeliveryState } from '../../engine/rules/status.ts';
import { rows, run, type Sql } from '../connect.ts';
import { asTable, BY_KEY, type DeliveryKey, KEYS, keysWith, ROWS_A_STATEMENT } from './delivery-keys.ts';

export type NewDelivery = DeliveryKey & {
  numberId: number;
  membershipId: number | null;
  state: 'queued' | 'skipped';
  reason: string | null;
  /** Pennies that one try costs the owner of the group. */
  cost: number;
  queuedAt: Date | null;
  /** Set with `queuedAt`: those of a batch are claimed and looked for as one, so they have no `due_at` of their own. */
  batch: number | null;
};

/** Writes deliveries, by the hundred; those that are there already stay as they are. */
export async function insertDeliveries(sql: Sql, deliveries: readonly NewDelivery[], now: Date): Promise<void> {
  for (let from = 0; from < deliveries.length; from += ROWS_A_STATEMENT) {
    const some = deliveries.slice(from, from + ROWS_A_STATEMENT);
    await run(
      sql,
      `INSERT IGNORE INTO deliveries (message_id, person_id, part, number_id, membership_id, state, reason, cost, queued_at, batch, created_at)
       VALUES ?`,
      [
        some.map((one) => [
          one.messageId,
          one.personId,
          one.part,
          one.numberId,
          one.membershipId,
          one.state,
          one.reason,
          one.cost,
          one.queuedAt,
          one.batch,
          now,
        ]),
      ],
    );
  }
}

/** How many deliveries of these messages wait for a slot, a number each. */
export async function countWaiting(
  sql: Sql,
  messageIds: readonly number[],
): Promise<{ messageId: number; groupId: number | null; numberId: number; urgent: number; count: number }[]> {
  if (messageIds.length === 0) return [];
  return rows(
    sql,
    `SELECT d.message_id AS messageId, m.group_id AS groupId, d.number_id AS numberId, m.urgent, COUNT(*) AS count
     FROM deliveries d JOIN messages m ON m.id = d.message_id
     WHERE d.message_id IN (?) AND d.state = 'queued' AND d.queued_at IS NULL
     GROUP BY d.message_id, m.group_id, d.number_id, m.urgent ORDER BY d.message_id`,
    [messageIds],
  );
}

/**
 * Locks the next deliveries of a message that wait for a slot of this number. What somebody else has locked is just
 * moving forward; waiting for it could be a deadlock, because they may wait for the message.
 */
export async function lockWaiting(
  sql: Sql,
  { messageId, numberId, limit }: { messageId: number; numberId: number; limit: number },
): Promise<(DeliveryKey & { attempt: number; cost: number })[]> {
  return rows(
    sql,
    `SELECT message_id AS messageId, person_id AS personId, part, attempt, cost FROM deliveries
     WHERE message_id = ? AND number_id = ? AND state = 'queued' AND queued_at IS NULL
     ORDER BY person_id, part LIMIT ? FOR UPDATE SKIP LOCKED`,
    [messageId, numberId, limit],
  );
}

/** They have a slot each: the jobs of their batches, which are looked for in their place, are about to be queued. */
export async function markQueued(
  sql: Sql,
  placed: readonly (DeliveryKey & { queuedAt: Date; batch: number })[],
): Promise<void> {
  const table = keysWith('queued_at DATETIME(3)', 'batch BIGINT UNSIGNED');
  for (let from = 0; from < placed.length; from += ROWS_A_STATEMENT) {
    await run(
      sql,
      `UPDATE ${table} STRAIGHT_JOIN deliveries d ON ${BY_KEY} SET d.queued_at = k.queued_at, d.due_at = NULL, d.batch = k.batch`,
      [asTable(placed.slice(from, from + ROWS_A_STATEMENT), ({ queuedAt, batch }) => [asTime(queuedAt), batch])],
    );
  }
}

/** As MySQL writes it, in UTC. */
function asTime(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', '');
}

/** Back to waiting for a slot, where they are still queued for that try and in no batch. */
export async function markWaitingAgain(sql: Sql, tries: readonly (DeliveryKey & { attempt: number })[]): Promise<void> {
  for (const { messageId, personId, part, attempt } of tries) {
    await run(
      sql,
      `UPDATE deliveries SET queued_at = NULL, due_at = NULL WHERE message_id = ? AND person_id = ? AND part = ? AND attempt = ? AND state = 'queued' AND batch IS NULL`,
      [messageId, personId, part, attempt],
    );
  }
}

/**
 * Deliveries that something should have happened to by now, the most overdue first. By both clocks, ours and MySQL's:
 * one that is ahead would give up on what is just being done.
 */
export async function findExpired(
  sql: Sql,
  { now, limit }: { now: Date; limit: number },
): Promise<(DeliveryKey & { state: DeliveryState; attempt: number; via: 'sms' | 'push' })[]> {
  return rows(
    sql,
    'SELECT message_id AS messageId, person_id AS personId, part, state, attempt, via FROM deliveries WHERE due_at <= LEAST(?, NOW(3)) ORDER BY due_at LIMIT ?',
    [now, limit],
  );
}

/** Looks at these again then, where they are still queued. */
export async function postpone(sql: Sql, keys: readonly DeliveryKey[], until: Date): Promise<void> {
  if (keys.length === 0) return;
  await run(
    sql,
    `UPDATE ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY} SET d.due_at = ? WHERE d.state = 'queued' AND d.due_at < ?`,
    [asTable(keys), until, until],
  );
}

/** All queues may be lost: whatever had a job is overdue as soon as that job was due. */
export async function requeueWaiting(sql: Sql, now: Date): Promise<void> {
  await run(
    sql,
    "UPDATE deliveries SET due_at = GREATEST(queued_at, ?) WHERE due_at >= ? AND state = 'queued' AND queued_at IS NOT NULL",
    [now, now],
  );
}
