import { randomInt } from 'node:crypto';
import { namesOf } from '../../engine/rules/fields.ts';
import { type GroupPatch, groupFields, type NewGroupSettings, settingsOfNew } from '../../engine/rules/group-fields.ts';
import { placeholders, row, run, type Sql } from '../connect.ts';
import { relist } from './search.ts';
import { dropStagedMembers } from './staged-members.ts';

export type NewGroup = NewGroupSettings & {
  ownerId: number;
  numberId: number;
  source: string | null;
  email?: string | null;
  /** Of its maker, as far as it is known. */
  language?: string | null;
  /** As `*hours` keeps them. */
  hours?: string | null;
  now: Date;
};

/** Stages a group at version 1; returns its id. */
export async function insertGroup(
  sql: Sql,
  { ownerId, numberId, source, email = null, language = null, hours = null, now, ...input }: NewGroup,
): Promise<number> {
  const settings = { ...settingsOfNew(input), language, hours };
  const columns = fieldNames.map((name) => groupFields[name].column);
  const { id } = await run(
    sql,
    `INSERT INTO \`groups\` (owner_id, number_id, state, roster_tag, source, staged_email, created_at, ${columns.join(', ')}) VALUES (?, ?, 'staged', ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})`,
    [ownerId, numberId, newTag(), source, email, now, ...fieldNames.map((name) => settings[name])],
  );
  return id;
}

const fieldNames = namesOf(groupFields);

/** Turns a staged group on; false where it is not staged any more. */
export async function activateGroup(sql: Sql, { groupId, now }: { groupId: number; now: Date }): Promise<boolean> {
  const { affected } = await run(
    sql,
    "UPDATE `groups` SET state = 'active', activated_at = ? WHERE id = ? AND state = 'staged'",
    [now, groupId],
  );
  if (affected === 1) await relist(sql, groupId);
  return affected === 1;
}

/** Takes the address that the call which staged a group named for its creator. */
export async function takeStagedEmail(sql: Sql, groupId: number): Promise<string | null> {
  const found = await row<{ email: string | null }>(sql, 'SELECT staged_email AS email FROM `groups` WHERE id = ?', [
    groupId,
  ]);
  if (found === undefined || found.email === null) return null;
  await run(sql, 'UPDATE `groups` SET staged_email = NULL WHERE id = ?', [groupId]);
  return found.email;
}

/** Ends a group: its pairs are free again and rest, its invite code is free, nothing is scheduled; its messages stay. */
export async function endGroup(sql: Sql, { groupId, now }: { groupId: number; now: Date }): Promise<void> {
  await run(
    sql,
    "UPDATE `groups` SET state = 'deleted', ended_at = ?, invite_key = NULL, staged_email = NULL, forward_to = NULL WHERE id = ? AND state <> 'deleted'",
    [now, groupId],
  );
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE group_id = ? AND live = 1', [now, groupId]);
  await dropStagedMembers(sql, groupId);
  await run(sql, 'UPDATE schedules SET ended_at = ? WHERE group_id = ? AND ended_at IS NULL', [now, groupId]);
  await relist(sql, groupId);
}

/** Changes settings. A duplicate of another group's invite code fails with MySQL's error for the key `groups_invite`. */
export async function patchGroup(sql: Sql, { groupId, patch }: { groupId: number; patch: GroupPatch }): Promise<void> {
  const names = fieldNames.filter((name) => patch[name] !== undefined);
  if (names.length === 0) return;
  const sets = names.map((name) => `${groupFields[name].column} = ?`);
  const values = names.map((name) => patch[name] ?? null);
  if (patch.inviteCode !== undefined) {
    sets.push('invite_key = ?');
    values.push(patch.inviteCode?.toLowerCase() ?? null);
  }
  await run(sql, `UPDATE \`groups\` SET ${sets.join(', ')} WHERE id = ?`, [...values, groupId]);
  if (names.some((name) => 'listed' in groupFields[name])) await relist(sql, groupId);
}

/** The next roster version and a new tag, for a change under the group's lock. */
export async function raiseVersion(sql: Sql, groupIds: readonly number[]): Promise<void> {
  await run(
    sql,
    `UPDATE \`groups\` SET roster_version = roster_version + 1, roster_tag = ? WHERE id IN ${placeholders(1, groupIds.length)}`,
    [newTag(), ...groupIds],
  );
}

/**
 * Takes the group's next message id. Null when the roster is no longer at `version` and `tag` or the group is gone: then
 * the decision was made on an old picture and is to be made again.
 */
export async function takeMessageId(
  sql: Sql,
  { groupId, version, tag }: { groupId: number; version: number; tag: number },
): Promise<number | null> {
  const { affected, id } = await run(
    sql,
    "UPDATE `groups` SET last_message_id = LAST_INSERT_ID(last_message_id + 1) WHERE id = ? AND roster_version = ? AND roster_tag = ? AND state = 'active'",
    [groupId, version, tag],
  );
  return affected === 1 ? id : null;
}

/** Takes as many message ids of each of these groups; under their locks. */
export async function takeMessageIds(sql: Sql, counts: ReadonlyMap<number, number>): Promise<void> {
  const cases = [...counts].map(() => 'WHEN ? THEN ?').join(' ');
  await run(sql, `UPDATE \`groups\` SET last_message_id = last_message_id + CASE id ${cases} END WHERE id IN (?)`, [
    ...[...counts].flat(),
    [...counts.keys()],
  ]);
}

/** Not of MySQL's making: a database that was restored must not draw the same ones again. */
function newTag(): number {
  return randomInt(1, 2 ** 32);
}
