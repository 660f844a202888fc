import { rows, run, type Sql } from '../connect.ts';
import { asTable, BATCHES, type Batch, type BatchKey, batchName, DISSOLVED, deliveriesOf, KEYS } from './batches.ts';
import { asTable as asDeliveryTable, DELIVERIES, jsonTable, keysWith } from './delivery-keys.ts';
import { settleWaiting, WAITING } from './pending-messages.ts';

/**
 * Makes the deliveries of batches wait for a slot again, where nobody has claimed them. For ten minutes, or until they have one,
 * no later message of their groups goes before them.
 */
export async function dissolveBatches(sql: Sql, batches: readonly Batch[]): Promise<void> {
  if (batches.length === 0) return;
  const free = await rows<BatchKey>(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch FROM ${KEYS} ${BATCHES}
     WHERE c.claim = '' FOR UPDATE`,
    [asTable(batches)],
  );
  if (free.length === 0) return;
  const names = new Set(free.map(batchName));
  const deliveries = batches.filter((batch) => names.has(batchName(batch))).flatMap(deliveriesOf);
  await run(
    sql,
    `UPDATE ${keysWith('batch BIGINT UNSIGNED')} ${DELIVERIES} AND d.batch = k.batch
     SET d.queued_at = NULL, d.batch = NULL WHERE d.state = 'queued'`,
    [asDeliveryTable(deliveries, ({ batch }) => [batch])],
  );
  await run(
    sql,
    `UPDATE ${KEYS} ${BATCHES}
     SET c.claim = '${DISSOLVED}', c.due_at = NOW(3) + INTERVAL 10 MINUTE`,
    [asTable(free)],
  );
}

/** `upTo`: everybody up to that person has a slot again. All of these messages that wait for none any more are let go of too. */
export async function endDissolved(
  sql: Sql,
  messageIds: readonly number[],
  placed: readonly { messageId: number; numberId: number; upTo: number }[] = [],
): Promise<void> {
  if (messageIds.length === 0) return;
  const table = [
    ...messageIds.map((id) => [id, 0, 0]),
    ...placed.map(({ messageId, numberId, upTo }) => [messageId, numberId, upTo]),
  ];
  await run(
    sql,
    `DELETE c FROM ${jsonTable(['message_id BIGINT UNSIGNED', 'number_id BIGINT UNSIGNED', 'up_to BIGINT UNSIGNED'])}
     STRAIGHT_JOIN batches c ON c.message_id = k.message_id
     WHERE c.claim = '${DISSOLVED}' AND (c.number_id = k.number_id AND c.last_person <= k.up_to OR NOT EXISTS (
       SELECT 1 FROM messages w WHERE w.id = c.message_id AND w.pending = ${WAITING}))`,
    [JSON.stringify(table)],
  );
}

/** Nothing of these waits for a slot any more, where that is so; nor does anything wait for them. */
export async function endWaiting(sql: Sql, messageIds: readonly number[]): Promise<void> {
  await settleWaiting(sql, messageIds);
  await endDissolved(sql, messageIds);
}

/** Nothing more goes out of a message, so nothing waits for it. Its row is locked. */
export async function endDissolvedOf(sql: Sql, messageId: number): Promise<void> {
  await run(sql, `DELETE FROM batches WHERE message_id = ? AND claim = '${DISSOLVED}'`, [messageId]);
}
