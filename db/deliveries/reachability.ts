import { row, rows, run, type Sql } from '../connect.ts';

type OfDelivery = { messageId: number; personId: number };

/** Their phones were reached: earlier failures no longer count. There are nearly always none, so it looks first. */
export async function resetUnreachable(sql: Sql, membershipIds: readonly number[]): Promise<void> {
  const found = await rows<{ id: number }>(sql, 'SELECT id FROM memberships WHERE id IN (?) AND unreachable > 0', [
    membershipIds,
  ]);
  if (found.length > 0)
    await run(sql, 'UPDATE memberships SET unreachable = 0 WHERE id IN (?)', [found.map(({ id }) => id)]);
}

/** One more failure in a row; the member that it counts for, while they still get texts. */
export async function countUnreachable(
  sql: Sql,
  { messageId, personId }: OfDelivery,
): Promise<{ membershipId: number; groupId: number; unreachable: number } | undefined> {
  await run(
    sql,
    `UPDATE memberships SET unreachable = LEAST(unreachable + 1, 250)
     WHERE id = (SELECT membership_id FROM deliveries WHERE message_id = ? AND person_id = ? AND part = 0)`,
    [messageId, personId],
  );
  return row(
    sql,
    `SELECT b.id AS membershipId, b.group_id AS groupId, b.unreachable FROM deliveries d JOIN memberships b ON b.id = d.membership_id
     WHERE d.message_id = ? AND d.person_id = ? AND d.part = 0 AND b.live = 1 AND b.sms <> 0`,
    [messageId, personId],
  );
}

/** Nothing is sent to them until they ask for it; what they chose is remembered. */
export async function turnOff(sql: Sql, membershipId: number): Promise<void> {
  await run(sql, 'UPDATE memberships SET sms = 0, unreachable = 0 WHERE id = ?', [membershipId]);
}
