import { rows, run, type Sql } from '../connect.ts';

/** A group that somebody was asked to join, by which code and name, and the state of its roster. */
export type Invitation = {
  id: number;
  code: string;
  name: string | null;
  asked: string;
  groupId: number;
  group: string;
  version: number;
  tag: number;
};

/** Asks somebody into a group until then; an invitation that has lapsed gives way. */
export async function putInvitation(
  sql: Sql,
  invitation: Pick<Invitation, 'groupId' | 'code' | 'name' | 'asked'> & { personId: number; expiresAt: Date },
): Promise<void> {
  const { groupId, personId, code, name, asked, expiresAt } = invitation;
  await run(
    sql,
    `INSERT INTO invitations (group_id, person_id, code, name, asked, expires_at) VALUES (?, ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE code = VALUES(code), name = VALUES(name), asked = VALUES(asked), expires_at = VALUES(expires_at)`,
    [groupId, personId, code, name, asked, expiresAt],
  );
}

/** The open invitations of a person to groups that are on, the oldest first. */
export async function findInvitations(
  sql: Sql,
  { personId, now }: { personId: number; now: Date },
): Promise<Invitation[]> {
  return rows(
    sql,
    `SELECT i.id, i.code, i.name, i.asked, i.group_id AS groupId, g.name AS \`group\`, g.roster_version AS version, g.roster_tag AS tag
     FROM invitations i JOIN \`groups\` g ON g.id = i.group_id AND g.state = 'active'
     WHERE i.person_id = ? AND i.expires_at > ? ORDER BY i.id`,
    [personId, now],
  );
}

/** It is answered; false where it was before. */
export async function dropInvitation(sql: Sql, of: { personId: number; groupId: number }): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM invitations WHERE person_id = ? AND group_id = ?', [
    of.personId,
    of.groupId,
  ]);
  return affected === 1;
}

/** Drops those that lapsed before then. */
export async function purgeInvitations(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM invitations WHERE expires_at < ? LIMIT 500', [before]);
}
