import { row, run, type Sql } from '../connect.ts';

/** Holds a member's text back; one that is held already gives way to it. */
export async function holdText(
  sql: Sql,
  { memberId, text, now }: { memberId: number; text: string; now: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO held_texts (member_id, text, held_at) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE text = VALUES(text), held_at = VALUES(held_at)`,
    [memberId, text, now],
  );
}

/** The text of this member that has been held back since then or later. */
export async function findHeldText(
  sql: Sql,
  { memberId, since }: { memberId: number; since: Date },
): Promise<string | undefined> {
  const found = await row<{ text: string }>(sql, 'SELECT text FROM held_texts WHERE member_id = ? AND held_at > ?', [
    memberId,
    since,
  ]);
  return found?.text;
}

/** Lets a held text go; false where there is none. */
export async function releaseText(sql: Sql, memberId: number): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM held_texts WHERE member_id = ?', [memberId]);
  return affected === 1;
}

/** Drops what was held back before then. */
export async function purgeHeldTexts(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM held_texts WHERE held_at < ? LIMIT 500', [before]);
}
