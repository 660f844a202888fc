import { row, run, type Sql } from '../connect.ts';

/** Segments of answers that a person got since then. */
export async function countAnswerSegments(
  sql: Sql,
  { personId, since }: { personId: number; since: Date },
): Promise<number> {
  const found = await row<{ segments: number }>(
    sql,
    'SELECT COALESCE(SUM(segments), 0) AS segments FROM answer_texts WHERE person_id = ? AND sent_at > ?',
    [personId, since],
  );
  return Number(found?.segments ?? 0);
}

export async function insertAnswerText(
  sql: Sql,
  { personId, segments, now }: { personId: number; segments: number; now: Date },
): Promise<void> {
  await run(sql, 'INSERT INTO answer_texts (person_id, segments, sent_at) VALUES (?, ?, ?)', [personId, segments, now]);
}

export async function purgeAnswerTexts(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM answer_texts WHERE sent_at < ? LIMIT 500', [before]);
}
