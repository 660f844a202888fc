import { blockedSql } from '../people/blocks.ts';
import { jsonTable } from './delivery-keys.ts';

/** Of a membership `b`. */
export const MUTED = 'b.muted_until > NOW(3)';
export const OFF = 'b.sms = 0';
/** Of an account `a`. */
export const SUSPENDED = "(a.type <> 'F' AND a.balance <= 0)";

/**
 * The batches some of whose people are to get nothing of it, by what rows say at this moment, whatever any roster says:
 * they said STOP, left or were removed, are muted or get no texts, who pays for it has nothing left, or it was cancelled. A derived table
 * whose one parameter is `recipientsOf`.
 */
export const BARRED_BATCHES = `(SELECT DISTINCT k.message_id, k.batch
  FROM ${jsonTable(['message_id BIGINT UNSIGNED', 'batch BIGINT UNSIGNED', 'person_id BIGINT UNSIGNED'])}
  STRAIGHT_JOIN messages m ON m.id = k.message_id STRAIGHT_JOIN people p ON p.id = k.person_id
  LEFT JOIN memberships b ON b.group_id = m.group_id AND b.person_id = p.id AND b.live = 1
  LEFT JOIN numbers n ON n.id = b.number_id LEFT JOIN accounts a ON a.id = m.payer_id
  WHERE ${blockedSql('p', 'n')} AND m.ignore_opt_out = 0 OR m.kind = 'said' AND (b.id IS NULL OR b.left_at IS NOT NULL OR ${MUTED} OR ${OFF} OR ${SUSPENDED} OR m.cancelled_at IS NOT NULL))`;

export function recipientsOf(batches: readonly { messageId: number; batch: number; to: readonly number[] }[]): string {
  return JSON.stringify(
    batches.flatMap(({ messageId, batch, to }) => to.map((personId) => [messageId, batch, personId])),
  );
}
