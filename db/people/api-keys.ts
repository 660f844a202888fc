import type { KeyAccess } from '../../engine/rules/api-keys.ts';
import { row, rows, run, type Sql } from '../connect.ts';

export type ApiKeyRow = {
  id: number;
  personId: number;
  phone: string;
  groupId: number | null;
  access: KeyAccess;
  usedAt: Date | null;
};
export type ListedKey = Omit<ApiKeyRow, 'personId'> & { name: string; createdAt: Date; revokedAt: Date | null };

/** Returns the id of the new row. */
export async function insertApiKey(
  sql: Sql,
  key: { keyHash: Buffer; name: string; now: Date } & Pick<ApiKeyRow, 'personId' | 'groupId' | 'access'>,
): Promise<number> {
  const { id } = await run(
    sql,
    'INSERT INTO api_keys (key_hash, person_id, group_id, access, name, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [key.keyHash, key.personId, key.groupId, key.access, key.name, key.now],
  );
  return id;
}

/** The key of a hash, unless it was revoked. */
export async function findApiKey(sql: Sql, keyHash: Buffer): Promise<ApiKeyRow | undefined> {
  return row(
    sql,
    `SELECT k.id, k.person_id AS personId, p.phone, k.group_id AS groupId, k.access, k.used_at AS usedAt
     FROM api_keys k JOIN people p ON p.id = k.person_id WHERE k.key_hash = ? AND k.revoked_at IS NULL`,
    [keyHash],
  );
}

/** Those of these keys that still work. */
export async function findWorkingKeys(sql: Sql, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const found = await rows<{ id: number }>(sql, 'SELECT id FROM api_keys WHERE id IN (?) AND revoked_at IS NULL', [
    ids,
  ]);
  return new Set(found.map(({ id }) => id));
}

export async function touchApiKey(sql: Sql, { id, now }: { id: number; now: Date }): Promise<void> {
  await run(sql, 'UPDATE api_keys SET used_at = ? WHERE id = ?', [now, id]);
}

/** Keys of a person, or of everybody, the newest first; also those that were revoked. */
export async function listApiKeys(sql: Sql, personId: number | null): Promise<ListedKey[]> {
  return rows(
    sql,
    `SELECT k.id, p.phone, k.group_id AS groupId, k.access, k.name, k.created_at AS createdAt, k.used_at AS usedAt,
       k.revoked_at AS revokedAt
     FROM api_keys k JOIN people p ON p.id = k.person_id ${personId === null ? '' : 'WHERE k.person_id = ?'}
     ORDER BY k.id DESC`,
    personId === null ? [] : [personId],
  );
}

/** Returns false where there is none of this id that still works. */
export async function revokeApiKey(sql: Sql, { id, now }: { id: number; now: Date }): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', [
    now,
    id,
  ]);
  return affected > 0;
}

export type OwnKey = Pick<ListedKey, 'id' | 'name' | 'access' | 'createdAt' | 'usedAt'> & {
  /** The number by which the person reaches the one group that it is for. */
  number: string | null;
  groupId: number | null;
};

/** The keys of a person that work, below `before`, the newest first, at most `limit`. */
export async function listOwnKeys(
  sql: Sql,
  { personId, limit, before = Number.MAX_SAFE_INTEGER }: { personId: number; limit: number; before?: number },
): Promise<OwnKey[]> {
  return rows(
    sql,
    `SELECT k.id, k.name, k.access, k.created_at AS createdAt, k.used_at AS usedAt, k.group_id AS groupId, n.phone AS number
     FROM api_keys k LEFT JOIN memberships m ON m.group_id = k.group_id AND m.person_id = k.person_id AND m.live = 1
     LEFT JOIN numbers n ON n.id = m.number_id
     WHERE k.person_id = ? AND k.id < ? AND k.revoked_at IS NULL ORDER BY k.id DESC LIMIT ?`,
    [personId, before, limit],
  );
}

/** Returns false where the person has none of this id that still works. */
export async function revokeOwnKey(
  sql: Sql,
  { id, personId, now }: { id: number; personId: number; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE api_keys SET revoked_at = ? WHERE id = ? AND person_id = ? AND revoked_at IS NULL',
    [now, id, personId],
  );
  return affected > 0;
}

/** Ends every key of a person. */
export async function revokeKeysOf(sql: Sql, { personId, now }: { personId: number; now: Date }): Promise<void> {
  await run(sql, 'UPDATE api_keys SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL', [now, personId]);
}
