import { type Db, placeholders, row, rows, run, type Sql, transact } from '../connect.ts';

/** A phone that we know. */
export type Person = {
  id: number;
  phone: string;
  blockedAt: Date | null;
  lastName: string | null;
  passwordHash: string | null;
  /** The one they chose, or that their words were in. */
  language: string | null;
};

const columns = 'id, phone, blocked_at AS blockedAt, last_name AS lastName, password_hash AS passwordHash, language';

export async function findPerson(sql: Sql, phone: string): Promise<Person | undefined> {
  return row<Person>(sql, `SELECT ${columns} FROM people WHERE phone = ?`, [phone]);
}

/** Those of these phones that we know. */
export async function findPeople(sql: Sql, phones: readonly string[]): Promise<Person[]> {
  return rows<Person>(sql, `SELECT ${columns} FROM people WHERE phone IN (?)`, [phones]);
}

/** The person of a phone, made where there is none. */
export async function ensurePerson(db: Db, phone: string, now: Date): Promise<Person> {
  const known = await findPerson(db, phone);
  if (known !== undefined) return known;
  const made = (await transact(db, (tx) => ensurePeople(tx, [phone], now))).get(phone);
  if (made === undefined) throw new Error('a person vanished');
  return made;
}

/**
 * The people of these phones, made where they are new, and locked until the transaction ends: another transaction that gives one of
 * them a membership meanwhile waits. In the order of their ids, so that two transactions never wait for each other.
 * `recall` is asked to look for those that are missing among the people who were forgotten.
 */
export async function ensurePeople(
  sql: Sql,
  phones: readonly string[],
  now: Date,
  recall?: (sql: Sql, missing: readonly string[]) => Promise<unknown>,
): Promise<Map<string, Person>> {
  const known = await rows<Person>(sql, `SELECT ${columns} FROM people WHERE phone IN (?) ORDER BY id FOR UPDATE`, [
    phones,
  ]);
  const byPhone = new Map(known.map((person) => [person.phone, person]));
  const missing = [...new Set(phones)].filter((phone) => !byPhone.has(phone)).sort();
  if (missing.length === 0) return byPhone;
  await recall?.(sql, missing);
  // Unlike INSERT IGNORE this also locks rows that another transaction has inserted meanwhile.
  await run(
    sql,
    `INSERT INTO people (phone, created_at) VALUES ${placeholders(missing.length, 2)} ON DUPLICATE KEY UPDATE phone = VALUES(phone)`,
    missing.flatMap((phone) => [phone, now]),
  );
  const met = await rows<Person>(sql, `SELECT ${columns} FROM people WHERE phone IN (?)`, [missing]);
  return new Map([...byPhone, ...met.map((person): [string, Person] => [person.phone, person])]);
}

/** The name that they used last: what we call them where they found a group by text. */
export async function rememberName(sql: Sql, { personId, name }: { personId: number; name: string }): Promise<void> {
  await run(sql, 'UPDATE people SET last_name = ? WHERE id = ?', [name, personId]);
}

/** They are texted in it from now on; null is as their groups. */
export async function setLanguage(
  sql: Sql,
  { personId, language }: { personId: number; language: string | null },
): Promise<void> {
  await run(sql, 'UPDATE people SET language = ? WHERE id = ?', [language, personId]);
}

/** As `setLanguage`, where they have none. Returns false where they have one. */
export async function learnLanguage(
  sql: Sql,
  { personId, language }: { personId: number; language: string },
): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE people SET language = ? WHERE id = ? AND language IS NULL', [
    language,
    personId,
  ]);
  return affected === 1;
}

/** The languages of these people; null of those who have none. */
export async function readLanguages(sql: Sql, personIds: readonly number[]): Promise<Map<number, string | null>> {
  if (personIds.length === 0) return new Map();
  const found = await rows<{ id: number; language: string | null }>(
    sql,
    'SELECT id, language FROM people WHERE id IN (?)',
    [personIds],
  );
  return new Map(found.map(({ id, language }) => [id, language]));
}

/** They logged in: the phone is theirs, and they know us. */
export async function noteLogin(sql: Sql, { personId, now }: { personId: number; now: Date }): Promise<void> {
  await run(sql, 'UPDATE people SET logged_in_at = ? WHERE id = ? AND logged_in_at IS NULL', [now, personId]);
}

/** What they log in with from now on; a hash of it. */
export async function setPasswordHash(
  sql: Sql,
  { personId, passwordHash }: { personId: number; passwordHash: string },
): Promise<void> {
  await run(sql, 'UPDATE people SET password_hash = ? WHERE id = ?', [passwordHash, personId]);
}

/** Returns true for the first of this subject today, and records it. */
export async function isFirstToday(sql: Sql, hint: { personId: number; subject: string; now: Date }): Promise<boolean> {
  const { affected } = await run(sql, 'INSERT IGNORE INTO hints (person_id, subject, day) VALUES (?, ?, ?)', [
    hint.personId,
    hint.subject,
    hint.now.toISOString().slice(0, 10),
  ]);
  return affected === 1;
}

/** Drops the hints of days before that one. */
export async function purgeHints(sql: Sql, before: Date): Promise<void> {
  await run(sql, 'DELETE FROM hints WHERE day < ? LIMIT 500', [before.toISOString().slice(0, 10)]);
}
