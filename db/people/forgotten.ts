import { row, rows, run, type Sql, type Tx } from '../connect.ts';

/*
 * A person who is forgotten keeps their row, because the ledger and the consents are about it, and with it the block of a
 * STOP. In place of the phone it has a keyed hash. While they are forgotten nothing goes there: they are blocked from the
 * moment on, if they were not before.
 */

/** Takes the phone out of the row, and the name, the password and the first login. */
export async function hidePerson(
  tx: Tx,
  { personId, hidden, now }: { personId: number; hidden: string; now: Date },
): Promise<void> {
  await run(
    tx,
    `UPDATE people SET phone = ?, last_name = NULL, password_hash = NULL, logged_in_at = NULL,
       blocked_at = COALESCE(blocked_at, ?), forgotten_at = ? WHERE id = ?`,
    [hidden, now, now, personId],
  );
}

/** Gives people who were forgotten their phones back, and ends the block that forgetting began. Returns how many. */
export async function recallPeople(sql: Sql, phonesByHidden: ReadonlyMap<string, string>): Promise<number> {
  if (phonesByHidden.size === 0) return 0;
  const found = await rows<{ id: number; hidden: string }>(
    sql,
    'SELECT id, phone AS hidden FROM people WHERE phone IN (?) ORDER BY id',
    [[...phonesByHidden.keys()]],
  );
  for (const { id, hidden } of found)
    await run(
      sql,
      `UPDATE people SET phone = ?, blocked_at = IF(blocked_at = forgotten_at, NULL, blocked_at), forgotten_at = NULL
       WHERE id = ? AND phone = ?`,
      [phonesByHidden.get(hidden) ?? hidden, id, hidden],
    );
  return found.length;
}

/** The groups that a person owns, staged ones too. */
export async function findOwnedGroups(
  sql: Sql,
  ownerId: number,
): Promise<{ id: number; name: string; state: 'staged' | 'active' }[]> {
  return rows(
    sql,
    "SELECT id, name, state FROM `groups` WHERE owner_id = ? AND state IN ('staged', 'active') ORDER BY id",
    [ownerId],
  );
}

/** The memberships that a person has, also those they left. */
export async function findLiveMemberships(sql: Sql, personId: number): Promise<{ id: number; groupId: number }[]> {
  return rows(
    sql,
    'SELECT id, group_id AS groupId FROM memberships WHERE person_id = ? AND live = 1 ORDER BY group_id',
    [personId],
  );
}

/** Locks the person and says what they are called. */
export async function lockPhone(tx: Tx, personId: number): Promise<string | undefined> {
  return (await row<{ phone: string }>(tx, 'SELECT phone FROM people WHERE id = ? FOR UPDATE', [personId]))?.phone;
}
