import type { Draft } from '../../engine/rules/effects.ts';
import { DRAFT_SHAPE } from '../../engine/rules/pairs.ts';
import { row, run, type Sql } from '../connect.ts';

/** A group that somebody makes by text. `members` is null where they were kept in the shape of another release. */
export type DraftRow = Omit<Draft, 'members'> & { members: Draft['members'] | null; updatedAt: Date };

export async function findDraft(sql: Sql, personId: number): Promise<DraftRow | undefined> {
  const found = await row<Omit<DraftRow, 'members'> & { members: string }>(
    sql,
    'SELECT group_name AS `group`, members, version, updated_at AS updatedAt FROM drafts WHERE person_id = ?',
    [personId],
  );
  return found === undefined ? undefined : { ...found, members: readMembers(found.members) };
}

type KeptMembers = { shape?: string; members: Draft['members'] };

function readMembers(text: string): Draft['members'] | null {
  const kept = JSON.parse(text) as KeptMembers;
  return kept.shape === DRAFT_SHAPE ? kept.members : null;
}

/** Keeps a draft that was read at `version` (0: there was none); false where it has changed since. */
export async function putDraft(
  sql: Sql,
  { personId, group, members, version, now }: { personId: number; now: Date } & Draft,
): Promise<boolean> {
  const kept: KeptMembers = { shape: DRAFT_SHAPE, members };
  const text = JSON.stringify(kept);
  const { affected } =
    version === 0
      ? await run(
          sql,
          'INSERT IGNORE INTO drafts (person_id, group_name, members, version, updated_at) VALUES (?, ?, ?, 1, ?)',
          [personId, group, text, now],
        )
      : await run(
          sql,
          'UPDATE drafts SET group_name = ?, members = ?, version = version + 1, updated_at = ? WHERE person_id = ? AND version = ?',
          [group, text, now, personId, version],
        );
  return affected === 1;
}

export async function dropDraft(sql: Sql, personId: number): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM drafts WHERE person_id = ?', [personId]);
  return affected === 1;
}

/** Drops the drafts that nobody has touched since then. */
export async function purgeDrafts(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM drafts WHERE updated_at < ? LIMIT 500', [before]);
}
