import { row, rows, type Sql } from '../connect.ts';

/** Pennies that the deliveries of a message say were paid for it by this account, and what the ledger says. */
export type Paid = { messageId: number; accountId: number; charged: number; booked: number };

/** Of those of these messages that somebody pays for. Nothing is locked: see `squarePaid`. */
export async function addUpPaid(sql: Sql, messageIds: readonly number[]): Promise<Paid[]> {
  if (messageIds.length === 0) return [];
  const charged = await rows<Omit<Paid, 'booked'>>(
    sql,
    `SELECT m.id AS messageId, m.payer_id AS accountId,
       COALESCE((SELECT SUM(d.charged) FROM deliveries d WHERE d.message_id = m.id), 0) AS charged
     FROM messages m WHERE m.id IN (?) AND m.payer_id IS NOT NULL`,
    [messageIds],
  );
  if (charged.length === 0) return [];
  const booked = await rows<{ messageId: number; amount: number }>(
    sql,
    `SELECT message_id AS messageId, SUM(amount) AS amount FROM ledger FORCE INDEX (ledger_message)
     WHERE message_id IN (?) AND kind IN ('segments', 'refund') GROUP BY message_id`,
    [charged.map(({ messageId }) => messageId)],
  );
  const amounts = new Map(booked.map(({ messageId, amount }) => [messageId, amount]));
  return charged.map((one) => ({ ...one, booked: -(amounts.get(one.messageId) ?? 0) }));
}

/** Messages that somebody pays for, of the rows from `first` up to `end`; the oldest `limit`. */
export async function findPaying(
  sql: Sql,
  { first, end, limit }: { first: number; end: number; limit: number },
): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    'SELECT id FROM messages WHERE id >= ? AND id < ? AND payer_id IS NOT NULL ORDER BY id LIMIT ?',
    [first, end, limit],
  );
  return found.map(({ id }) => id);
}

/**
 * Which of these accounts pay for something that is under way: not written, not sent, or without an outcome. All of them where more
 * than `most` messages or deliveries are: looking through a backlog would take longer than a statement may.
 */
export async function findPayingNow(
  sql: Sql,
  accountIds: readonly number[],
  most = 10_000,
): Promise<ReadonlySet<number>> {
  if (accountIds.length === 0) return new Set();
  const some = await row<{ count: number }>(
    sql,
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE pending IS NOT NULL LIMIT ?) p)
       + (SELECT COUNT(*) FROM (SELECT 1 FROM batches LIMIT ?) b)
       + (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE due_at IS NOT NULL LIMIT ?) d) AS count`,
    Array(3).fill(most + 1),
  );
  if ((some?.count ?? 0) > most) return new Set(accountIds);
  const found = await rows<{ accountId: number }>(
    sql,
    `SELECT DISTINCT m.payer_id AS accountId FROM (
       SELECT id FROM messages WHERE pending IS NOT NULL
       UNION SELECT message_id FROM batches
       UNION SELECT message_id FROM deliveries WHERE due_at IS NOT NULL) w
     JOIN messages m ON m.id = w.id WHERE m.payer_id IN (?)`,
    [accountIds],
  );
  return new Set(found.map(({ accountId }) => accountId));
}
