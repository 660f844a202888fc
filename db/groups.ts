import { placeholders, row, rows, run, type Sql } from './connect.ts';
import { relist } from './search.ts';

/** A group as its row says; flags are 1 and 0. */
export type GroupRow = {
  id: number;
  name: string;
  ownerId: number;
  number: string;
  state: 'staged' | 'active' | 'deleted';
  version: number;
  notifyOnAdd: number;
  replyToOwner: number;
  disableWho: number;
  disableAdd: number;
  isPublic: number;
  digest: number;
  inviteCode: string | null;
  description: string | null;
};

const groupColumns = `g.id, g.name, g.owner_id AS ownerId, gn.phone AS number, g.state, g.roster_version AS version,
  g.notify_on_add AS notifyOnAdd, g.reply_to_owner AS replyToOwner, g.disable_who AS disableWho,
  g.disable_add AS disableAdd, g.is_public AS isPublic, g.digest, g.invite_code AS inviteCode, g.description`;

export async function readGroup(sql: Sql, groupId: number): Promise<GroupRow | undefined> {
  return row(sql, `SELECT ${groupColumns} FROM \`groups\` g JOIN numbers gn ON gn.id = g.number_id WHERE g.id = ?`, [
    groupId,
  ]);
}

/** The active groups that a person is in or has left, by their oldest membership first. */
export async function groupsAround(sql: Sql, personId: number): Promise<(GroupRow & { membershipId: number })[]> {
  return rows(
    sql,
    `SELECT ${groupColumns}, m.id AS membershipId
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id JOIN numbers gn ON gn.id = g.number_id
     WHERE m.person_id = ? AND m.live = 1 AND g.state = 'active' ORDER BY m.id`,
    [personId],
  );
}

/** The active group of an invite code, in any case. */
export async function findGroupByCode(sql: Sql, code: string): Promise<{ id: number; version: number } | undefined> {
  return row(sql, "SELECT id, roster_version AS version FROM `groups` WHERE invite_key = ? AND state = 'active'", [
    code.toLowerCase(),
  ]);
}

/** Has another group this invite code, staged ones included? */
export async function isCodeTaken(sql: Sql, { code, butBy }: { code: string; butBy: number }): Promise<boolean> {
  const holder = await row<{ id: number }>(sql, 'SELECT id FROM `groups` WHERE invite_key = ?', [code.toLowerCase()]);
  return holder !== undefined && holder.id !== butBy;
}

/** Locks the group until the transaction ends: whoever changes its roster or takes its next message id waits. */
export async function lockGroup(
  sql: Sql,
  groupId: number,
): Promise<{ version: number; state: GroupRow['state'] } | undefined> {
  return row(sql, 'SELECT roster_version AS version, state FROM `groups` WHERE id = ? FOR UPDATE', [groupId]);
}

/** Where a phone stands at one of our numbers: the living membership that the pair names, in a group of that state. */
export type Place = {
  groupId: number;
  membershipId: number;
  version: number;
  state: GroupRow['state'];
  ownerId: number;
  personId: number;
  /** The owner's, which pays; null where they have none. */
  account: { type: 'F' | 'T' | 'P'; balance: number } | null;
};

export async function findPlace(sql: Sql, at: { phone: string; number: string }): Promise<Place | undefined> {
  const found = await row<Omit<Place, 'account'> & { type: 'F' | 'T' | 'P' | null; balance: number | null }>(
    sql,
    `SELECT m.group_id AS groupId, m.id AS membershipId, g.roster_version AS version, g.state, g.owner_id AS ownerId,
       m.person_id AS personId, a.type, a.balance
     FROM people p JOIN numbers n ON n.phone = ? JOIN memberships m ON m.person_id = p.id AND m.number_id = n.id AND m.live = 1
     JOIN \`groups\` g ON g.id = m.group_id LEFT JOIN accounts a ON a.person_id = g.owner_id WHERE p.phone = ?`,
    [at.number, at.phone],
  );
  if (found === undefined) return undefined;
  const { type, balance, ...place } = found;
  return { ...place, account: type === null || balance === null ? null : { type, balance } };
}

export type NewGroup = {
  name: string;
  ownerId: number;
  numberId: number;
  replyToOwner: boolean;
  source: string | null;
  now: Date;
};

