import { row, rows, run, type Sql } from '../connect.ts';
import { UNWRITTEN } from '../deliveries/pending-messages.ts';

/** Busy groups that have ended, or in which fewer texts were said since then. */
export async function findCalmed(sql: Sql, { texts, since }: { texts: number; since: Date }): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT g.id FROM \`groups\` g WHERE g.bundling = 1 AND g.hot = 1 AND (g.state <> 'active' OR EXISTS (
       SELECT 1 FROM messages m WHERE m.group_id = g.id AND m.message_id = IF(g.last_message_id < ?, 0, g.last_message_id - ?)
         AND m.accepted_at <= ?))
     LIMIT 100`,
    [texts, texts - 1, since],
  );
  return found.map(({ id }) => id);
}

/** Groups, or whether this one is, where nothing is owed any more, and nothing is on its way that could be. */
export async function findSettled(sql: Sql, groupId: number | null = null): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT g.id FROM \`groups\` g WHERE g.bundling = 1 AND g.hot = 0 AND (? IS NULL OR g.id = ?)
       AND NOT EXISTS (SELECT 1 FROM bundles b WHERE b.group_id = g.id AND b.first_id IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.group_id = g.id AND m.pending = ${UNWRITTEN})
       AND NOT EXISTS (SELECT 1 FROM memberships c WHERE c.group_id = g.id AND c.live = 1 AND c.batch = 'batch')
     LIMIT 100`,
    [groupId, groupId],
  );
  return found.map(({ id }) => id);
}

export async function deleteBundles(sql: Sql, groupId: number): Promise<void> {
  await run(sql, 'DELETE FROM bundles WHERE group_id = ?', [groupId]);
}

/** Whether a group, which is locked, is to be busy and is not. */
export async function isCold(sql: Sql, groupId: number): Promise<boolean> {
  const found = await row<{ cold: number }>(
    sql,
    "SELECT batches = 1 AND hot = 0 AND state = 'active' AS cold FROM `groups` WHERE id = ?",
    [groupId],
  );
  return found?.cold === 1;
}
