import { type Sql, transact } from '../../db/connect.ts';
import { countStates, dissolveUnclaimed, markCancelled } from '../../db/deliveries/cancelled.ts';
import { skipGone } from '../../db/deliveries/deliveries.ts';
import { lockMessages, settleWaiting } from '../../db/deliveries/pending-messages.ts';
import { cancelOwed } from '../../db/messages/bundles.ts';
import { settleFees } from './fees.ts';

/**
 * Stops a message that a member said: what no sender has claimed never goes out, what was reserved for it is free, and it is
 * told in no text for several that is not written yet. What is not fanned out yet is written as skipped by the fan-out. Returns null where it was cancelled before, or is a text of ours and
 * these are not stopped too.
 */
export async function cancelMessage(
  sql: Sql,
  { messageId, now, oursToo = false }: { messageId: number; now: Date; oursToo?: boolean },
): Promise<Cancelled | null> {
  // Committed first: from here on the stop holds, whatever becomes of the rest.
  if (!(await markCancelled(sql, { messageId, now, oursToo }))) return null;
  await cancelOwed(sql, messageId);
  while ((await skipSome(sql, messageId, now)) > 0);
  const states = await countStates(sql, messageId);
  const sum = (wanted: (one: (typeof states)[number]) => boolean) =>
    states.filter(wanted).reduce((total, { texts }) => total + texts, 0);
  return {
    messageId,
    stopped: sum(({ reason }) => reason === 'cancelled'),
    underWay: sum(({ state }) => state === 'queued' || state === 'sending' || state === 'unknown'),
    gone: sum(({ state }) => state === 'sent' || state === 'delivered' || state === 'undelivered'),
  };
}

/** Texts that were stopped, that a sender has at this moment, and that had gone out before. */
export type Cancelled = { messageId: number; stopped: number; underWay: number; gone: number };

async function skipSome(sql: Sql, messageId: number, now: Date): Promise<number> {
  return transact(sql, async (tx) => {
    await lockMessages(tx, [messageId]);
    await dissolveUnclaimed(tx, messageId);
    const { skipped, released } = await skipGone(tx, { messageId, reason: 'cancelled' });
    await settleFees(tx, [{ messageId, amount: 0, released }], now);
    if (skipped === 0) await settleWaiting(tx, [messageId]);
    return skipped;
  });
}
