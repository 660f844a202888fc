import { type Group, groupFields } from '../../engine/rules/group-fields.ts';
import type { AccountType } from '../../engine/rules/money.ts';
import { PAYER_OF } from '../billing/accounts.ts';
import { row, rows, type Sql } from '../connect.ts';
import { fieldReader, selectFields } from '../fields.ts';

/** A group with its settings. */
export type GroupRow = Omit<Group, 'ownerPersonId'> & { ownerId: number; state: 'staged' | 'active' | 'deleted' };

const groupColumns = `g.id, g.owner_id AS ownerId, gn.phone AS number, g.state, g.roster_version AS version, g.roster_tag AS tag, ${selectFields(groupFields, 'g')}`;
const readSettings = fieldReader(groupFields);

export async function readGroup(sql: Sql, groupId: number): Promise<GroupRow | undefined> {
  const [found] = await readGroups(sql, [groupId]);
  return found;
}

/** The languages of these groups; null of those that have none. */
export async function readGroupLanguages(sql: Sql, groupIds: readonly number[]): Promise<Map<number, string | null>> {
  if (groupIds.length === 0) return new Map();
  const found = await rows<{ id: number; language: string | null }>(
    sql,
    'SELECT id, language FROM `groups` WHERE id IN (?)',
    [groupIds],
  );
  return new Map(found.map(({ id, language }) => [id, language]));
}

/** In no order; those that have no row are left out. */
export async function readGroups(sql: Sql, groupIds: readonly number[]): Promise<GroupRow[]> {
  if (groupIds.length === 0) return [];
  const found = await rows<GroupRow>(
    sql,
    `SELECT ${groupColumns} FROM \`groups\` g JOIN numbers gn ON gn.id = g.number_id WHERE g.id IN (?)`,
    [groupIds],
  );
  return found.map(readSettings);
}

/** The active groups that a person is in or has left, by their oldest membership first. */
export async function groupsAround(sql: Sql, personId: number): Promise<(GroupRow & { membershipId: number })[]> {
  const found = await rows<GroupRow & { membershipId: number }>(
    sql,
    `SELECT ${groupColumns}, m.id AS membershipId
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id JOIN numbers gn ON gn.id = g.number_id
     WHERE m.person_id = ? AND m.live = 1 AND g.state = 'active' ORDER BY m.id`,
    [personId],
  );
  return found.map(readSettings);
}

/** The active group of an invite code, in any case. */
export async function findGroupByCode(
  sql: Sql,
  code: string,
): Promise<{ id: number; version: number; tag: number } | undefined> {
  return row(
    sql,
    "SELECT id, roster_version AS version, roster_tag AS tag FROM `groups` WHERE invite_key = ? AND state = 'active'",
    [code.toLowerCase()],
  );
}

/** Whether another group has this invite code; staged groups count. */
export async function isCodeTaken(sql: Sql, { code, butBy }: { code: string; butBy: number }): Promise<boolean> {
  const holder = await row<{ id: number }>(sql, 'SELECT id FROM `groups` WHERE invite_key = ?', [code.toLowerCase()]);
  return holder !== undefined && holder.id !== butBy;
}

/** Locks the group until the transaction ends: changes of its roster and its next message id wait. */
export async function lockGroup(
  sql: Sql,
  groupId: number,
): Promise<{ version: number; tag: number; state: GroupRow['state'] } | undefined> {
  return row(sql, 'SELECT roster_version AS version, roster_tag AS tag, state FROM `groups` WHERE id = ? FOR UPDATE', [
    groupId,
  ]);
}

/** A group that is locked, with the id of its last message. */
export type LockedGroup = {
  id: number;
  version: number;
  tag: number;
  state: GroupRow['state'];
  lastMessageId: number;
  /** The account that pays for what is said now. */
  payerId: number | null;
};

/** Locks groups as `lockGroup` does, but does not wait: groups that another transaction has locked are left out. */
export async function lockFreeGroups(sql: Sql, groupIds: readonly number[]): Promise<LockedGroup[]> {
  return rows(
    sql,
    `SELECT g.id, g.roster_version AS version, g.roster_tag AS tag, g.state, g.last_message_id AS lastMessageId, ${PAYER_OF} AS payerId
     FROM \`groups\` g FORCE INDEX (PRIMARY) WHERE g.id IN (?) ORDER BY g.id FOR UPDATE SKIP LOCKED`,
    [groupIds],
  );
}

/** The living membership that a phone and one of our numbers name, with what a text from there needs of its group. */
export type MemberContext = {
  groupId: number;
  membershipId: number;
  version: number;
  tag: number;
  state: GroupRow['state'];
  ownerId: number;
  personId: number;
  /** The owner's, which pays; null where they have none. */
  account: { type: AccountType; balance: number; reserved: number } | null;
};

/**
 * A group `g` that nobody turned on in time is gone, whether or not a clock has ended it. One parameter: the seconds for
 * which a group is staged.
 */
export const LAPSED = "(g.state = 'staged' AND g.created_at <= NOW(3) - INTERVAL ? SECOND)";

export async function findMemberContext(
  sql: Sql,
  { phone, number, stagedFor }: { phone: string; number: string; stagedFor: number },
): Promise<MemberContext | undefined> {
  const found = await row<Omit<MemberContext, 'account'> & FoundFunds>(
    sql,
    `SELECT m.group_id AS groupId, m.id AS membershipId, g.roster_version AS version, g.roster_tag AS tag, g.owner_id AS ownerId,
       IF(${LAPSED}, 'deleted', g.state) AS state, m.person_id AS personId, a.type, a.balance, a.reserved
     FROM people p JOIN numbers n ON n.phone = ? JOIN memberships m ON m.person_id = p.id AND m.number_id = n.id AND m.live = 1
     JOIN \`groups\` g ON g.id = m.group_id LEFT JOIN accounts a ON a.person_id = g.owner_id WHERE p.phone = ?`,
    [stagedFor, number, phone],
  );
  if (found === undefined) return undefined;
  const { type, balance, reserved, ...memberContext } = found;
  return { ...memberContext, account: fundsIn({ type, balance, reserved }) };
}

/** What an owner's account has; null where they have none. */
export function fundsIn({ type, balance, reserved }: FoundFunds): MemberContext['account'] {
  return type === null || balance === null || reserved === null ? null : { type, balance, reserved };
}
type FoundFunds = { type: AccountType | null; balance: number | null; reserved: number | null };

/** How many groups of this owner wait for their YES. */
export async function countStaged(sql: Sql, of: { ownerId: number; stagedFor: number }): Promise<number> {
  const found = await row<{ staged: number }>(
    sql,
    `SELECT COUNT(*) AS staged FROM \`groups\` g WHERE g.owner_id = ? AND g.state = 'staged' AND NOT ${LAPSED}`,
    [of.ownerId, of.stagedFor],
  );
  return found?.staged ?? 0;
}

/** Staged groups that nobody turned on in time. */
export async function findLapsed(sql: Sql, stagedFor: number): Promise<number[]> {
  const found = await rows<{ id: number }>(sql, `SELECT g.id FROM \`groups\` g WHERE ${LAPSED} LIMIT 100`, [stagedFor]);
  return found.map(({ id }) => id);
}
