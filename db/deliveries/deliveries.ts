import type { DeliveryState } from '../../engine/rules/status.ts';
import { row, rows, run, type Sql } from '../connect.ts';
import { asTable, DELIVERIES, type DeliveryKey, KEYS, keysWith, ROWS_A_STATEMENT } from './delivery-keys.ts';
import { GONE, type Gone } from './gone.ts';

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

/** What of a message waits for slots of a number. */
export type Waits = {
  messageId: number;
  groupId: number | null;
  numberId: number;
  urgent: number;
  gone: Gone;
  count: number;
  text: string;
  media: string | null;
};

/** How many deliveries of these messages wait for a slot, a number each. Reads every row of theirs. */
export async function countWaiting(sql: Sql, messageIds: readonly number[]): Promise<Waits[]> {
  if (messageIds.length === 0) return [];
  return rows(
    sql,
    `SELECT m.id AS messageId, m.group_id AS groupId, d.numberId, m.urgent, ${GONE} AS gone, d.count, m.text, m.media
     FROM (SELECT message_id, number_id AS numberId, COUNT(*) AS count FROM deliveries
       WHERE message_id IN (?) AND state = 'queued' AND queued_at IS NULL GROUP BY message_id, number_id) d
     JOIN messages m ON m.id = d.message_id ORDER BY m.id`,
    [messageIds],
  );
}

/**
 * Nothing more is sent of a message that nobody has begun to send; a bounded part of it at once, where it is large. Returns
 * how many that was, and the pennies that need not be reserved for them any more. In a transaction, because no statement
 * that MySQL knows both changes and returns rows.
 */
export async function skipGone(
  sql: Sql,
  { messageId, reason }: { messageId: number; reason: NonNullable<Gone> },
): Promise<{ skipped: number; released: number }> {
  const waiting = await rows<{ cost: number }>(
    sql,
    `SELECT cost FROM deliveries ${IDLE_OF_ONE} LIMIT ${SKIPPED_AT_ONCE} FOR UPDATE`,
    [messageId],
  );
  await run(
    sql,
    `UPDATE deliveries SET state = 'skipped', reason = ?, due_at = NULL, ended_at = NOW(3) ${IDLE_OF_ONE} LIMIT ${SKIPPED_AT_ONCE}`,
    [reason, messageId],
  );
  return { skipped: waiting.length, released: waiting.reduce((sum, { cost }) => sum + cost, 0) };
}
/** They wait for a slot, for the end of a backoff or for their push. */
const IDLE_OF_ONE = "WHERE message_id = ? AND state = 'queued' AND batch IS NULL ORDER BY person_id, part";
const SKIPPED_AT_ONCE = 5_000;

/** So many of the deliveries of a message that wait for a slot of this number. */
export type Wanted = { messageId: number; numberId: number; limit: number };

/**
 * Locks the next deliveries of messages that wait for slots of numbers; each is named once. What somebody else has locked is
 * just moving forward; waiting for it could be a deadlock, because they may wait for the message. Comes in the order of the
 * people of each message and number.
 */
export async function lockWaiting(sql: Sql, wanted: readonly Wanted[]): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (let from = 0; from < wanted.length; from += WANTED_A_STATEMENT) {
    const some = wanted.slice(from, from + WANTED_A_STATEMENT);
    found.push(
      ...(await rows<Waiting>(
        sql,
        some.map(() => LOCK_WAITING).join(' UNION ALL '),
        some.flatMap(({ messageId, numberId, limit }) => [messageId, numberId, limit]),
      )),
    );
  }
  // A server may hand the parts of a union on as it likes.
  return found.sort((a, b) => a.messageId - b.messageId || a.personId - b.personId || a.part - b.part);
}
type Waiting = DeliveryKey & { numberId: number; attempt: number; cost: number };
/** Each with a limit and locks of its own. */
const LOCK_WAITING = `(SELECT message_id AS messageId, number_id AS numberId, person_id AS personId, part, attempt, cost FROM deliveries
  WHERE message_id = ? AND number_id = ? AND state = 'queued' AND queued_at IS NULL
  ORDER BY person_id, part LIMIT ? FOR UPDATE SKIP LOCKED)`;
const WANTED_A_STATEMENT = 50;

/** They have a slot each: the jobs of their batches, which are looked for in their place, are about to be queued. */
export async function markQueued(
  sql: Sql,
  placed: readonly (DeliveryKey & { queuedAt: Date; batch: number })[],
): Promise<void> {
  const table = keysWith('queued_at DATETIME(3)', 'batch BIGINT UNSIGNED');
  for (let from = 0; from < placed.length; from += ROWS_A_STATEMENT) {
    await run(sql, `UPDATE ${table} ${DELIVERIES} SET d.queued_at = k.queued_at, d.due_at = NULL, d.batch = k.batch`, [
      asTable(placed.slice(from, from + ROWS_A_STATEMENT), ({ queuedAt, batch }) => [asTime(queuedAt), batch]),
    ]);
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
  await run(sql, `UPDATE ${KEYS} ${DELIVERIES} SET d.due_at = ? WHERE d.state = 'queued' AND d.due_at < ?`, [
    asTable(keys),
    until,
    until,
  ]);
}

/**
 * All queues may be lost: whatever had a job is overdue as soon as that job was due. By the thousand, from the first that is
 * due to the last; what is written is due earlier, and so not looked at again.
 */
export async function requeueWaiting(sql: Sql, now: Date): Promise<void> {
  for (let from: Date | undefined = now; from !== undefined; ) {
    const next: { dueAt: Date } | undefined = await row(
      sql,
      'SELECT due_at AS dueAt FROM deliveries WHERE due_at >= ? ORDER BY due_at LIMIT 1 OFFSET ?',
      [from, REQUEUED_AT_ONCE],
    );
    const upTo: Date = next === undefined ? LAST : new Date(next.dueAt.getTime() + 1);
    await run(
      sql,
      `UPDATE deliveries SET due_at = GREATEST(queued_at, ?)
       WHERE due_at >= ? AND due_at < ? AND state = 'queued' AND queued_at IS NOT NULL`,
      [now, from, upTo],
    );
    from = next === undefined ? undefined : upTo;
  }
}
const REQUEUED_AT_ONCE = 2_000;
const LAST = new Date('9999-12-31');
