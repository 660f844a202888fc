import { book, type Entry, type Payer, payersOf } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';

/**
 * Pennies that the deliveries of a message cost, negative where they were given back; and how many need not be reserved for
 * them any more, negative where more must be. `payer`: who pays for the message, where that was read with it.
 */
export type Fee = { messageId: number; amount: number; released: number; payer?: Payer | null };

/** Books what is paid for tries that the carrier took, or given back for those that failed after all; to the same account. */
export async function settleFees(tx: Tx, fees: readonly Fee[], now: Date): Promise<void> {
  const owed = new Map<number, number>();
  const refunded = new Map<number, number>();
  const released = new Map<number, number>();
  for (const { messageId, amount, released: pennies } of fees) {
    if (pennies !== 0) released.set(messageId, (released.get(messageId) ?? 0) + pennies);
    if (amount > 0) owed.set(messageId, (owed.get(messageId) ?? 0) + amount);
    if (amount < 0) refunded.set(messageId, (refunded.get(messageId) ?? 0) - amount);
  }
  const messageIds = [...new Set([...owed.keys(), ...refunded.keys(), ...released.keys()])];
  if (messageIds.length === 0) return;
  const payers = await payersWith(tx, messageIds, fees);
  const entries: Entry[] = messageIds.flatMap((messageId) => {
    const accountId = payers.get(messageId)?.accountId;
    if (accountId === undefined) return [];
    const entry = (kind: 'segments' | 'refund', amount: number): Entry[] =>
      amount === 0 ? [] : [{ accountId, kind, amount, messageId }];
    return [...entry('segments', -(owed.get(messageId) ?? 0)), ...entry('refund', refunded.get(messageId) ?? 0)];
  });
  const reserved = new Map<number, number>();
  for (const [messageId, pennies] of released) {
    const payer = payers.get(messageId);
    if (!payer || payer.held === null) continue;
    reserved.set(payer.accountId, (reserved.get(payer.accountId) ?? 0) - pennies);
  }
  await book(tx, entries, { reserved, now });
}

async function payersWith(
  tx: Tx,
  messageIds: readonly number[],
  fees: readonly Fee[],
): Promise<ReadonlyMap<number, Payer | null>> {
  const known = new Map(fees.flatMap(({ messageId, payer }) => (payer === undefined ? [] : [[messageId, payer]])));
  const others = messageIds.filter((messageId) => !known.has(messageId));
  return others.length === 0 ? known : new Map([...known, ...(await payersOf(tx, others))]);
}
