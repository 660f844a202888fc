import { rows, type Sql } from '../connect.ts';

/**
 * A mark for each of these people which changes whenever something happens in one of their groups, or they come into a group
 * or go from it. One statement for hundreds of people; who has no group has no mark.
 */
export async function readProgress(sql: Sql, personIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const marks = new Map<number, string>();
  for (let from = 0; from < personIds.length; from += PEOPLE_A_STATEMENT) {
    const found = await rows<{ personId: number; mark: string }>(
      sql,
      `SELECT m.person_id AS personId, CONCAT_WS('-', COUNT(*), MAX(a.times_low),
         BIT_XOR(CRC32(CONCAT_WS('-', m.id, m.co_owner, g.owner_id, g.last_message_id, g.last_event_id)))) AS mark
       FROM memberships m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
       LEFT JOIN accounts a ON a.person_id = m.person_id
       WHERE m.person_id IN (?) AND m.live = 1 GROUP BY m.person_id`,
      [personIds.slice(from, from + PEOPLE_A_STATEMENT)],
    );
    for (const { personId, mark } of found) marks.set(personId, mark);
  }
  return marks;
}

export type GroupProgress = { groupId: number; ownerId: number; lastMessageId: number; lastEventId: number };

/** How far these groups have come; one that is no longer there is left out. */
export async function readGroupProgress(
  sql: Sql,
  groupIds: readonly number[],
): Promise<ReadonlyMap<number, GroupProgress>> {
  const progress = new Map<number, GroupProgress>();
  for (let from = 0; from < groupIds.length; from += GROUPS_A_STATEMENT) {
    const found = await rows<GroupProgress>(
      sql,
      `SELECT id AS groupId, owner_id AS ownerId, last_message_id AS lastMessageId, last_event_id AS lastEventId
       FROM \`groups\` WHERE id IN (?) AND state = 'active'`,
      [groupIds.slice(from, from + GROUPS_A_STATEMENT)],
    );
    for (const group of found) progress.set(group.groupId, group);
  }
  return progress;
}

const GROUPS_A_STATEMENT = 1_000;

/** In how many active groups a person is, the newest of those memberships, and how often their account ran low. */
export type Belonging = { personId: number; count: number; membershipId: number; timesLow: number };

/** Who is in no group is left out. */
export async function readBelonging(sql: Sql, personIds: readonly number[]): Promise<ReadonlyMap<number, Belonging>> {
  if (personIds.length === 0) return new Map();
  const found = await rows<Belonging>(
    sql,
    `SELECT m.person_id AS personId, COUNT(*) AS count, MAX(m.id) AS membershipId, COALESCE(MAX(a.times_low), 0) AS timesLow
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
     LEFT JOIN accounts a ON a.person_id = m.person_id
     WHERE m.person_id IN (?) AND m.live = 1 GROUP BY m.person_id`,
    [personIds],
  );
  return new Map(found.map((one) => [one.personId, one]));
}

const PEOPLE_A_STATEMENT = 1_000;
