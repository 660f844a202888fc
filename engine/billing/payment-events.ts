import { holdAccount } from '../../db/billing/accounts.ts';
import { type ChargeRow, findChargeOf, markChargePaid, readCharge } from '../../db/billing/charges.ts';
import { insertPaymentEvent } from '../../db/billing/payment-events.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { type PaymentEvent, UnsignedEvent } from '../payments/payments.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { correctCharge, creditCharge } from './credit.ts';

/**
 * Takes an event of the payment provider, as it was sent. An event about a charge of ours is kept and booked in one
 * transaction, once for each event, in whatever order they arrive. Events about anything else are ignored.
 * Throws FORBIDDEN for an unsigned event, BAD_REQUEST for an unreadable one.
 */
export async function takePaymentEvent(
  runtime: Runtime,
  { body, signature }: { body: string; signature: string },
): Promise<void> {
  const event = await readEvent(body, { signature, secret: runtime.config.STRIPE_WEBHOOK_SECRET });
  if (event === null) return;
  const charge = await findChargeOf(runtime.db, event);
  if (charge === undefined) return;
  const did = await transact(runtime.db, async (tx) => {
    await holdAccount(tx, charge.accountId);
    return take(runtime, tx, { event, chargeId: charge.id });
  });
  runtime.log.info({ charge: charge.id, update: event.update.kind, did }, 'the payment provider reported on a charge');
}

type Did = 'known' | 'nothing' | 'credited' | 'corrected';

async function take(
  runtime: Runtime,
  tx: Tx,
  { event, chargeId }: { event: PaymentEvent; chargeId: number },
): Promise<Did> {
  const now = new Date();
  if (!(await insertPaymentEvent(tx, { ...event.update, eventId: event.id, chargeId, now }))) return 'known';
  const charge = await readCharge(tx, chargeId);
  if (charge === undefined) return 'nothing';
  if (event.update.kind === 'paid' && (await markChargePaid(tx, { id: chargeId, now }))) {
    await creditCharge(runtime, tx, charge, now);
    return 'credited';
  }
  // A charge that is not paid yet is corrected once it is.
  return isPaid(charge) && (await correctCharge(tx, charge, now)) ? 'corrected' : 'nothing';
}

function isPaid({ state }: ChargeRow): boolean {
  return state === 'paid';
}

async function readEvent(body: string, how: { signature: string; secret: string }): Promise<PaymentEvent | null> {
  // The SDK is large, and only processes that receive events need it.
  const { readStripeEvent } = await import('../payments/stripe-events.ts');
  try {
    return readStripeEvent(body, how);
  } catch (cause) {
    if (cause instanceof UnsignedEvent) throw new DomainError('FORBIDDEN');
    throw new DomainError('BAD_REQUEST', { subtype: 'body' });
  }
}
