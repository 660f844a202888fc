import { type Db, run } from '../../db/connect.ts';

/** Moves everything that these people and groups wait for into the past, as if the time had gone by. */
export async function moveBack(
  db: Db,
  { phones, groupIds, seconds }: { phones: readonly string[]; groupIds: readonly number[]; seconds: number },
): Promise<void> {
  const mine = 'JOIN people p ON p.id = x.person_id';
  // First: other dialogues ask heirs meanwhile, and an offer that comes of this move is not to be moved itself.
  if (groupIds.length > 0)
    await run(db, 'UPDATE owner_offers SET expires_at = expires_at - INTERVAL ? SECOND WHERE group_id IN (?)', [
      seconds,
      groupIds,
    ]);
  if (groupIds.length > 0)
    await run(db, 'UPDATE schedules SET send_at = send_at - INTERVAL ? SECOND WHERE group_id IN (?)', [
      seconds,
      groupIds,
    ]);
  for (const [table, column] of [
    ['memberships', 'muted_until'],
    ['memberships', 'left_at'],
    ['drafts', 'updated_at'],
    ['pair_blocks', 'since'],
    ['campaign_blocks', 'since'],
  ] as const) {
    await run(db, `UPDATE ${table} x ${mine} SET x.${column} = x.${column} - INTERVAL ? SECOND WHERE p.phone IN (?)`, [
      seconds,
      phones,
    ]);
  }
  await run(db, `UPDATE hints x ${mine} SET x.day = x.day - INTERVAL ? DAY WHERE p.phone IN (?)`, [
    Math.floor(seconds / 86_400),
    phones,
  ]);
  await run(db, 'UPDATE people SET blocked_at = blocked_at - INTERVAL ? SECOND WHERE phone IN (?)', [seconds, phones]);
  await run(db, 'UPDATE inbound_texts SET received_at = received_at - INTERVAL ? SECOND WHERE phone IN (?)', [
    seconds,
    phones,
  ]);
  await run(
    db,
    `UPDATE held_texts h JOIN memberships x ON x.id = h.member_id ${mine} SET h.held_at = h.held_at - INTERVAL ? SECOND WHERE p.phone IN (?)`,
    [seconds, phones],
  );
  if (groupIds.length > 0) {
    await run(db, 'UPDATE bundles SET due_at = due_at - INTERVAL ? SECOND WHERE group_id IN (?)', [seconds, groupIds]);
    await run(
      db,
      'UPDATE `groups` SET created_at = created_at - INTERVAL ? SECOND, roster_version = roster_version + 1 WHERE id IN (?)',
      [seconds, groupIds],
    );
  }
}
