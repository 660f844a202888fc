import { row, rows, type Sql } from '../connect.ts';

/** The active groups that a person is a member of, also those they left. */
export async function groupIdsOf(sql: Sql, personId: number): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    "SELECT m.group_id AS groupId FROM memberships m JOIN `groups` g ON g.id = m.group_id WHERE m.person_id = ? AND m.live = 1 AND g.state = 'active' ORDER BY m.group_id",
    [personId],
  );
  return found.map(({ groupId }) => groupId);
}

/** The active groups that a person is in or has left, oldest first, each with the number that the person texts. */
export async function listGroupsOf(
  sql: Sql,
  personId: number,
): Promise<{ name: string; number: string; left: boolean }[]> {
  const found = await rows<{ name: string; number: string; hasLeft: number }>(
    sql,
    `SELECT g.name, n.phone AS number, m.left_at IS NOT NULL AS hasLeft FROM memberships m
     JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active' JOIN numbers n ON n.id = m.number_id
     WHERE m.person_id = ? AND m.live = 1 ORDER BY m.id`,
    [personId],
  );
  return found.map(({ name, number, hasLeft }) => ({ name, number, left: hasLeft === 1 }));
}

/**
 * The owners of a person's groups (not the person), each with how the group knows that person and through which number
 * of ours it reaches them.
 */
export async function ownersAround(
  sql: Sql,
  personId: number,
): Promise<
  {
    groupId: number;
    group: string;
    who: string;
    through: number;
    owner: { personId: number; membershipId: number; numberId: number };
  }[]
> {
  const found = await rows<{
    groupId: number;
    name: string;
    who: string;
    through: number;
    personId: number;
    membershipId: number;
    numberId: number;
  }>(
    sql,
    `SELECT g.id AS groupId, g.name, COALESCE(m.name, p.phone) AS who, m.number_id AS through,
       o.person_id AS personId, o.id AS membershipId, o.number_id AS numberId
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
     JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1
     WHERE m.person_id = ? AND m.live = 1 AND g.owner_id <> m.person_id ORDER BY m.id`,
    [personId],
  );
  return found.map(({ groupId, name, who, through, ...owner }) => ({ groupId, group: name, who, through, owner }));
}

/** The owner of a member's group, where that is somebody else, and how the group knows the member. */
export async function ownerOf(
  sql: Sql,
  membershipId: number,
): Promise<
  { group: string; who: string; owner: { personId: number; membershipId: number; numberId: number } } | undefined
> {
  const found = await row<{ name: string; who: string; personId: number; membershipId: number; numberId: number }>(
    sql,
    `SELECT g.name, COALESCE(m.name, p.phone) AS who, o.person_id AS personId, o.id AS membershipId, o.number_id AS numberId
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN \`groups\` g ON g.id = m.group_id
     JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1
     WHERE m.id = ? AND g.owner_id <> m.person_id`,
    [membershipId],
  );
  if (found === undefined) return undefined;
  const { name, who, ...owner } = found;
  return { group: name, who, owner };
}
