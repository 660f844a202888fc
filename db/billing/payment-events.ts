import { isDuplicate, rows, run, type Sql } from '../connect.ts';

/** What the payment provider told of a charge, as rules/payments.ts has it. */
export type PaymentEventRow = {
  kind: 'paid' | 'failed' | 'refund_total' | 'refund' | 'refund_failed' | 'dispute' | 'dispute_cleared';
  subject: string | null;
  amount: number;
  atMs: number;
};

/** Keeps an event; false where it is kept already. */
export async function insertPaymentEvent(
  sql: Sql,
  { eventId, chargeId, kind, subject, amount, atMs, now }: PaymentEventRow & NewEvent,
): Promise<boolean> {
  try {
    await run(
      sql,
      `INSERT INTO payment_events (event_id, charge_id, kind, subject, amount, happened_at, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [eventId, chargeId, kind, subject, amount, new Date(atMs), now],
    );
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
type NewEvent = { eventId: string; chargeId: number; now: Date };

export async function findPaymentEvents(sql: Sql, chargeId: number): Promise<PaymentEventRow[]> {
  const found = await rows<Omit<PaymentEventRow, 'atMs'> & { at: Date }>(
    sql,
    'SELECT kind, subject, amount, happened_at AS at FROM payment_events WHERE charge_id = ?',
    [chargeId],
  );
  return found.map(({ at, ...event }) => ({ ...event, atMs: at.getTime() }));
}
