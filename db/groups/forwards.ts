import { rows, run, type Sql } from '../connect.ts';
import { raiseVersion } from './group-changes.ts';

/** Calls to the group ring at this phone no more, if they did. The caller raises the version of the roster. */
export async function dropForward(sql: Sql, { groupId, phone }: { groupId: number; phone: string }): Promise<void> {
  await run(sql, 'UPDATE `groups` SET forward_to = NULL WHERE id = ? AND forward_to = ?', [groupId, phone]);
}

/** The same in every group; returns in how many. */
export async function dropForwards(sql: Sql, phone: string): Promise<number> {
  const found = await rows<{ id: number }>(sql, 'SELECT id FROM `groups` WHERE forward_to = ?', [phone]);
  if (found.length === 0) return 0;
  for (const { id: groupId } of found) await dropForward(sql, { groupId, phone });
  const groupIds = found.map(({ id }) => id);
  await raiseVersion(sql, groupIds);
  return found.length;
}
