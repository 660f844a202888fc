import { row, rows, run, type Sql } from '../connect.ts';

export type StoredMedia = { id: number; name: string; bytes: number };

/** Notes what was uploaded, before it is stored: what is in the store always has a row by which it is deleted. */
export async function insertMedia(
  sql: Sql,
  media: { personId: number; name: string; bytes: number; deleteAt: Date; now: Date },
): Promise<number> {
  const { personId, name, bytes, deleteAt, now } = media;
  const { id } = await run(
    sql,
    'INSERT INTO media (person_id, name, bytes, delete_at, created_at) VALUES (?, ?, ?, ?, ?)',
    [personId, name, bytes, deleteAt, now],
  );
  return id;
}

/** How many uploads of a person were not sent yet. */
export async function countUnsentMedia(sql: Sql, { personId, now }: { personId: number; now: Date }): Promise<number> {
  const found = await row<{ count: number }>(
    sql,
    'SELECT COUNT(*) AS count FROM media WHERE person_id = ? AND delete_at > ?',
    [personId, now],
  );
  return found?.count ?? 0;
}

/** Those of these ids that a person uploaded and that are not to be deleted. */
export async function findMedia(
  sql: Sql,
  { ids, personId, now }: { ids: readonly number[]; personId: number; now: Date },
): Promise<StoredMedia[]> {
  return rows(
    sql,
    'SELECT id, name, bytes FROM media WHERE id IN (?) AND person_id = ? AND (delete_at IS NULL OR delete_at > ?)',
    [ids, personId, now],
  );
}

/** From now on it is kept as long as texts are. */
export async function keepMedia(sql: Sql, ids: readonly number[]): Promise<void> {
  await run(sql, 'UPDATE media SET delete_at = NULL WHERE id IN (?)', [ids]);
}

/** From now on it is kept as long as texts of that moment are, at which it is to be sent. */
export async function keepMediaFor(sql: Sql, ids: readonly number[], at: Date): Promise<void> {
  await run(sql, 'UPDATE media SET delete_at = NULL, created_at = GREATEST(created_at, ?) WHERE id IN (?)', [at, ids]);
}

/** Those of these names that are not to be deleted. */
export async function findKeptNames(sql: Sql, names: readonly string[]): Promise<Set<string>> {
  const found = await rows<{ name: string }>(
    sql,
    'SELECT name FROM media WHERE name IN (?) AND (delete_at IS NULL OR delete_at > NOW(3))',
    [names],
  );
  return new Set(found.map(({ name }) => name));
}

/** Some of what is to be deleted: by its time, or because it is from before `oldest`. */
export async function findEndedMedia(
  sql: Sql,
  { now, oldest, limit }: { now: Date; oldest: Date | null; limit: number },
): Promise<StoredMedia[]> {
  return rows(
    sql,
    `(SELECT id, name, bytes FROM media WHERE delete_at <= ? ORDER BY delete_at LIMIT ?)
     UNION (SELECT id, name, bytes FROM media WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
    [now, limit, oldest ?? new Date(0), limit],
  );
}

export async function deleteMedia(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await run(sql, 'DELETE FROM media WHERE id IN (?)', [ids]);
}
