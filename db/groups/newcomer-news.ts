import { row, rows, run, type Sql } from '../connect.ts';

/**
 * Begins a time in which news of a group are kept, where none runs; under the group's lock. Returns when the one that runs
 * already ends, or null where it has just begun: then this is the first, which goes out at once.
 */
export async function keepNewsUntil(
  sql: Sql,
  { groupId, now, until }: { groupId: number; now: Date; until: Date },
): Promise<Date | null> {
  const { affected } = await run(
    sql,
    'UPDATE `groups` SET news_kept_until = ? WHERE id = ? AND (news_kept_until IS NULL OR news_kept_until <= ?)',
    [until, groupId, now],
  );
  if (affected === 1) return null;
  const found = await row<{ until: Date | null }>(
    sql,
    'SELECT news_kept_until AS `until` FROM `groups` WHERE id = ? FOR UPDATE',
    [groupId],
  );
  return found?.until ?? null;
}

/** Who is new, by whom (memberships), and whose budget pays the text. */
export type KeptNews = { membershipId: number; byId: number | null; causedBy: number | null };

export async function insertNews(
  sql: Sql,
  { groupId, membershipId, byId, causedBy, dueAt }: KeptNews & { groupId: number; dueAt: Date },
): Promise<void> {
  await run(
    sql,
    'INSERT INTO newcomer_news (group_id, membership_id, by_id, caused_by, due_at) VALUES (?, ?, ?, ?, ?)',
    [groupId, membershipId, byId, causedBy, dueAt],
  );
}

/** Groups with news whose time has come. */
export async function findDueNews(sql: Sql, now: Date): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    'SELECT group_id AS groupId FROM newcomer_news WHERE due_at <= ? GROUP BY group_id ORDER BY MIN(due_at) LIMIT 100',
    [now],
  );
  return found.map(({ groupId }) => groupId);
}

/** Takes the news of a group whose time has come, the oldest first; none where another clock has them. */
export async function takeDueNews(sql: Sql, { groupId, now }: { groupId: number; now: Date }): Promise<KeptNews[]> {
  const found = await rows<KeptNews & { id: number }>(
    sql,
    `SELECT id, membership_id AS membershipId, by_id AS byId, caused_by AS causedBy FROM newcomer_news
     WHERE group_id = ? AND due_at <= ? ORDER BY id FOR UPDATE SKIP LOCKED`,
    [groupId, now],
  );
  if (found.length > 0)
    await run(sql, 'DELETE FROM newcomer_news WHERE group_id = ? AND id IN (?)', [groupId, found.map(({ id }) => id)]);
  return found.map(({ id: _, ...news }) => news);
}
