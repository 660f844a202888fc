import { rows, run, type Sql } from '../connect.ts';
import { ROWS_A_STATEMENT } from '../deliveries/delivery-keys.ts';

/** What a member of a group is owed: rows of messages. */
export type Owed = { membershipId: number; firstId: number | null; lastId: number | null };

/** What is known of the members of a group who are owed something, or were. */
export async function readOwed(sql: Sql, groupId: number): Promise<Owed[]> {
  return rows(
    sql,
    'SELECT membership_id AS membershipId, first_id AS firstId, last_id AS lastId FROM bundles WHERE group_id = ?',
    [groupId],
  );
}

/** Members who said something since then, among the last messages of a group up to `upTo`: the first row of each. */
export async function readTalkers(
  sql: Sql,
  { groupId, upTo, since }: { groupId: number; upTo: number; since: Date },
): Promise<{ memberId: number; fromId: number }[]> {
  return rows(
    sql,
    `SELECT sender_id AS memberId, MIN(id) AS fromId FROM messages FORCE INDEX (messages_number)
     WHERE group_id = ? AND message_id BETWEEN ? AND ? AND sender_id IS NOT NULL AND accepted_at > ? GROUP BY sender_id`,
    [groupId, upTo - LOOKED_AT, upTo, since],
  );
}
/** A member who said nothing among so many takes no part, however fast the others are. */
const LOOKED_AT = 300;

export type NewOwed = { membershipId: number; groupId: number; firstId: number | null; inMs: number };

/**
 * Members are owed what was said from `firstId` on, or from before that where they are owed something already; told in so
 * many milliseconds, or sooner where that was so. Where it is null nothing more is owed, and what is, is told now.
 */
export async function owe(sql: Sql, owed: readonly NewOwed[]): Promise<void> {
  const more = inOrder(owed.filter(({ firstId }) => firstId !== null));
  for (let from = 0; from < more.length; from += ROWS_A_STATEMENT) {
    const some = more.slice(from, from + ROWS_A_STATEMENT);
    await run(
      sql,
      `INSERT INTO bundles (membership_id, group_id, first_id, due_at)
       VALUES ${some.map(() => '(?, ?, ?, NOW(3) + INTERVAL ? MICROSECOND)').join(', ')}
       ON DUPLICATE KEY UPDATE first_id = COALESCE(first_id, VALUES(first_id)),
         due_at = LEAST(COALESCE(due_at, VALUES(due_at)), VALUES(due_at))`,
      some.flatMap(({ membershipId, groupId, firstId, inMs }) => [membershipId, groupId, firstId, inMs * 1_000]),
    );
  }
  const sooner = inOrder(owed.filter(({ firstId }) => firstId === null));
  if (sooner.length > 0)
    await run(
      sql,
      'UPDATE bundles SET due_at = LEAST(due_at, NOW(3)) WHERE membership_id IN (?) AND first_id IS NOT NULL',
      [sooner.map(({ membershipId }) => membershipId)],
    );
}

/** Everybody locks them in the same order. */
export function inOrder<T extends { membershipId: number }>(all: readonly T[]): T[] {
  return all.toSorted((a, b) => a.membershipId - b.membershipId);
}

/** Groups in which somebody is to be told by now what they are owed. */
export async function findDueGroups(sql: Sql, now: Date): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    'SELECT DISTINCT group_id AS groupId FROM (SELECT group_id FROM bundles WHERE due_at <= ? ORDER BY due_at LIMIT 1000) b LIMIT 50',
    [now],
  );
  return found.map(({ groupId }) => groupId);
}

/** A member who is due; not `present` where they have left or are gone, or their group is. */
export type Due = {
  membershipId: number;
  firstId: number;
  personId: number;
  present: number;
  muted: number;
  language: string | null;
};

/** Locks those of a group who are due, the longest owed first, some at a time. */
export async function lockDue(
  sql: Sql,
  { groupId, now, limit }: { groupId: number; now: Date; limit: number },
): Promise<Due[]> {
  const locked = await rows<{ membershipId: number; firstId: number }>(
    sql,
    `SELECT membership_id AS membershipId, first_id AS firstId FROM bundles
     WHERE group_id = ? AND first_id IS NOT NULL AND due_at <= ? ORDER BY first_id, membership_id LIMIT ? FOR UPDATE`,
    [groupId, now, limit],
  );
  if (locked.length === 0) return [];
  const found = await rows<Omit<Due, 'firstId'>>(
    sql,
    `SELECT b.id AS membershipId, b.person_id AS personId, COALESCE(b.live = 1 AND b.left_at IS NULL, 0) AS present,
       COALESCE(b.muted_until > ?, 0) AS muted, p.language FROM memberships b JOIN people p ON p.id = b.person_id WHERE b.id IN (?)`,
    [now, locked.map(({ membershipId }) => membershipId)],
  );
  const members = new Map(found.map((one) => [one.membershipId, one]));
  return locked.flatMap(({ membershipId, firstId }) => {
    const member = members.get(membershipId);
    return member === undefined ? [] : [{ ...member, firstId }];
  });
}

export type SaidLine = { id: number; messageId: number; text: string; media: string | null; toId: number | null };

/** What was said in a group from row `from` on, and not stopped, the first `limit`. */
export async function readSaid(
  sql: Sql,
  { groupId, from, limit }: { groupId: number; from: number; limit: number },
): Promise<SaidLine[]> {
  return rows(
    sql,
    `SELECT id, message_id AS messageId, text, media, to_id AS toId FROM messages FORCE INDEX (messages_group)
     WHERE group_id = ? AND id >= ? AND message_id IS NOT NULL AND kind = 'said' AND cancelled_at IS NULL ORDER BY id LIMIT ?`,
    [groupId, from, limit],
  );
}

/** Which of these messages are owed to which of these people. */
export async function readOwedTo(
  sql: Sql,
  { personIds, messageIds }: { personIds: readonly number[]; messageIds: readonly number[] },
): Promise<{ messageId: number; personId: number }[]> {
  if (personIds.length === 0 || messageIds.length === 0) return [];
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId FROM deliveries d
     WHERE d.message_id IN (?) AND d.person_id IN (?) AND d.part = 0 AND d.state = 'skipped' AND d.reason = 'batched'
     ORDER BY d.message_id`,
    [messageIds, personIds],
  );
}
