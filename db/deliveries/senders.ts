import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import { asTable, BATCHES, type BatchKey, KEYS } from './batches.ts';

/** What the lock of a sender is called: the server has one set of names for all its databases. */
const LOCK = "CONCAT('texting-sender-', ?)";

/**
 * What this server calls itself. In a cluster that takes writes at every node each has named locks of its own, so a lock says
 * something of those senders only that hold theirs here.
 */
const HERE = "LEFT(CONCAT(@@hostname, ':', @@port), 80)";

/** Takes the lock of a sender for this connection, or finds that it has it. False where another connection has it. */
export async function holdSender(own: Tx, name: string): Promise<boolean> {
  const found = await row<{ held: number | null }>(
    own,
    `SELECT COALESCE(IS_USED_LOCK(${LOCK}) = CONNECTION_ID(), GET_LOCK(${LOCK}, 0)) AS held`,
    [name, name],
  );
  return found?.held === 1;
}

/** Whether it is known to hold its lock at the server of this connection. */
export async function isKnownSender(own: Tx, name: string): Promise<boolean> {
  return (await row(own, `SELECT name FROM senders WHERE name = ? AND server = ${HERE}`, [name])) !== undefined;
}

/** Makes it known, at the server of this connection; to be called with the lock held, or it would be taken for gone. */
export async function noteSender(own: Tx, { name, now }: { name: string; now: Date }): Promise<void> {
  await run(
    own,
    `INSERT INTO senders (name, since, server) VALUES (?, ?, ${HERE}) ON DUPLICATE KEY UPDATE server = VALUES(server)`,
    [name, now],
  );
}

/** Of the senders that hold their locks at the server that is asked, those whose lock nobody holds. */
export async function findGoneSenders(sql: Sql): Promise<string[]> {
  const found = await rows<{ name: string }>(
    sql,
    `SELECT name FROM senders WHERE (server = ${HERE} OR server IS NULL) AND IS_FREE_LOCK(CONCAT('texting-sender-', name)) = 1`,
  );
  return found.map(({ name }) => name);
}

/** Drops senders of a day ago, whose server may be gone too. One that still lives makes itself known again. */
export async function purgeSenders(sql: Sql): Promise<void> {
  await run(sql, 'DELETE FROM senders WHERE since < NOW(3) - INTERVAL 1 DAY');
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
