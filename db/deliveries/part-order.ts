import { rows, type Sql } from '../connect.ts';
import type { BatchKey } from './batches.ts';
import type { DeliveryKey } from './delivery-keys.ts';

/**
 * What is in batches of earlier parts of the same messages, for the same people: `waits` where nobody has claimed it, else it is on
 * its way; `part` is its own. Nothing of what is claimed for so long that who claimed it is gone.
 */
export async function findPartsBefore(
  sql: Sql,
  { tries, claimGraceMs }: { tries: readonly DeliveryKey[]; claimGraceMs: number },
): Promise<(BatchKey & DeliveryKey & { waits: number })[]> {
  if (tries.length === 0) return [];
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, b.id AS batch, b.claim = '' AS waits
     FROM deliveries d JOIN batches b ON b.message_id = d.message_id AND b.id = d.batch
     WHERE d.message_id IN (?) AND d.person_id IN (?) AND d.part < ?
       AND IF(b.claim = '', b.due_at > NOW(3) - INTERVAL 10 MINUTE, b.due_at > NOW(3) + INTERVAL ? MICROSECOND)`,
    [
      [...new Set(tries.map(({ messageId }) => messageId))],
      [...new Set(tries.map(({ personId }) => personId))],
      Math.max(...tries.map(({ part }) => part)),
      claimGraceMs * 1000,
    ],
  );
}
