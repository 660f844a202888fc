import { row, rows, run, type Sql } from '../connect.ts';

export type SessionRow = { personId: number; phone: string; usedAt: Date };

/** The session of a hashed sid that was used after `since`. */
export async function findSession(
  sql: Sql,
  { sidHash, since }: { sidHash: Buffer; since: Date },
): Promise<SessionRow | undefined> {
  return row(
    sql,
    `SELECT s.person_id AS personId, p.phone, s.used_at AS usedAt FROM sessions s JOIN people p ON p.id = s.person_id
     WHERE s.sid_hash = ? AND s.used_at > ?`,
    [sidHash, since],
  );
}

/** Those of these sessions that have not ended, by their hash in base64. */
export async function findOpenSessions(sql: Sql, sidHashes: readonly Buffer[]): Promise<ReadonlySet<string>> {
  if (sidHashes.length === 0) return new Set();
  const found = await rows<{ sidHash: Buffer }>(sql, 'SELECT sid_hash AS sidHash FROM sessions WHERE sid_hash IN (?)', [
    sidHashes,
  ]);
  return new Set(found.map(({ sidHash }) => sidHash.toString('base64')));
}

export async function insertSession(
  sql: Sql,
  session: { sidHash: Buffer; personId: number; source: string | null; now: Date },
): Promise<void> {
  await run(sql, 'INSERT INTO sessions (sid_hash, person_id, source, created_at, used_at) VALUES (?, ?, ?, ?, ?)', [
    session.sidHash,
    session.personId,
    session.source,
    session.now,
    session.now,
  ]);
}

export async function touchSession(sql: Sql, { sidHash, now }: { sidHash: Buffer; now: Date }): Promise<void> {
  await run(sql, 'UPDATE sessions SET used_at = ? WHERE sid_hash = ? AND used_at < ?', [now, sidHash, now]);
}

export async function deleteSession(sql: Sql, sidHash: Buffer): Promise<void> {
  await run(sql, 'DELETE FROM sessions WHERE sid_hash = ?', [sidHash]);
}

/** Ends the sessions of a person but this one. */
export async function deleteOtherSessions(
  sql: Sql,
  { personId, sidHash }: { personId: number; sidHash: Buffer | null },
): Promise<void> {
  await run(sql, 'DELETE FROM sessions WHERE person_id = ? AND NOT (sid_hash <=> ?)', [personId, sidHash]);
}

/** A PIN that has not expired. */
export type PinRow = { id: number; hash: Buffer; groupId: number | null; usedAt: Date | null };

/** What a phone may log in with: its password's hash and its PINs; one statement, so that it tells nothing by time. */
export async function findCredentials(
  sql: Sql,
  { phone, now }: { phone: string; now: Date },
): Promise<{ personId: number; passwordHash: string | null; pins: PinRow[] } | undefined> {
  const found = await rows<Joined>(
    sql,
    `SELECT p.id AS personId, p.password_hash AS passwordHash, i.id, i.pin_hash AS hash, i.group_id AS groupId,
       i.used_at AS usedAt
     FROM people p LEFT JOIN pins i ON i.person_id = p.id AND i.expires_at > ? WHERE p.phone = ?`,
    [now, phone],
  );
  const [first] = found;
  if (first === undefined) return undefined;
  return { personId: first.personId, passwordHash: first.passwordHash, pins: found.filter(isPin) };
}

type Joined = { personId: number; passwordHash: string | null; id: number | null } & Omit<PinRow, 'id'>;

function isPin(joined: Joined): joined is Joined & PinRow {
  return joined.id !== null;
}

export async function insertPin(
  sql: Sql,
  pin: { personId: number; groupId: number | null; hash: Buffer; sealed: Buffer | null; now: Date; expiresAt: Date },
): Promise<void> {
  await run(
    sql,
    'INSERT INTO pins (person_id, group_id, pin_hash, sealed, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
    [pin.personId, pin.groupId, pin.hash, pin.sealed, pin.now, pin.expiresAt],
  );
}

/** The newest PIN for a login that is good until then or longer and was not used. */
export async function findLivePin(
  sql: Sql,
  { personId, until }: { personId: number; until: Date },
): Promise<{ sealed: Buffer; expiresAt: Date } | undefined> {
  return row(
    sql,
    `SELECT sealed, expires_at AS expiresAt FROM pins WHERE person_id = ? AND expires_at > ? AND group_id IS NULL
       AND used_at IS NULL AND sealed IS NOT NULL ORDER BY id DESC LIMIT 1`,
    [personId, until],
  );
}

/** Uses a PIN up; false where another login was faster. */
export async function spendPin(sql: Sql, { id, now }: { id: number; now: Date }): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE pins SET used_at = ? WHERE id = ? AND used_at IS NULL', [now, id]);
  return affected === 1;
}

/** Drops PINs that expired before then. */
export async function purgePins(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM pins WHERE expires_at < ? LIMIT 500', [before]);
}

/** Drops sessions that were last used before then. */
export async function purgeSessions(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM sessions WHERE used_at < ? LIMIT 500', [before]);
}
