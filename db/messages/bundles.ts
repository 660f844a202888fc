import { placeholders, rows, run, type Sql } from '../connect.ts';
import { UNWRITTEN } from '../deliveries/pending-messages.ts';
import { inOrder } from './owed.ts';

/** What they were owed they do not get after all, for that reason. */
export async function renameOwed(
  sql: Sql,
  {
    personId,
    messageIds,
    reason,
  }: { personId: number; messageIds: readonly number[]; reason: 'muted' | 'suspended' | 'gone' },
): Promise<void> {
  if (messageIds.length === 0) return;
  await run(
    sql,
    `UPDATE deliveries SET reason = ? WHERE message_id IN (?) AND person_id = ? AND state = 'skipped' AND reason = 'batched'`,
    [reason, messageIds, personId],
  );
}

/** Nobody is owed a message any more that was stopped. */
export async function cancelOwed(sql: Sql, messageId: number): Promise<void> {
  await run(
    sql,
    "UPDATE deliveries SET reason = 'cancelled' WHERE message_id = ? AND state = 'skipped' AND reason = 'batched'",
    [messageId],
  );
}

/** A mute holds back what was owed before it as well. */
export async function extendMute(
  sql: Sql,
  { membershipId, messageId }: { membershipId: number; messageId: number },
): Promise<void> {
  await run(sql, 'UPDATE memberships SET muted_after = LEAST(COALESCE(muted_after, ?), ?) WHERE id = ?', [
    messageId - 1,
    messageId - 1,
    membershipId,
  ]);
}

export type NewBundle = {
  toId: number;
  text: string;
  media: string | null;
  held: number | null;
};

/**
 * Keeps texts that tell members what they are owed: messages of their group that have no id in it. They hold the words of
 * others, so they are emptied when no try can be left. Returns the rows, in their order.
 */
export async function insertBundles(
  sql: Sql,
  {
    bundles,
    ...of
  }: {
    groupId: number;
    version: number;
    tag: number;
    payerId: number | null;
    bundles: readonly NewBundle[];
    emptyAt: Date;
    now: Date;
  },
): Promise<number[]> {
  if (bundles.length === 0) return [];
  const { id: first } = await run(
    sql,
    `INSERT INTO messages (kind, group_id, to_id, roster_version, roster_tag, payer_id, held, text, media, redact_at, pending, accepted_at)
     VALUES ?`,
    [
      bundles.map(({ toId, text, media, held }) => [
        ...['said', of.groupId, toId, of.version, of.tag, of.payerId, held],
        ...[text, media, of.emptyAt, UNWRITTEN, of.now],
      ]),
    ],
  );
  // Under the group’s lock nobody else keeps a message in it.
  const written = await rows<{ id: number }>(
    sql,
    'SELECT id FROM messages FORCE INDEX (messages_group) WHERE group_id = ? AND id >= ? AND message_id IS NULL AND to_id IS NOT NULL ORDER BY id LIMIT ?',
    [of.groupId, first, bundles.length],
  );
  return written.map(({ id }) => id);
}

/** They were told up to row `lastId`, where something was told; `firstId` is where what is left begins. */
export async function moveOwed(
  sql: Sql,
  moved: readonly {
    membershipId: number;
    groupId: number;
    firstId: number | null;
    dueAt: Date | null;
    lastId: number | null;
  }[],
): Promise<void> {
  if (moved.length === 0) return;
  await run(
    sql,
    `INSERT INTO bundles (membership_id, group_id, first_id, due_at, last_id) VALUES ${placeholders(moved.length, 5)}
     ON DUPLICATE KEY UPDATE first_id = VALUES(first_id), due_at = VALUES(due_at), last_id = COALESCE(VALUES(last_id), last_id)`,
    inOrder(moved).flatMap(({ membershipId, groupId, firstId, dueAt, lastId }) => [
      membershipId,
      groupId,
      firstId,
      dueAt,
      lastId,
    ]),
  );
}
