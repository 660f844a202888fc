import { type Binding, row, rows, type Sql } from '../connect.ts';

export type GroupState = 'staged' | 'active' | 'deleted';

/** What an operator sees of a group in a list. */
export type FoundGroup = {
  id: number;
  name: string;
  state: GroupState;
  paused: number;
  /** The main one. */
  number: string;
  owner: string;
  members: number;
};

/** What groups are looked for by; all that is named must hold. */
export type GroupFilter = {
  /** Part of the name, or the whole invite code. */
  words?: string | undefined;
  numberId?: number | undefined;
  memberId?: number | undefined;
  ownerId?: number | undefined;
};

/** The newest first. */
export async function findGroups(sql: Sql, filter: GroupFilter, limit: number): Promise<FoundGroup[]> {
  const { where, values } = conditionsOf(filter);
  return rows(
    sql,
    `SELECT g.id, g.name, g.state, g.paused, n.phone AS number, p.phone AS owner,
       (SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id AND m.live = 1 AND m.left_at IS NULL) AS members
     FROM \`groups\` g JOIN numbers n ON n.id = g.number_id JOIN people p ON p.id = g.owner_id
     WHERE ${where} ORDER BY g.id DESC LIMIT ?`,
    [...values, limit],
  );
}

function conditionsOf({ words, numberId, memberId, ownerId }: GroupFilter): { where: string; values: Binding[] } {
  const some = (of: string) => `EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = g.id AND m.live = 1 AND ${of})`;
  const wanted: [string, Binding[]][] = [];
  if (words !== undefined)
    wanted.push(["(g.name LIKE CONCAT('%', ?, '%') OR g.invite_key = ?)", [escaped(words), words.toLowerCase()]]);
  if (numberId !== undefined) wanted.push([`(g.number_id = ? OR ${some('m.number_id = ?')})`, [numberId, numberId]]);
  if (memberId !== undefined) wanted.push([some('m.person_id = ?'), [memberId]]);
  if (ownerId !== undefined) wanted.push(['g.owner_id = ?', [ownerId]]);
  const where = wanted.map(([text]) => text).join(' AND ');
  return { where: where === '' ? '1' : where, values: wanted.flatMap(([, bindings]) => bindings) };
}

function escaped(words: string): string {
  return words.replace(/[\\%_]/g, '\\$&');
}

/** What an operator sees of one group. */
export type GroupSheet = {
  id: number;
  name: string;
  state: GroupState;
  paused: number;
  number: string;
  ownerId: number;
  owner: string;
  inviteCode: string | null;
  isPublic: number;
  replyToOwner: number;
  rosterVersion: number;
  messages: number;
  lastMessageAt: Date | null;
  createdAt: Date;
  activatedAt: Date | null;
  endedAt: Date | null;
};

export async function readGroupSheet(sql: Sql, groupId: number): Promise<GroupSheet | undefined> {
  return row(
    sql,
    `SELECT g.id, g.name, g.state, g.paused, n.phone AS number, g.owner_id AS ownerId, p.phone AS owner, g.invite_code AS inviteCode,
       g.is_public AS isPublic, g.reply_to_owner AS replyToOwner, g.roster_version AS rosterVersion, g.last_message_id AS messages,
       (SELECT m.accepted_at FROM messages m WHERE m.group_id = g.id AND m.message_id = g.last_message_id) AS lastMessageAt,
       g.created_at AS createdAt, g.activated_at AS activatedAt, g.ended_at AS endedAt
     FROM \`groups\` g JOIN numbers n ON n.id = g.number_id JOIN people p ON p.id = g.owner_id WHERE g.id = ?`,
    [groupId],
  );
}

/** A living member, as an operator sees them. */
export type ListedMember = {
  phone: string;
  name: string | null;
  number: string;
  sms: number;
  left: number;
  blocked: number;
  since: Date;
};

export async function listMembers(sql: Sql, groupId: number): Promise<ListedMember[]> {
  return rows(
    sql,
    `SELECT p.phone, m.name, n.phone AS number, m.sms, m.left_at IS NOT NULL AS \`left\`, p.blocked_at IS NOT NULL AS blocked,
       m.joined_at AS since
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id
     WHERE m.group_id = ? AND m.live = 1 ORDER BY m.id`,
    [groupId],
  );
}
