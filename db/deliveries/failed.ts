import { rows, run, type Sql } from '../connect.ts';
import { asTable, DELIVERIES, type DeliveryKey, KEYS } from './delivery-keys.ts';

/** Texts of these rows of messages, from `first` up to `end`, that the carrier failed for good, of this error code where one is named. */
export async function findFailed(
  sql: Sql,
  { first, end, code, limit }: { first: number; end: number; code: number | null; limit: number },
): Promise<DeliveryKey[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part
     FROM deliveries d JOIN messages m ON m.id = d.message_id
     WHERE d.message_id >= ? AND d.message_id < ? AND d.state IN ('failed', 'undelivered') AND d.via = 'sms'
       AND m.cancelled_at IS NULL AND (m.text <> '' OR m.media IS NOT NULL) ${code === null ? '' : 'AND d.error_code = ?'}
     ORDER BY d.message_id, d.person_id, d.part LIMIT ?`,
    [first, end, ...(code === null ? [] : [code]), limit],
  );
}

/** They wait for a slot again; another try has another number. Their messages are locked. */
export async function reopen(sql: Sql, keys: readonly DeliveryKey[]): Promise<void> {
  await run(
    sql,
    `UPDATE ${KEYS} ${DELIVERIES}
     SET d.state = 'queued', d.queued_at = NULL, d.due_at = NULL, d.batch = NULL, d.ended_at = NULL
     WHERE d.state IN ('failed', 'undelivered')`,
    [asTable(keys)],
  );
}
