import { prefixOf } from '../../engine/rules/budgets.ts';
import { rows, run, type Sql } from '../connect.ts';

/** First texts that were counted in a time, by their rows, `limit` at most after row `afterId`. */
export async function findCountedIn(
  sql: Sql,
  { since, before, afterId, limit }: { since: Date; before: Date; afterId: number; limit: number },
): Promise<{ id: number; messageId: number }[]> {
  return rows(
    sql,
    'SELECT id, message_id AS messageId FROM first_texts WHERE counted_at > ? AND counted_at <= ? AND id > ? ORDER BY id LIMIT ?',
    [since, before, afterId, limit],
  );
}

/** Those of these messages that there are. */
export async function findThere(sql: Sql, messageIds: readonly number[]): Promise<Set<number>> {
  if (messageIds.length === 0) return new Set();
  const found = await rows<{ id: number }>(sql, 'SELECT id FROM messages WHERE id IN (?)', [messageIds]);
  return new Set(found.map(({ id }) => id));
}

/** They count no more. */
export async function giveBackFirstTexts(sql: Sql, messageIds: readonly number[]): Promise<void> {
  if (messageIds.length === 0) return;
  await run(sql, 'DELETE FROM first_texts WHERE message_id IN (?)', [messageIds]);
}

/** Of these messages, those that budgets know of, and whether each is still to be looked at. */
export async function findWaits(sql: Sql, messageIds: readonly number[]): Promise<Map<number, boolean>> {
  if (messageIds.length === 0) return new Map();
  const found = await rows<{ messageId: number; waits: number }>(
    sql,
    'SELECT message_id AS messageId, MAX(retry_at IS NOT NULL) AS waits FROM first_texts WHERE message_id IN (?) GROUP BY message_id',
    [messageIds],
  );
  return new Map(found.map(({ messageId, waits }) => [messageId, waits === 1]));
}

/** Makes these messages wait for a budget, from whomever they came: they are looked at from `now` on. */
export async function waitAgain(sql: Sql, messageIds: readonly number[], now: Date): Promise<void> {
  if (messageIds.length === 0) return;
  const to = await rows<{ messageId: number; personId: number }>(
    sql,
    'SELECT message_id AS messageId, person_id AS personId FROM deliveries WHERE message_id IN (?) AND part = 0',
    [messageIds],
  );
  if (to.length === 0) return;
  const people = await rows<{ id: number; phone: string }>(sql, 'SELECT id, phone FROM people WHERE id IN (?)', [
    [...new Set(to.map(({ personId }) => personId))],
  ]);
  const phones = new Map(people.map(({ id, phone }) => [id, phone]));
  await run(sql, 'INSERT IGNORE INTO first_texts (message_id, person_id, prefix, caused_at, retry_at) VALUES ?', [
    to.map(({ messageId, personId }) => [messageId, personId, prefixOf(phones.get(personId) ?? ''), now, now]),
  ]);
}
