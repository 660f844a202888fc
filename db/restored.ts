import { row, rows, run, type Sql } from './connect.ts';

/*
 * A database that was restored from a backup knows nothing of what happened since. Some of what it holds as still to be done
 * was done in that time, and nobody can tell which.
 */

/**
 * The newest that it knows of: an operator's act aside, everything that anybody does leaves one of these. By the clocks of processes,
 * one of which may have been ahead for a while: what lies beyond MySQL's own time is left out, and what does not may be too late.
 */
export async function readLastKnown(sql: Sql): Promise<Date | null> {
  const found = await row<{ received: Date | null; accepted: Date | null }>(
    sql,
    `SELECT (SELECT MAX(received_at) FROM inbound_texts WHERE received_at <= NOW(3)) AS received,
       (SELECT accepted_at FROM messages WHERE accepted_at <= NOW(3) ORDER BY id DESC LIMIT 1) AS accepted`,
  );
  const times = [found?.received, found?.accepted].flatMap((at) => (at instanceof Date ? [at.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** Messages, of members or ours, of which something was under way; some at once, in the order of their ids. */
export async function findUnderWay(
  sql: Sql,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT m.id FROM (
       SELECT id FROM messages WHERE pending IS NOT NULL
       UNION SELECT message_id FROM batches
       UNION SELECT message_id FROM deliveries WHERE due_at IS NOT NULL) w
     JOIN messages m ON m.id = w.id WHERE m.id > ? AND m.cancelled_at IS NULL ORDER BY m.id LIMIT ?`,
    [afterId, limit],
  );
  return found.map(({ id }) => id);
}

/** Scheduled messages whose time has come are not sent any more. Returns how many those were. */
export async function endDueSchedules(sql: Sql, now: Date): Promise<number> {
  const { affected } = await run(sql, 'UPDATE schedules SET ended_at = ? WHERE ended_at IS NULL AND send_at <= ?', [
    now,
    now,
  ]);
  return affected;
}

/** What members were owed in a text for several is not told any more: most of it was. Returns how many texts those were. */
export async function endOwed(sql: Sql): Promise<number> {
  const { affected } = await run(
    sql,
    `UPDATE bundles b JOIN memberships p ON p.id = b.membership_id
     JOIN messages m ON m.group_id = b.group_id AND m.id >= b.first_id
     JOIN deliveries d ON d.message_id = m.id AND d.person_id = p.person_id
     SET d.reason = 'cancelled' WHERE b.first_id IS NOT NULL AND d.state = 'skipped' AND d.reason = 'batched'`,
    [],
  );
  await run(sql, 'UPDATE bundles SET first_id = NULL, due_at = NULL WHERE first_id IS NOT NULL');
  return affected;
}

/** Mutes that are over, news of newcomers and sums of broadcasts that were to be told by now are not told any more. */
export async function endDueNews(sql: Sql, now: Date): Promise<void> {
  await run(sql, 'UPDATE memberships SET muted_until = NULL, muted_after = NULL WHERE muted_until <= ?', [now]);
  await run(sql, 'DELETE FROM newcomer_news WHERE due_at <= ?', [now]);
  await run(sql, 'DELETE FROM digests');
}

/**
 * Ids that were given in the time that is lost are at the carrier, in report addresses, and at the payment provider. From here
 * on ids are drawn beyond them. Ends the transaction that it is in.
 */
export async function skipLostIds(sql: Sql): Promise<void> {
  const tables = await rows<{ name: string; column: string }>(
    sql,
    `SELECT table_name AS name, column_name AS \`column\` FROM information_schema.columns
     WHERE table_schema = DATABASE() AND extra LIKE '%auto_increment%' AND table_name NOT LIKE 'knex%' ORDER BY table_name`,
  );
  for (const { name, column } of tables) {
    const last = await row<{ id: number | null }>(sql, `SELECT MAX(\`${column}\`) AS id FROM \`${name}\``);
    await run(sql, `ALTER TABLE \`${name}\` AUTO_INCREMENT = ${(last?.id ?? 0) + 1 + LOST_IDS}`);
  }
}

/** More than are drawn within a day. */
const LOST_IDS = 1_000_000;

/** Keeps that inbound texts were here, those that are not known yet. Returns how many that were. */
export async function insertSeen(
  sql: Sql,
  texts: readonly { carrierId: string; phone: string; receivedAt: Date }[],
): Promise<number> {
  const { affected } = await run(sql, 'INSERT IGNORE INTO inbound_texts (carrier_id, phone, received_at) VALUES ?', [
    texts.map(({ carrierId, phone, receivedAt }) => [carrierId, phone, receivedAt]),
  ]);
  return affected;
}
