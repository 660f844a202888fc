import { row, rows, run, type Sql, type Tx } from '../connect.ts';

export type HookRow = {
  id: number;
  personId: number;
  keyId: number | null;
  groupId: number | null;
  url: string;
  /** Types by comma; null is all. */
  events: string | null;
  fails: number;
  restUntil: Date | null;
  offAt: Date | null;
  offWhy: string | null;
  createdAt: Date;
};

/** Whose hooks: all of a person, or those that a key of theirs made. */
export type HookOwner = { personId: number; keyId: number | null };

const columns = `h.id, h.person_id AS personId, h.key_id AS keyId, h.group_id AS groupId, h.url, h.events, h.fails,
  h.rest_until AS restUntil, h.off_at AS offAt, h.off_why AS offWhy, h.created_at AS createdAt`;

export type NewHook = HookOwner & {
  groupId: number | null;
  url: string;
  events: string | null;
  secret: Buffer;
  place: string;
  now: Date;
};

export async function insertHook(sql: Sql, hook: NewHook): Promise<number> {
  const { id } = await run(
    sql,
    'INSERT INTO hooks (person_id, key_id, group_id, url, events, secret, place, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [hook.personId, hook.keyId, hook.groupId, hook.url, hook.events, hook.secret, hook.place, hook.now],
  );
  return id;
}

/** The oldest first. */
export async function listHooks(sql: Sql, { personId, keyId }: HookOwner): Promise<HookRow[]> {
  return rows(
    sql,
    `SELECT ${columns} FROM hooks h WHERE h.person_id = ? AND (? IS NULL OR h.key_id = ?) ORDER BY h.id`,
    [personId, keyId, keyId],
  );
}

export async function findHook(
  sql: Sql,
  { id, personId, keyId }: HookOwner & { id: number },
): Promise<HookRow | undefined> {
  return row(sql, `SELECT ${columns} FROM hooks h WHERE h.id = ? AND h.person_id = ? AND (? IS NULL OR h.key_id = ?)`, [
    id,
    personId,
    keyId,
    keyId,
  ]);
}

/** For operators: any hook. */
export async function findAnyHook(sql: Sql, id: number): Promise<HookRow | undefined> {
  return row(sql, `SELECT ${columns} FROM hooks h WHERE h.id = ?`, [id]);
}

/** Those of a person, or of everybody, the newest first. */
export async function listAllHooks(sql: Sql, personId: number | null): Promise<(HookRow & { phone: string })[]> {
  return rows(
    sql,
    `SELECT ${columns}, p.phone FROM hooks h JOIN people p ON p.id = h.person_id WHERE ? IS NULL OR h.person_id = ? ORDER BY h.id DESC`,
    [personId, personId],
  );
}

export async function deleteHook(tx: Tx, id: number): Promise<void> {
  // The hook first: a worker that is just writing for it waits for its row.
  await row(tx, 'SELECT id FROM hooks WHERE id = ? FOR UPDATE', [id]);
  await run(tx, 'DELETE FROM hook_events WHERE hook_id = ?', [id]);
  await run(tx, 'DELETE FROM hooks WHERE id = ?', [id]);
}

/** Gives it another secret, and turns it on again where it was off. Until then the old one signs too. */
export async function rotateSecret(
  sql: Sql,
  { id, secret, oldUntil }: { id: number; secret: Buffer; oldUntil: Date },
): Promise<void> {
  await run(
    sql,
    'UPDATE hooks SET old_secret = secret, old_until = ?, secret = ?, off_at = NULL, off_why = NULL WHERE id = ?',
    [oldUntil, secret, id],
  );
}

/** A hook that somebody works at: alone, until then, and what it needs. */
export type LeasedHook = HookRow & {
  secret: Buffer;
  oldSecret: Buffer | null;
  place: string;
  followSince: Date | null;
};

