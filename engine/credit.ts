import { book, type Entry, markPaid, topUp } from '../db/accounts.ts';
import { type ChargeRow, setTakenBack } from '../db/charges.ts';
import type { Tx } from '../db/connect.ts';
import { findPaymentEvents } from '../db/payment-events.ts';
import { takenBack } from './rules/payments.ts';

/**
 * A card has paid: the money comes on the balance, less what went back meanwhile. In the transaction that ends the
 * charge, which holds the lock of the account; a suspension is lifted by the balance.
 */
export async function creditCharge(tx: Tx, charge: ChargeRow, now: Date): Promise<void> {
  const { accountId, amount, providerKey: key } = charge;
  await markPaid(tx, accountId);
  await topUp(tx, { accountId, kind: 'charge', amount, messageId: null, key }, now);
  await correctCharge(tx, charge, now);
}

/**
 * Books the difference between what the provider’s news says went back of a paid charge and what was booked back
 * before; answers whether there was any. The caller holds the lock of the account.
 */
export async function correctCharge(tx: Tx, charge: ChargeRow, now: Date): Promise<boolean> {
  const wanted = takenBack(charge.amount, await findPaymentEvents(tx, charge.id));
  const entries = reasons.flatMap(([reason, kind]): Entry[] => {
    const amount = charge[reason] - wanted[reason];
    return amount === 0 ? [] : [{ accountId: charge.accountId, kind, amount, messageId: null }];
  });
  if (entries.length === 0) return false;
  await book(tx, entries, now);
  await setTakenBack(tx, { id: charge.id, ...wanted });
  return true;
}

const reasons = [
  ['refunded', 'payment_refund'],
  ['disputed', 'dispute'],
  ['failed', 'payment_failed'],
] as const;
