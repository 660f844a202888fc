import { placeholders, rows, run, type Sql } from '../connect.ts';

/** Somebody whom the creator of a staged group named; the phone is E.164. */
export type StagedMember = { name: string | null; phone: string };

export async function insertStagedMembers(
  sql: Sql,
  { groupId, members }: { groupId: number; members: readonly StagedMember[] },
): Promise<void> {
  if (members.length === 0) return;
  await run(
    sql,
    `INSERT INTO staged_members (group_id, position, phone, name) VALUES ${placeholders(members.length, 4)}`,
    members.flatMap(({ phone, name }, position) => [groupId, position, phone, name]),
  );
}

/** Takes those who were named for a group, in the order in which they were: the group is on, and they are its members. */
export async function takeStagedMembers(sql: Sql, groupId: number): Promise<StagedMember[]> {
  const named = await rows<StagedMember>(
    sql,
    'SELECT phone, name FROM staged_members WHERE group_id = ? ORDER BY position',
    [groupId],
  );
  if (named.length > 0) await dropStagedMembers(sql, groupId);
  return named;
}

export async function dropStagedMembers(sql: Sql, groupId: number): Promise<void> {
  await run(sql, 'DELETE FROM staged_members WHERE group_id = ?', [groupId]);
}