/** Undefined where another worker has it, it rests, or it is off. */
export async function leaseHook(
  sql: Sql,
  { id, lease, seconds }: { id: number; lease: string; seconds: number },
): Promise<LeasedHook | undefined> {
  await run(
    sql,
    `UPDATE hooks SET lease = ?, leased_until = NOW(3) + INTERVAL ? SECOND
     WHERE id = ? AND off_at IS NULL AND (leased_until IS NULL OR leased_until <= NOW(3)) AND (rest_until IS NULL OR rest_until <= NOW(3))`,
    [lease, seconds, id],
  );
  return row(
    sql,
    `SELECT ${columns}, h.secret, IF(h.old_until > NOW(3), h.old_secret, NULL) AS oldSecret, h.place, h.follow_since AS followSince
     FROM hooks h WHERE h.id = ? AND h.lease = ? AND h.leased_until > NOW(3)`,
    [id, lease],
  );
}

export async function releaseHook(sql: Sql, { id, lease }: Lease): Promise<void> {
  await run(sql, 'UPDATE hooks SET leased_until = NULL WHERE id = ? AND lease = ?', [id, lease]);
}

/** Ends what a worker that is gone had. */
export async function releaseHooksOf(sql: Sql, worker: string): Promise<void> {
  await run(
    sql,
    "UPDATE hooks SET leased_until = NULL WHERE leased_until > NOW(3) AND LEFT(lease, CHAR_LENGTH(?) + 1) = CONCAT(?, '-')",
    [worker, worker],
  );
}

export type Lease = { id: number; lease: string };

/** Whether this worker still has it; then nobody else has, until the transaction ends. */
export async function holdLease(tx: Tx, { id, lease }: Lease): Promise<boolean> {
  const found = await row(tx, 'SELECT id FROM hooks WHERE id = ? AND lease = ? FOR UPDATE', [id, lease]);
  return found !== undefined;
}

export async function moveHook(
  tx: Tx,
  {
    id,
    place,
    mark,
    followAt,
    followSince,
  }: { id: number; place: string; mark: string; followAt: Date | null; followSince: Date | null },
): Promise<void> {
  await run(tx, 'UPDATE hooks SET place = ?, mark = ?, follow_at = ?, follow_since = ? WHERE id = ?', [
    place,
    mark,
    followAt,
    followSince,
    id,
  ]);
}

export async function countFail(sql: Sql, { id, restMs }: { id: number; restMs: number }): Promise<void> {
  await run(
    sql,
    'UPDATE hooks SET fails = fails + 1, rest_until = IF(? = 0, NULL, NOW(3) + INTERVAL ? SECOND) WHERE id = ?',
    [restMs, Math.ceil(restMs / 1_000), id],
  );
}

/** It takes events again: what waited for a later try is due. */
export async function clearFails(sql: Sql, id: number): Promise<void> {
  await run(sql, 'UPDATE hooks SET fails = 0, rest_until = NULL WHERE id = ?', [id]);
  await run(sql, 'UPDATE hook_events SET due_at = NOW(3) WHERE hook_id = ? AND due_at > NOW(3) + INTERVAL 5 SECOND', [
    id,
  ]);
}

export async function turnHookOff(sql: Sql, { id, why }: { id: number; why: string }): Promise<void> {
  await run(sql, 'UPDATE hooks SET off_at = NOW(3), off_why = ? WHERE id = ? AND off_at IS NULL', [why, id]);
}

/** Hooks that may be worked at now; `isDue`: something of theirs is to be tried, or looked at. */
export async function findRunningHooks(
  sql: Sql,
): Promise<{ id: number; personId: number; mark: string; lease: string; isDue: number }[]> {
  return rows(
    sql,
    `SELECT h.id, h.person_id AS personId, h.mark, h.lease, (h.follow_at <= NOW(3) OR EXISTS (
         SELECT 1 FROM hook_events e WHERE e.hook_id = h.id AND e.due_at <= NOW(3))) IS TRUE AS isDue
     FROM hooks h LEFT JOIN api_keys k ON k.id = h.key_id
     WHERE h.off_at IS NULL AND k.revoked_at IS NULL AND (h.key_id IS NULL OR k.id IS NOT NULL)
       AND (h.leased_until IS NULL OR h.leased_until <= NOW(3)) AND (h.rest_until IS NULL OR h.rest_until <= NOW(3))`,
  );
}
