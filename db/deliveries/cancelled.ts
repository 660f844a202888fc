import type { DeliveryState } from '../../engine/rules/status.ts';
import { rows, run, type Sql } from '../connect.ts';
import { readContents } from './batch-contents.ts';
import type { Batch } from './batches.ts';
import { dissolveBatches, endDissolvedOf } from './dissolved.ts';

/** From now on senders skip what they have not claimed of it. False where it was cancelled before, or is a text of ours that is not `oursToo`. */
export async function markCancelled(
  sql: Sql,
  { messageId, now, oursToo = false }: { messageId: number; now: Date; oursToo?: boolean },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    `UPDATE messages SET cancelled_at = ? WHERE id = ? ${oursToo ? '' : "AND kind = 'said'"} AND cancelled_at IS NULL`,
    [now, messageId],
  );
  return affected === 1;
}

/** Takes back what was about to go out of a message and nobody has claimed. Its row is locked. */
export async function dissolveUnclaimed(sql: Sql, messageId: number): Promise<void> {
  const free = await rows<{ messageId: number; batch: number }>(
    sql,
    "SELECT message_id AS messageId, id AS batch FROM batches WHERE message_id = ? AND claim = ''",
    [messageId],
  );
  const whole: Batch[] = await readContents(sql, free);
  await dissolveBatches(sql, whole);
  await endDissolvedOf(sql, messageId);
}

/** Messages that members said in a group and that are not with every carrier yet, or owed to somebody, the oldest first. */
export async function findUnsent(sql: Sql, groupId: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT id FROM messages WHERE group_id = ? AND kind = 'said' AND pending IS NOT NULL
     UNION SELECT message_id FROM batches WHERE group_id = ? AND claim = ''
     UNION SELECT id FROM messages m FORCE INDEX (messages_group) WHERE group_id = ? AND kind = 'said'
       AND id >= (SELECT MIN(first_id) FROM bundles WHERE group_id = ?) AND EXISTS (
         SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND d.state = 'skipped' AND d.reason = 'batched')
     ORDER BY id`,
    [groupId, groupId, groupId, groupId],
  );
  return found.map(({ id }) => id);
}

/** How many texts of a message are in each state; those that are skipped by their reason. */
export async function countStates(
  sql: Sql,
  messageId: number,
): Promise<{ state: DeliveryState; reason: string | null; texts: number }[]> {
  return rows(
    sql,
    `SELECT state, IF(state = 'skipped', reason, NULL) AS reason, COUNT(*) AS texts FROM deliveries WHERE message_id = ?
     GROUP BY state, IF(state = 'skipped', reason, NULL) ORDER BY state, reason`,
    [messageId],
  );
}
