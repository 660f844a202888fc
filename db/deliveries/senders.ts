import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import { asTable, BATCHES, type BatchKey, KEYS } from './batches.ts';

/** What the lock of a sender is called: the server has one set of names for all its databases. */
const LOCK = "CONCAT('texting-sender-', ?)";

/** Takes the lock of a sender for this connection, or finds that it has it. False where another connection has it. */
export async function holdSender(own: Tx, name: string): Promise<boolean> {
  const found = await row<{ held: number | null }>(
    own,
    `SELECT COALESCE(IS_USED_LOCK(${LOCK}) = CONNECTION_ID(), GET_LOCK(${LOCK}, 0)) AS held`,
    [name, name],
  );
  return found?.held === 1;
}

export async function isKnownSender(sql: Sql, name: string): Promise<boolean> {
  return (await row(sql, 'SELECT name FROM senders WHERE name = ?', [name])) !== undefined;
}

/** Makes it known; to be called with the lock held, or it would be taken for gone. */
export async function noteSender(sql: Sql, { name, now }: { name: string; now: Date }): Promise<void> {
  await run(sql, 'INSERT IGNORE INTO senders (name, since) VALUES (?, ?)', [name, now]);
}

/** The senders whose lock nobody holds. */
export async function findGoneSenders(sql: Sql): Promise<string[]> {
  const found = await rows<{ name: string }>(
    sql,
    "SELECT name FROM senders WHERE IS_FREE_LOCK(CONCAT('texting-sender-', name)) = 1",
  );
  return found.map(({ name }) => name);
}

/** Makes what a sender had claimed due now, and forgets the sender. Returns how many batches that was. */
export async function endSender(tx: Tx, name: string): Promise<number> {
  const claimed = await rows<BatchKey>(
    tx,
    'SELECT message_id AS messageId, id AS batch FROM batches WHERE LEFT(claim, CHAR_LENGTH(?) + 1) = CONCAT(?, ?)',
    [name, name, '-'],
  );
  if (claimed.length > 0)
    await run(
      tx,
      `UPDATE ${KEYS} ${BATCHES} SET c.due_at = LEAST(c.due_at, NOW(3))
       WHERE LEFT(c.claim, CHAR_LENGTH(?) + 1) = CONCAT(?, ?)`,
      [asTable(claimed), name, name, '-'],
    );
  await run(tx, 'DELETE FROM senders WHERE name = ?', [name]);
  return claimed.length;
}
