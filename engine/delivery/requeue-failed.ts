import { type Sql, transact } from '../../db/connect.ts';
import { type DeliveryRow, lockDeliveries } from '../../db/deliveries/delivery-progress.ts';
import { findFailed, reopen } from '../../db/deliveries/failed.ts';
import { lockMessages, markWaiting } from '../../db/deliveries/pending-messages.ts';
import type { DeliveryState } from '../rules/status.ts';
import { type Fee, settleFees } from './fees.ts';

/** Rows of messages, from `first` up to `end`; of one error code of the carrier, or of all. */
export type FailedOf = { first: number; end: number; code: number | null };

/**
 * Gives texts that have failed another try: they stand in line with the next sweep, and who is blocked or gone by then is
 * skipped as ever. Each is paid as any try. Returns how many those are.
 */
export async function requeueFailed(sql: Sql, { first, end, code }: FailedOf, now: Date): Promise<number> {
  let requeued = 0;
  for (let from = first; from < end; from += MESSAGES_AT_ONCE) {
    const some = { first: from, end: Math.min(end, from + MESSAGES_AT_ONCE), code, limit: TEXTS_AT_ONCE };
    for (let last = 1; last > 0; requeued += last)
      last = await transact(sql, async (tx) => {
        const found = await findFailed(tx, some);
        const messageIds = [...new Set(found.map(({ messageId }) => messageId))];
        if (messageIds.length === 0) return 0;
        await lockMessages(tx, messageIds);
        // A late report may say now that one has arrived after all.
        const failed = (await lockDeliveries(tx, found)).filter(({ state }) => endings.has(state));
        await reopen(tx, failed);
        await settleFees(tx, failed.map(reserving), now);
        await markWaiting(tx, messageIds);
        return failed.length;
      });
  }
  return requeued;
}

const MESSAGES_AT_ONCE = 500;
const TEXTS_AT_ONCE = 1_000;
const endings = new Set<DeliveryState>(['failed', 'undelivered']);

/** What was taken but not delivered is paid for, and another try costs as much again. */
function reserving({ messageId, cost }: DeliveryRow): Fee {
  return { messageId, amount: 0, released: -cost };
}
