import type { OperatorRole } from '../../engine/rules/operators.ts';
import { row, rows, run, type Sql, transact } from '../connect.ts';

/** One who signs in to the console by a name and a password of their own. */
export type OperatorRow = { id: number; name: string; role: OperatorRole; passwordHash: string };
export type ListedOperator = { name: string; role: OperatorRole; since: Date; lastSeenAt: Date | null };

export async function findOperatorNamed(sql: Sql, name: string): Promise<OperatorRow | undefined> {
  return row(sql, 'SELECT id, name, role, password_hash AS passwordHash FROM operators WHERE name = ?', [name]);
}

/** `lastSeenAt`: null where no session of theirs is kept. */
export async function listOperators(sql: Sql): Promise<ListedOperator[]> {
  return rows(
    sql,
    `SELECT o.name, o.role, o.created_at AS since,
       (SELECT MAX(s.used_at) FROM operator_sessions s WHERE s.operator_id = o.id) AS lastSeenAt
     FROM operators o ORDER BY o.name`,
  );
}

export async function insertOperator(
  sql: Sql,
  { name, role, passwordHash, now }: Omit<OperatorRow, 'id'> & { now: Date },
): Promise<void> {
  await run(sql, 'INSERT INTO operators (name, role, password_hash, created_at) VALUES (?, ?, ?, ?)', [
    name,
    role,
    passwordHash,
    now,
  ]);
}

/** Ends their sessions too. */
export async function setOperatorPassword(
  sql: Sql,
  { id, passwordHash }: Pick<OperatorRow, 'id' | 'passwordHash'>,
): Promise<void> {
  await transact(sql, async (tx) => {
    await run(tx, 'UPDATE operators SET password_hash = ? WHERE id = ?', [passwordHash, id]);
    await run(tx, 'DELETE FROM operator_sessions WHERE operator_id = ?', [id]);
  });
}

/** Ends their sessions too. */
export async function deleteOperator(sql: Sql, id: number): Promise<void> {
  await transact(sql, async (tx) => {
    await run(tx, 'DELETE FROM operator_sessions WHERE operator_id = ?', [id]);
    await run(tx, 'DELETE FROM operators WHERE id = ?', [id]);
  });
}

/** `operatorId` is null for the one password of the settings. Those that are over go with it. */
export async function insertOperatorSession(
  sql: Sql,
  { sidHash, operatorId, now, usedSince }: { sidHash: Buffer; operatorId: number | null; now: Date; usedSince: Date },
): Promise<void> {
  await run(sql, 'DELETE FROM operator_sessions WHERE used_at < ? LIMIT 500', [usedSince]);
  await run(sql, 'INSERT INTO operator_sessions (sid_hash, operator_id, created_at, used_at) VALUES (?, ?, ?, ?)', [
    sidHash,
    operatorId,
    now,
    now,
  ]);
}

/** Name and role are null for the one password of the settings. */
export async function findOperatorSession(
  sql: Sql,
  { sidHash, usedSince, begunSince }: { sidHash: Buffer; usedSince: Date; begunSince: Date },
): Promise<{ name: string | null; role: OperatorRole | null; usedAt: Date } | undefined> {
  return row(
    sql,
    `SELECT o.name, o.role, s.used_at AS usedAt FROM operator_sessions s LEFT JOIN operators o ON o.id = s.operator_id
     WHERE s.sid_hash = ? AND s.used_at > ? AND s.created_at > ? AND (s.operator_id IS NULL OR o.id IS NOT NULL)`,
    [sidHash, usedSince, begunSince],
  );
}

export async function touchOperatorSession(sql: Sql, { sidHash, now }: { sidHash: Buffer; now: Date }): Promise<void> {
  await run(sql, 'UPDATE operator_sessions SET used_at = ? WHERE sid_hash = ? AND used_at < ?', [now, sidHash, now]);
}

export async function deleteOperatorSession(sql: Sql, sidHash: Buffer): Promise<void> {
  await run(sql, 'DELETE FROM operator_sessions WHERE sid_hash = ?', [sidHash]);
}