/** Stages a group at version 1; answers its id. */
export async function insertGroup(sql: Sql, group: NewGroup): Promise<number> {
  const { id } = await run(
    sql,
    "INSERT INTO `groups` (name, owner_id, number_id, state, reply_to_owner, source, created_at) VALUES (?, ?, ?, 'staged', ?, ?, ?)",
    [group.name, group.ownerId, group.numberId, group.replyToOwner, group.source, group.now],
  );
  return id;
}

/** How many groups of this owner wait for their YES. */
export async function countStaged(sql: Sql, { ownerId, since }: { ownerId: number; since: Date }): Promise<number> {
  const found = await row<{ staged: number }>(
    sql,
    "SELECT COUNT(*) AS staged FROM `groups` WHERE owner_id = ? AND state = 'staged' AND created_at > ?",
    [ownerId, since],
  );
  return found?.staged ?? 0;
}

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

/** Staged groups that nobody turned on in time. */
export async function findLapsed(sql: Sql, before: Date): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    "SELECT id FROM `groups` WHERE state = 'staged' AND created_at <= ? LIMIT 100",
    [before],
  );
  return found.map(({ id }) => id);
}

/** Ends a group: its pairs are free again and rest, its invite code is free, nothing is scheduled; its messages stay. */
export async function endGroup(sql: Sql, { groupId, now }: { groupId: number; now: Date }): Promise<void> {
  await run(
    sql,
    "UPDATE `groups` SET state = 'deleted', ended_at = ?, invite_key = NULL WHERE id = ? AND state <> 'deleted'",
    [now, groupId],
  );
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE group_id = ? AND live = 1', [now, groupId]);
  await run(sql, 'UPDATE schedules SET ended_at = ? WHERE group_id = ? AND ended_at IS NULL', [now, groupId]);
  await relist(sql, groupId);
}

export type GroupPatch = Partial<{
  name: string;
  notifyOnAdd: boolean;
  replyToOwner: boolean;
  disableWho: boolean;
  disableAdd: boolean;
  isPublic: boolean;
  digest: boolean;
  inviteCode: string | null;
  description: string | null;
}>;

const patchColumns: Record<keyof GroupPatch, string> = {
  name: 'name',
  notifyOnAdd: 'notify_on_add',
  replyToOwner: 'reply_to_owner',
  disableWho: 'disable_who',
  disableAdd: 'disable_add',
  isPublic: 'is_public',
  digest: 'digest',
  inviteCode: 'invite_code',
  description: 'description',
};

/** Changes settings. A duplicate of another group's invite code fails with MySQL's error for the key `groups_invite`. */
export async function patchGroup(sql: Sql, { groupId, patch }: { groupId: number; patch: GroupPatch }): Promise<void> {
  const keys = Object.keys(patch) as (keyof GroupPatch)[];
  if (keys.length === 0) return;
  const sets = keys.map((key) => `${patchColumns[key]} = ?`);
  const values = keys.map((key) => patch[key] ?? null);
  if (patch.inviteCode !== undefined) {
    sets.push('invite_key = ?');
    values.push(patch.inviteCode?.toLowerCase() ?? null);
  }
  await run(sql, `UPDATE \`groups\` SET ${sets.join(', ')} WHERE id = ?`, [...values, groupId]);
  if (keys.some((key) => listedColumns.has(key))) await relist(sql, groupId);
}

/** What the list of public groups hangs on. */
const listedColumns: ReadonlySet<keyof GroupPatch> = new Set(['name', 'description', 'isPublic']);

/** The next roster version, for a change under the group's lock. */
export async function raiseVersion(sql: Sql, groupIds: readonly number[]): Promise<void> {
  await run(
    sql,
    `UPDATE \`groups\` SET roster_version = roster_version + 1 WHERE id IN ${placeholders(1, groupIds.length)}`,
    groupIds,
  );
}

/**
 * Takes the group's next message id. Null when the roster is no longer at `version` or the group is gone: then the
 * decision was made on an old picture and is to be made again.
 */
export async function takeMessageId(
  sql: Sql,
  { groupId, version }: { groupId: number; version: number },
): Promise<number | null> {
  const { affected, id } = await run(
    sql,
    "UPDATE `groups` SET last_message_id = LAST_INSERT_ID(last_message_id + 1) WHERE id = ? AND roster_version = ? AND state = 'active'",
    [groupId, version],
  );
  return affected === 1 ? id : null;
}
