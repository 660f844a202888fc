import { rows, run, type Sql } from '../connect.ts';

/** Keeps whose words a group has pinned, so that they go when this member is forgotten. Under the group’s lock. */
export async function markPinned(sql: Sql, { groupId, byId }: { groupId: number; byId: number | null }): Promise<void> {
  await run(sql, 'UPDATE `groups` SET pinned_by = ? WHERE id = ?', [byId, groupId]);
}

/** The groups that have words of this person pinned. */
export async function findPinnedBy(sql: Sql, personId: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    'SELECT g.id FROM memberships b JOIN `groups` g ON g.id = b.group_id AND g.pinned_by = b.id WHERE b.person_id = ? ORDER BY g.id',
    [personId],
  );
  return found.map(({ id }) => id);
}

/** Takes the words of this person away, where they are still pinned. Under the group’s lock. */
export async function unpinWordsOf(
  sql: Sql,
  { groupId, personId }: { groupId: number; personId: number },
): Promise<void> {
  await run(
    sql,
    `UPDATE \`groups\` g JOIN memberships b ON b.id = g.pinned_by SET g.pinned = NULL, g.pinned_by = NULL
     WHERE g.id = ? AND b.person_id = ?`,
    [groupId, personId],
  );
}
