import { row, run, type Sql } from '../connect.ts';

/** A group that somebody makes by text. */
export type DraftRow = { group: string; members: string; version: number; updatedAt: Date };

export async function findDraft(sql: Sql, personId: number): Promise<DraftRow | undefined> {
  return row(
    sql,
    'SELECT group_name AS `group`, members, version, updated_at AS updatedAt FROM drafts WHERE person_id = ?',
    [personId],
  );
}

/** Keeps a draft that was read at `version` (0: there was none); false where it has changed since. */
export async function putDraft(
  sql: Sql,
  { personId, group, members, version, now }: { personId: number; now: Date } & Omit<DraftRow, 'updatedAt'>,
): Promise<boolean> {
  const { affected } =
    version === 0
      ? await run(
          sql,
          'INSERT IGNORE INTO drafts (person_id, group_name, members, version, updated_at) VALUES (?, ?, ?, 1, ?)',
          [personId, group, members, now],
        )
      : await run(
          sql,
          'UPDATE drafts SET group_name = ?, members = ?, version = version + 1, updated_at = ? WHERE person_id = ? AND version = ?',
          [group, members, now, personId, version],
        );
  return affected === 1;
}

export async function dropDraft(sql: Sql, personId: number): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM drafts WHERE person_id = ?', [personId]);
  return affected === 1;
}

/** Drops the drafts that nobody has touched since then. */
export async function forgetDrafts(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM drafts WHERE updated_at < ? LIMIT 500', [before]);
}
