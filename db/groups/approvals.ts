import type { Awaiting } from '../../engine/rules/command-context.ts';
import { row, rows, run, type Sql } from '../connect.ts';
import { readMedia, writeMedia } from '../messages/messages.ts';

/*
 * What waits for an owner's approval is a schedule that is not to go out: approved, it is due at once; what nobody has
 * approved until `send_at` is dropped then.
 */

/** Returns its id. The caller holds the lock of the group, so that no other is among the `most` that may wait. */
export async function insertAwaiting(
  sql: Sql,
  {
    groupId,
    saidBy,
    text,
    media,
    cc,
    until,
    now,
  }: {
    groupId: number;
    saidBy: number;
    text: string;
    media: readonly string[];
    cc: boolean;
    until: Date;
    now: Date;
  },
): Promise<number> {
  const { id } = await run(
    sql,
    `INSERT INTO schedules (group_id, said_by, text, media, cc, send_at, awaits_approval, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?)`,
    [groupId, saidBy, text, writeMedia(media), cc, until, now],
  );
  return id;
}

/** What waits for approval in a group, the oldest first; `until` when it is over. */
export async function listAwaiting(sql: Sql, groupId: number): Promise<(Awaiting & { until: Date })[]> {
  const found = await rows<Omit<Awaiting, 'media' | 'cc'> & { media: string | null; cc: number; until: Date }>(
    sql,
    `SELECT id, said_by AS saidBy, text, media, cc, send_at AS until FROM schedules
     WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 1 ORDER BY id`,
    [groupId],
  );
  return found.map(({ media, cc, ...one }) => ({ ...one, media: readMedia(media), cc: cc === 1 }));
}

export async function countAwaiting(sql: Sql, groupId: number): Promise<number> {
  const found = await row<{ waiting: number }>(
    sql,
    'SELECT COUNT(*) AS waiting FROM schedules WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 1',
    [groupId],
  );
  return found?.waiting ?? 0;
}

type One = { id: number; groupId: number; now: Date };

/** It is due now; false where it waits no longer: another owner was faster, or it has ended. */
export async function approve(sql: Sql, { id, groupId, now }: One): Promise<boolean> {
  const { affected } = await run(
    sql,
    `UPDATE schedules SET awaits_approval = 0, send_at = ?
     WHERE id = ? AND group_id = ? AND ended_at IS NULL AND awaits_approval = 1`,
    [now, id, groupId],
  );
  return affected === 1;
}

/** It is not sent; false where it waits no longer. */
export async function endAwaiting(sql: Sql, { id, groupId, now }: One): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE schedules SET ended_at = ? WHERE id = ? AND group_id = ? AND ended_at IS NULL AND awaits_approval = 1',
    [now, id, groupId],
  );
  return affected === 1;
}

/** What waits of a person, with the group that it is for. */
export type AwaitingOf = {
  id: number;
  groupId: number;
  group: string;
  /** How the group knows the person, and through which number of ours. */
  who: string;
  through: number;
  membershipId: number;
};

export async function findAwaitingOf(sql: Sql, personId: number): Promise<AwaitingOf[]> {
  return rows(
    sql,
    `SELECT s.id, g.id AS groupId, g.name AS \`group\`, COALESCE(m.name, p.phone) AS who, m.number_id AS through,
       m.id AS membershipId
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN \`groups\` g ON g.id = m.group_id
     JOIN schedules s ON s.group_id = m.group_id AND s.ended_at IS NULL AND s.awaits_approval = 1 AND s.said_by = m.id
     WHERE m.person_id = ? ORDER BY s.id`,
    [personId],
  );
}

/** The owners of these groups, and their co-owners who are there. */
export async function findThoseWhoRun(
  sql: Sql,
  groupIds: readonly number[],
): Promise<{ groupId: number; personId: number; membershipId: number; numberId: number }[]> {
  return rows(
    sql,
    `SELECT m.group_id AS groupId, m.person_id AS personId, m.id AS membershipId, m.number_id AS numberId
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id
     WHERE m.group_id IN (?) AND m.live = 1 AND (m.person_id = g.owner_id OR (m.co_owner = 1 AND m.left_at IS NULL))
     ORDER BY m.id`,
    [groupIds],
  );
}
