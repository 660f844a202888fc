import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdAccount, lockAccount } from '../../db/billing/accounts.ts';
import {
  type ChargeRow,
  endCharge,
  findCharge,
  findLeftCharges,
  findOpenCharge,
  holdCharge,
  insertCharge,
  type NewCharge,
  releaseCharge,
  setChargeRef,
  setPaymentRef,
} from '../../db/billing/charges.ts';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { hasExpired } from '../payments/cards.ts';
import { paymentsOf } from '../payments/open.ts';
import { CardRefused, type Outcome, PaymentsUnavailable } from '../payments/payments.ts';
import { countCardTry } from '../people/throttle.ts';
import { DomainError, unavailable } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { creditCharge } from './credit.ts';

/**
 * Charges the account’s card with `amount` pennies, which are on its balance when this returns. The same `key` again is
 * the same charge and has the same result. Throws NO_ACCOUNT, NO_CREDIT_CARD, EXPIRED_CREDIT_CARD, DECLINED (with the
 * provider’s reason), and UNAVAILABLE: too many were declined, nothing was charged, or `settleCharges` will find out.
 *
 * A charge is written to the database before the provider is asked. An account has at most one open charge, held by the
 * call that works on it; other calls wait. An abandoned charge is settled first, by asking the provider for its outcome.
 */
export async function charge(
  runtime: Runtime,
  { address, ...wanted }: { personId: number; amount: number; key: string | null; address: string },
): Promise<void> {
  const counted = await countCardTry(runtime, 'declines', { personId: wanted.personId, address });
  let isDeclined = false;
  try {
    const { isNew, ...ended } = await chargeOnce(runtime, wanted);
    isDeclined = isNew && ended.state === 'declined';
    answer(ended);
  } finally {
    if (!isDeclined) await counted.giveBack();
  }
}

/** `isNew`: it ended in this call. */
async function chargeOnce(
  runtime: Runtime,
  { personId, amount, key }: { personId: number; amount: number; key: string | null },
): Promise<Ended & { isNew: boolean }> {
  const requestKey = key === null ? null : createHash('sha256').update(key).digest('hex');
  const request = { personId, amount, requestKey };
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const opened = await transact(runtime.db, (tx) => openCharge(runtime, tx, request));
    if (opened.kind === 'ended') return { ...opened.ended, isNew: false };
    if (opened.kind === 'begun') return { ...(await make(runtime, opened.charge)), isNew: true };
    if (opened.kind === 'left') {
      const left = await settle(runtime, opened.charge);
      // A caller without an answer tries again, also without a key: that is the same charge.
      if (
        left.state === 'paid' &&
        requestKey === null &&
        opened.charge.requestKey === null &&
        opened.charge.amount === amount
      )
        return { ...left, isNew: false };
    }
    if (performance.now() > deadline) throw unavailable('charge');
    if (opened.kind === 'busy') await sleep(40 + Math.random() * 60);
  }
}

/** Finds the outcome of abandoned charges. Returns how many there were. */
export async function settleCharges(runtime: Runtime): Promise<number> {
  const left = await findLeftCharges(runtime.db, { now: await readClock(runtime.db), limit: 100 });
  for (const one of left) {
    const now = await readClock(runtime.db);
    if (!(await holdCharge(runtime.db, { id: one.id, until: new Date(now.getTime() + HOLD_MS), now }))) continue;
    await settle(runtime, one).catch((err) =>
      runtime.log.warn({ err, charge: one.id }, 'the outcome of a charge was not found; it is asked for again'),
    );
  }
  return left.length;
}

/** How long a call waits for another charge of its account. */
const WAIT_MS = 12_000;
/** How long a charge is held: longer than the provider may take. */
const HOLD_MS = 45_000;

type ChargeRequest = { personId: number; amount: number; requestKey: string | null };
type Ended = { state: ChargeRow['state']; reason: string | null; chargeRef?: string | null };
type Opened = { kind: 'ended'; ended: Ended } | { kind: 'begun' | 'left'; charge: ChargeRow } | { kind: 'busy' };

