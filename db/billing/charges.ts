import { row, rows, run, type Sql } from '../connect.ts';

/** A charge of a card, in pennies. */
export type ChargeRow = {
  id: number;
  accountId: number;
  amount: number;
  state: 'open' | 'paid' | 'declined' | 'failed';
  heldUntil: Date;
  requestKey: string | null;
  providerKey: string;
  customerRef: string;
  cardRef: string;
  paymentRef: string | null;
  reason: string | null;
  /** Pennies that were booked back, by what they were booked back for. */
  refunded: number;
  disputed: number;
  failed: number;
};

const columns = `id, account_id AS accountId, amount, state, held_until AS heldUntil, request_key AS requestKey,
  provider_key AS providerKey, customer_ref AS customerRef, card_ref AS cardRef, payment_ref AS paymentRef, reason,
  refunded, disputed, failed`;

export type NewCharge = Omit<ChargeRow, 'id' | 'state' | 'paymentRef' | 'reason' | 'refunded' | 'disputed' | 'failed'>;

/** Opens a charge; its id. Fails with a duplicate error where the account has one that is open. */
export async function insertCharge(sql: Sql, charge: NewCharge & { now: Date }): Promise<number> {
  const { id } = await run(
    sql,
    `INSERT INTO charges (account_id, amount, state, open, held_until, request_key, provider_key, customer_ref, card_ref, created_at)
     VALUES (?, ?, 'open', 1, ?, ?, ?, ?, ?, ?)`,
    [
      charge.accountId,
      charge.amount,
      charge.heldUntil,
      charge.requestKey,
      charge.providerKey,
      charge.customerRef,
      charge.cardRef,
      charge.now,
    ],
  );
  return id;
}

/** The charge that a client’s idempotency key stands for. */
export async function findCharge(
  sql: Sql,
  { accountId, requestKey }: { accountId: number; requestKey: string },
): Promise<ChargeRow | undefined> {
  return row(sql, `SELECT ${columns} FROM charges WHERE account_id = ? AND request_key = ?`, [accountId, requestKey]);
}

/** The one charge of an account whose outcome is not known. */
export async function findOpenCharge(sql: Sql, accountId: number): Promise<ChargeRow | undefined> {
  return row(sql, `SELECT ${columns} FROM charges WHERE account_id = ? AND open = 1`, [accountId]);
}

/** Open charges that nobody works on any more. */
export async function findLeftCharges(sql: Sql, { now, limit }: { now: Date; limit: number }): Promise<ChargeRow[]> {
  return rows(sql, `SELECT ${columns} FROM charges WHERE open = 1 AND held_until <= ? ORDER BY held_until LIMIT ?`, [
    now,
    limit,
  ]);
}

/** Takes a charge that nobody works on; false where somebody does, or where it has ended. */
export async function holdCharge(
  sql: Sql,
  { id, until, now }: { id: number; until: Date; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE charges SET held_until = ? WHERE id = ? AND open = 1 AND held_until <= ?',
    [until, id, now],
  );
  return affected === 1;
}

/** Lets go of an open charge, so that anybody may find out what became of it. */
export async function releaseCharge(sql: Sql, { id, now }: { id: number; now: Date }): Promise<void> {
  await run(sql, 'UPDATE charges SET held_until = ? WHERE id = ? AND open = 1', [now, id]);
}

export async function setPaymentRef(
  sql: Sql,
  { id, paymentRef }: { id: number; paymentRef: string },
): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE charges SET payment_ref = ? WHERE id = ? AND open = 1', [paymentRef, id]);
  return affected === 1;
}

/**
 * Ends a charge; false where it had ended before. One that failed, for no fault of the card, frees its idempotency
 * key: the next try is a new charge.
 */
export async function endCharge(
  sql: Sql,
  { id, state, reason, now }: { id: number; state: 'paid' | 'declined' | 'failed'; reason: string | null; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    `UPDATE charges SET state = ?, reason = ?, open = NULL, ended_at = ?, request_key = IF(? = 'failed', NULL, request_key)
     WHERE id = ? AND open = 1`,
    [state, reason, now, state, id],
  );
  return affected === 1;
}

/** A charge was paid after all, whatever was thought to have become of it; false where that is known. */
export async function markChargePaid(sql: Sql, { id, now }: { id: number; now: Date }): Promise<boolean> {
  const { affected } = await run(
    sql,
    "UPDATE charges SET state = 'paid', reason = NULL, open = NULL, ended_at = ? WHERE id = ? AND state <> 'paid'",
    [now, id],
  );
  return affected === 1;
}

/** The charge that the provider means by one of its two names. */
export async function findChargeOf(
  sql: Sql,
  { paymentRef, chargeRef }: { paymentRef: string | null; chargeRef: string | null },
): Promise<ChargeRow | undefined> {
  const byPayment = `SELECT ${columns} FROM charges WHERE payment_ref = ? LIMIT 1`;
  const byCharge = `SELECT ${columns} FROM charges WHERE charge_ref = ? LIMIT 1`;
  const found = paymentRef === null ? undefined : await row<ChargeRow>(sql, byPayment, [paymentRef]);
  return found ?? (chargeRef === null ? undefined : row<ChargeRow>(sql, byCharge, [chargeRef]));
}

export async function readCharge(sql: Sql, id: number): Promise<ChargeRow | undefined> {
  return row(sql, `SELECT ${columns} FROM charges WHERE id = ?`, [id]);
}

export async function setChargeRef(sql: Sql, { id, chargeRef }: { id: number; chargeRef: string }): Promise<void> {
  await run(sql, 'UPDATE charges SET charge_ref = ? WHERE id = ?', [chargeRef, id]);
}

/** What is booked back of a charge by now. */
export async function setTakenBack(
  sql: Sql,
  { id, refunded, disputed, failed }: Pick<ChargeRow, 'id' | 'refunded' | 'disputed' | 'failed'>,
): Promise<void> {
  await run(sql, 'UPDATE charges SET refunded = ?, disputed = ?, failed = ? WHERE id = ?', [
    refunded,
    disputed,
    failed,
    id,
  ]);
}
