import { book, type Entry, markPaid, topUp } from '../../db/billing/accounts.ts';
import { type ChargeRow, setTakenBack } from '../../db/billing/charges.ts';
import type { Reader } from '../../db/billing/emails.ts';
import { findPaymentEvents } from '../../db/billing/payment-events.ts';
import type { Tx } from '../../db/connect.ts';
import type { Runtime } from '../platform/runtime.ts';
import { emailTemplates } from '../rules/email-templates.ts';
import { takenBack } from '../rules/payments.ts';
import { enqueueEmail } from './emails.ts';

/**
 * Credits a paid charge to the balance, less what was paid back meanwhile, and queues a receipt for the owner. Runs in
 * the transaction that ends the charge, which holds the lock of the account; a positive balance lifts a suspension.
 */
export async function creditCharge(runtime: Runtime, tx: Tx, charge: ChargeRow, now: Date): Promise<void> {
  const { accountId, amount, providerKey: key } = charge;
  await markPaid(tx, accountId);
  await topUp(tx, { accountId, kind: 'charge', amount, messageId: null, key }, now);
  await correctCharge(tx, charge, now);
  await enqueueEmail(runtime, tx, {
    accountId,
    write: (reader) => emailTemplates.receipt({ amount, card: cardIn(reader), at: now, balance: reader.balance }),
    now,
  });
}

function cardIn({ cardBrand: brand, cardLast4: last4 }: Reader): { brand: string; last4: string } | null {
  return brand === null || last4 === null ? null : { brand, last4 };
}

/**
 * Books the difference between what went back of a paid charge, by the provider’s events, and what was booked back
 * before. Returns whether there was any. The caller holds the lock of the account.
 */
export async function correctCharge(tx: Tx, charge: ChargeRow, now: Date): Promise<boolean> {
  const wanted = takenBack(charge.amount, await findPaymentEvents(tx, charge.id));
  const entries = reasons.flatMap(([reason, kind]): Entry[] => {
    const amount = charge[reason] - wanted[reason];
    return amount === 0 ? [] : [{ accountId: charge.accountId, kind, amount, messageId: null }];
  });
  if (entries.length === 0) return false;
  await book(tx, entries, { now });
  await setTakenBack(tx, { id: charge.id, ...wanted });
  return true;
}

const reasons = [
  ['refunded', 'payment_refund'],
  ['disputed', 'dispute'],
  ['failed', 'payment_failed'],
] as const;
