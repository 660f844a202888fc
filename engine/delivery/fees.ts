import { createHash } from 'node:crypto';
import { book, type Entry, type Payer, payersOf } from '../../db/billing/accounts.ts';
import { isDuplicate, type Tx } from '../../db/connect.ts';

/**
 * Pennies that the deliveries of a message cost, negative where they were given back; and how many need not be reserved for
 * them any more, negative where more must be. `payer`: who pays for the message, where that was read with it. `tries`: what names the
 * delivery within its message, and what was heard of its tries by then; whatever costs something has it.
 */
export type Fee = { messageId: number; amount: number; released: number; payer?: Payer | null; tries?: string };

/**
 * Books what is paid for tries that the carrier took, or given back for those that failed after all; to the same account. The same
 * tries of a message with the same outcomes are booked once: fails with an error for `isBookedBefore` where they were.
 */
export async function settleFees(tx: Tx, fees: readonly Fee[], now: Date): Promise<void> {
  const owed = new Map<number, Sum>();
  const refunded = new Map<number, Sum>();
  const released = new Map<number, number>();
  for (const { messageId, amount, released: pennies, tries = '' } of fees) {
    if (pennies !== 0) released.set(messageId, (released.get(messageId) ?? 0) + pennies);
    if (amount !== 0) add(amount > 0 ? owed : refunded, messageId, { amount: -amount, tries });
  }
  const messageIds = [...new Set([...owed.keys(), ...refunded.keys(), ...released.keys()])];
  if (messageIds.length === 0) return;
  const payers = await payersWith(tx, messageIds, fees);
  const entries: Entry[] = messageIds.flatMap((messageId) => {
    const accountId = payers.get(messageId)?.accountId;
    if (accountId === undefined) return [];
    const entry = (kind: 'segments' | 'refund', sum: Sum | undefined): Entry[] =>
      sum === undefined ? [] : [{ accountId, kind, messageId, amount: sum.amount, key: keyOf(messageId, kind, sum) }];
    return [...entry('segments', owed.get(messageId)), ...entry('refund', refunded.get(messageId))];
  });
  const reserved = new Map<number, number>();
  for (const [messageId, pennies] of released) {
    const payer = payers.get(messageId);
    if (!payer || payer.held === null) continue;
    reserved.set(payer.accountId, (reserved.get(payer.accountId) ?? 0) - pennies);
  }
  await book(tx, entries, { reserved, now });
}

/** What was to be booked had been booked before: of a transaction of which only this half was kept. */
export function isBookedBefore(error: unknown): boolean {
  return isDuplicate(error, 'ledger_idempotency');
}

type Sum = { amount: number; tries: string[] };

function add(sums: Map<number, Sum>, messageId: number, { amount, tries }: { amount: number; tries: string }): void {
  const sum = sums.get(messageId) ?? { amount: 0, tries: [] };
  sum.amount += amount;
  sum.tries.push(tries);
  sums.set(messageId, sum);
}

/** Short, however many texts were paid for at once. */
function keyOf(messageId: number, kind: string, { tries }: Sum): string {
  const digest = createHash('sha256').update(tries.sort().join(' ')).digest('base64url');
  return `${messageId}-${kind}-${digest.slice(0, 16)}`;
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
