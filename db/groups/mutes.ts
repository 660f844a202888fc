import { row, rows, run, type Sql } from '../connect.ts';

/**
 * Nothing is sent until then; what is missed counts from what still waits to be sent, or from a mute before this one.
 * Under the group’s lock.
 */
export async function mute(sql: Sql, { membershipId, until }: { membershipId: number; until: Date }): Promise<void> {
  await run(
    sql,
    `UPDATE memberships b JOIN \`groups\` g ON g.id = b.group_id
     SET b.muted_until = ?, b.muted_after = COALESCE(b.muted_after,
       (SELECT MIN(w.message_id) - 1 FROM messages w WHERE w.group_id = g.id AND w.pending IN (1, 2) AND w.message_id > 0),
       g.last_message_id) WHERE b.id = ? AND b.live = 1`,
    [until, membershipId],
  );
}

/** Memberships whose mute is over. */
export async function findMuteEnds(sql: Sql, now: Date): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    'SELECT id FROM memberships WHERE muted_until <= ? ORDER BY muted_until LIMIT 100',
    [now],
  );
  return found.map(({ id }) => id);
}

export type Unmuted = {
  groupId: number;
  group: string;
  personId: number;
  numberId: number;
  /** They are there to be told. */
  present: number;
} & Missed;

/** What a mute has held back: how many messages, or more than that, and the last of them, ascending. */
type Missed = { missed: number; isMore: boolean; last: { text: string; hasMedia: boolean }[] };

/** Ends a mute that is over by `now`. Returns what it held back; undefined if there is no mute. */
export async function unmute(
  sql: Sql,
  { membershipId, now }: { membershipId: number; now: Date | null },
): Promise<Unmuted | undefined> {
  const found = await row<Omit<Unmuted, keyof Missed> & { after: number | null }>(
    sql,
    `SELECT b.group_id AS groupId, g.name AS \`group\`, b.person_id AS personId, b.number_id AS numberId,
       b.muted_after AS after, b.live = 1 AND b.left_at IS NULL AND g.state = 'active' AS present
     FROM memberships b JOIN \`groups\` g ON g.id = b.group_id
     WHERE b.id = ? AND b.muted_until IS NOT NULL AND (? IS NULL OR b.muted_until <= ?) FOR UPDATE`,
    [membershipId, now, now],
  );
  if (found === undefined) return undefined;
  await run(sql, 'UPDATE memberships SET muted_until = NULL, muted_after = NULL WHERE id = ?', [membershipId]);
  const { after, ...unmuted } = found;
  return { ...unmuted, ...(await readMissed(sql, { ...found, after: after ?? 0 })) };
}

/** The newest are looked at, so that a mute of 100,000 messages costs no more than one of these. */
async function readMissed(
  sql: Sql,
  { groupId, personId, after }: { groupId: number; personId: number; after: number },
): Promise<Missed> {
  const among = `(SELECT id, message_id, text, media FROM messages WHERE group_id = ? AND message_id > ?
     ORDER BY message_id DESC LIMIT ${LOOKED_AT}) m
     STRAIGHT_JOIN deliveries d ON d.message_id = m.id AND d.person_id = ? AND d.part = 0
     WHERE d.state = 'skipped' AND d.reason = 'muted'`;
  const bindings = [groupId, after, personId];
  const counted = await row<{ missed: number; lastMessageId: number }>(
    sql,
    `SELECT (SELECT COUNT(*) FROM ${among}) AS missed, last_message_id AS lastMessageId FROM \`groups\` WHERE id = ?`,
    [...bindings, groupId],
  );
  const missed = counted?.missed ?? 0;
  if (missed === 0) return { missed, isMore: false, last: [] };
  const last = await rows<{ text: string; hasMedia: number }>(
    sql,
    `SELECT m.text, m.media IS NOT NULL AS hasMedia FROM ${among} AND (m.text <> '' OR m.media IS NOT NULL)
     ORDER BY m.message_id DESC LIMIT ${SHOWN}`,
    bindings,
  );
  return {
    missed,
    isMore: (counted?.lastMessageId ?? 0) - after > LOOKED_AT,
    last: last.reverse().map(({ text, hasMedia }) => ({ text, hasMedia: hasMedia === 1 })),
  };
}

const LOOKED_AT = 10_000;
const SHOWN = 4;
