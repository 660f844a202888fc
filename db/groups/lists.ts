import type { GroupList } from '../../engine/rules/lists.ts';
import { nameKey } from '../../engine/rules/names.ts';
import { placeholders, row, rows, run, type Sql } from '../connect.ts';

/** The lists of a group in the order of their names, each with its members who are there. */
export async function readLists(sql: Sql, groupId: number): Promise<GroupList[]> {
  const found = await rows<{ id: number; name: string; memberId: number | null }>(
    sql,
    `SELECT l.id, l.name, b.id AS memberId FROM lists l LEFT JOIN list_members m ON m.list_id = l.id
     LEFT JOIN memberships b ON b.id = m.member_id AND b.live = 1 AND b.left_at IS NULL
     WHERE l.group_id = ? ORDER BY l.name, l.id, b.id`,
    [groupId],
  );
  const lists = new Map<number, { id: number; name: string; memberIds: number[] }>();
  for (const { id, name, memberId } of found) {
    const list = lists.get(id) ?? { id, name, memberIds: [] };
    lists.set(id, list);
    if (memberId !== null) list.memberIds.push(memberId);
  }
  return [...lists.values()];
}

export async function countLists(sql: Sql, groupId: number): Promise<number> {
  const found = await row<{ count: number }>(sql, 'SELECT COUNT(*) AS count FROM lists WHERE group_id = ?', [groupId]);
  return found?.count ?? 0;
}

/** Returns its id. Under the group’s lock; a duplicate of `lists_name` where there is one of that name. */
export async function insertList(
  sql: Sql,
  { groupId, name, now }: { groupId: number; name: string; now: Date },
): Promise<number> {
  const { id } = await run(sql, 'INSERT INTO lists (group_id, name, name_key, created_at) VALUES (?, ?, ?, ?)', [
    groupId,
    name,
    nameKey(name),
    now,
  ]);
  return id;
}

/** Who is on it already stays. */
export async function putOnList(
  sql: Sql,
  { listId, memberIds }: { listId: number; memberIds: readonly number[] },
): Promise<void> {
  if (memberIds.length === 0) return;
  await run(
    sql,
    `INSERT IGNORE INTO list_members (list_id, member_id) VALUES ${placeholders(memberIds.length, 2)}`,
    memberIds.flatMap((memberId) => [listId, memberId]),
  );
}

export async function takeOffList(
  sql: Sql,
  { listId, memberIds }: { listId: number; memberIds: readonly number[] },
): Promise<void> {
  if (memberIds.length === 0) return;
  await run(sql, 'DELETE FROM list_members WHERE list_id = ? AND member_id IN (?)', [listId, memberIds]);
}

/** Who leaves is on no list any more. */
export async function takeOffLists(sql: Sql, membershipId: number): Promise<void> {
  await run(sql, 'DELETE FROM list_members WHERE member_id = ?', [membershipId]);
}

/** False where the group has none with this id. */
export async function deleteList(sql: Sql, { listId, groupId }: { listId: number; groupId: number }): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM lists WHERE id = ? AND group_id = ?', [listId, groupId]);
  return affected === 1;
}

export async function hasList(sql: Sql, { listId, groupId }: { listId: number; groupId: number }): Promise<boolean> {
  return (
    (await row(sql, 'SELECT 1 FROM lists WHERE id = ? AND group_id = ? FOR UPDATE', [listId, groupId])) !== undefined
  );
}