async function openCharge(runtime: Runtime, tx: Tx, { personId, amount, requestKey }: ChargeRequest): Promise<Opened> {
  const now = await readClock(tx);
  const heldUntil = new Date(now.getTime() + HOLD_MS);
  const account = await lockAccount(tx, personId);
  if (account === undefined) throw new DomainError('NO_ACCOUNT');
  const { id: accountId, customerRef, cardRef, cardExpires } = account;
  const same = requestKey === null ? undefined : await findCharge(tx, { accountId, requestKey });
  if (same !== undefined && same.amount !== amount)
    throw new DomainError('BAD_REQUEST', { subtype: 'idempotency_key' });
  if (same !== undefined && same.state !== 'open') return { kind: 'ended', ended: same };
  const open = await findOpenCharge(tx, accountId);
  if (open !== undefined) {
    const isLeft = open.heldUntil <= now && (await holdCharge(tx, { id: open.id, until: heldUntil, now }));
    return isLeft ? { kind: 'left', charge: open } : { kind: 'busy' };
  }
  if (customerRef === null || cardRef === null) throw new DomainError('NO_CREDIT_CARD');
  if (cardExpires === null || hasExpired(cardExpires, now)) throw new DomainError('EXPIRED_CREDIT_CARD');
  if (runtime.config.STRIPE_SECRET_KEY === '') throw unavailable('payments');
  const wanted: NewCharge = {
    accountId,
    amount,
    heldUntil,
    requestKey,
    providerKey: randomUUID(),
    customerRef,
    cardRef,
  };
  const id = await insertCharge(tx, { ...wanted, now });
  const nothing = { paymentRef: null, reason: null, refunded: 0, disputed: 0, failed: 0 };
  return { kind: 'begun', charge: { ...wanted, ...nothing, id, state: 'open' } };
}

/** Asks the provider for the money. If the outcome remains unclear, any process may look it up from now on. */
async function make(runtime: Runtime, charge: ChargeRow): Promise<Ended> {
  const payments = await paymentsOf(runtime);
  const { amount, customerRef, cardRef, providerKey } = charge;
  let begun: { paymentRef: string; outcome: Outcome };
  try {
    begun = await payments.prepare({ amount, customerRef, cardRef, key: providerKey });
  } catch (error) {
    if (error instanceof CardRefused) return end(runtime, charge, { state: 'declined', reason: error.reason });
    await end(runtime, charge, FAILED);
    throw error instanceof PaymentsUnavailable ? unavailable('payments', error) : error;
  }
  const { paymentRef, outcome } = begun;
  // Another process considered it abandoned and has ended it.
  if (!(await setPaymentRef(runtime.db, { id: charge.id, paymentRef }))) throw unavailable('charge');
  try {
    const isReady = outcome.kind === 'ready';
    return await conclude(runtime, charge, isReady ? await payments.confirm(paymentRef, providerKey) : outcome);
  } catch (error) {
    await releaseCharge(runtime.db, { id: charge.id, now: await readClock(runtime.db) });
    throw error instanceof PaymentsUnavailable ? unavailable('payments', error) : error;
  }
}

/** Finds the outcome of a charge that the caller holds. A payment that was not made by now is cancelled. */
async function settle(runtime: Runtime, charge: ChargeRow): Promise<Ended> {
  const { paymentRef } = charge;
  if (paymentRef === null) return end(runtime, charge, FAILED);
  const payments = await paymentsOf(runtime);
  try {
    const seen = await payments.look(paymentRef);
    if (seen.kind === 'ready') await payments.cancel(paymentRef);
    return await conclude(runtime, charge, seen.kind === 'ready' ? { kind: 'cancelled' } : seen);
  } catch (error) {
    throw error instanceof PaymentsUnavailable ? unavailable('payments', error) : error;
  }
}

const FAILED: Ended = { state: 'failed', reason: null };

async function conclude(runtime: Runtime, charge: ChargeRow, outcome: Outcome): Promise<Ended> {
  switch (outcome.kind) {
    case 'paid':
      return end(runtime, charge, { state: 'paid', reason: null, chargeRef: outcome.chargeRef });
    case 'declined':
      return end(runtime, charge, { state: 'declined', reason: outcome.reason.slice(0, 100) });
    case 'cancelled':
      return end(runtime, charge, FAILED);
    default:
      throw new PaymentsUnavailable(`a payment is ${outcome.kind}`);
  }
}

/** Ends a charge and, if it was paid, credits the balance: in one transaction, once. */
async function end(runtime: Runtime, charge: ChargeRow, ended: Ended): Promise<Ended> {
  const { state, reason, chargeRef = null } = ended;
  if (state === 'open') return ended;
  const { id, accountId } = charge;
  const now = new Date();
  await transact(runtime.db, async (tx) => {
    await holdAccount(tx, accountId);
    if (chargeRef !== null) await setChargeRef(tx, { id, chargeRef });
    if ((await endCharge(tx, { id, state, reason, now })) && state === 'paid')
      await creditCharge(runtime, tx, charge, now);
  });
  runtime.log.info({ charge: id, state, ...(reason === null ? {} : { reason }) }, 'a charge ended');
  return ended;
}

function answer({ state, reason }: Ended): void {
  if (state === 'declined') throw new DomainError('DECLINED', { subtype: reason ?? 'card_declined' });
  if (state !== 'paid') throw unavailable('payments');
}
