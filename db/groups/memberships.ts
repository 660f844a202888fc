import { placeholders, rows, run, type Sql } from '../connect.ts';

/** A membership with its person and number, as the roster needs it; flags are 1 and 0. */
export type MembershipRow = {
  groupId: number;
  id: number;
  personId: number;
  phone: string;
  numberId: number;
  number: string;
  name: string | null;
  broadcast: number;
  present: number;
  sms: 0 | 1 | 2;
  smsChosen: 0 | 1 | 2;
  mutedUntil: Date | null;
  blocked: number;
  live: number | null;
  /** The group's version at the moment of reading. */
  version: number;
};

/**
 * The memberships of groups at a version each: the living, and those that were there at that version (`present`).
 * One statement, so that what it says of the version and of the members belongs together.
 */
export async function readMemberships(
  sql: Sql,
  at: readonly { groupId: number; version: number | null }[],
): Promise<MembershipRow[]> {
  if (at.length === 0) return [];
  const past = at.flatMap(({ groupId, version: wanted }) => (wanted === null ? [] : [groupId, wanted]));
  const whens = 'WHEN ? THEN ? '.repeat(past.length / 2);
  const version = past.length === 0 ? 'g.roster_version' : `CASE g.id ${whens}ELSE g.roster_version END`;
  return rows(
    sql,
    `SELECT g.id AS groupId, m.id, m.person_id AS personId, p.phone, m.number_id AS numberId, n.phone AS number, m.name,
       m.broadcast, s.membership_id IS NOT NULL AS present, m.sms, m.sms_chosen AS smsChosen, m.muted_until AS mutedUntil,
       p.blocked_at IS NOT NULL AS blocked, m.live, g.roster_version AS version
     FROM \`groups\` g JOIN memberships m ON m.group_id = g.id
     JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id
     LEFT JOIN membership_spans s ON s.membership_id = m.id
       AND s.from_version <= ${version} AND (s.until_version IS NULL OR s.until_version > ${version})
     WHERE g.id IN (?) AND (m.live = 1 OR s.membership_id IS NOT NULL) ORDER BY m.id`,
    [...past, ...past, at.map(({ groupId }) => groupId)],
  );
}

export type NewMembership = {
  groupId: number;
  personId: number;
  numberId: number;
  name: string | null;
  nameKey: string | null;
};

/** Adds members of one group from a roster version on; answers their ids. Fails with MySQL's duplicate error where a unique key forbids it. */
export async function insertMemberships(
  sql: Sql,
  { members, fromVersion, now }: { members: readonly NewMembership[]; fromVersion: number; now: Date },
): Promise<number[]> {
  const groupId = members[0]?.groupId ?? 0;
  await run(
    sql,
    `INSERT INTO memberships (group_id, person_id, number_id, name, name_key, joined_at) VALUES ${placeholders(members.length, 6)}`,
    members.flatMap((member) => [groupId, member.personId, member.numberId, member.name, member.nameKey, now]),
  );
  const added = await rows<{ id: number }>(
    sql,
    'SELECT id FROM memberships WHERE group_id = ? AND live = 1 AND person_id IN (?) ORDER BY id',
    [groupId, members.map((member) => member.personId)],
  );
  await run(
    sql,
    `INSERT INTO membership_spans (membership_id, from_version) VALUES ${placeholders(added.length, 2)}`,
    added.flatMap(({ id }) => [id, fromVersion]),
  );
  return added.map(({ id }) => id);
}

/** Who leaves gets nothing from this version on. */
export async function markLeft(sql: Sql, { membershipId, version, now }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET left_at = ? WHERE id = ? AND live = 1', [now, membershipId]);
  await closeSpan(sql, { membershipId, version });
}

/** Who comes back is there again from this version on. */
export async function markBack(sql: Sql, { membershipId, version }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET left_at = NULL WHERE id = ? AND live = 1', [membershipId]);
  await run(sql, 'INSERT IGNORE INTO membership_spans (membership_id, from_version) VALUES (?, ?)', [
    membershipId,
    version,
  ]);
}
type Turn = { membershipId: number; version: number; now: Date };

export type MembershipPatch = Partial<{
  name: string;
  nameKey: string;
  sms: 0 | 1 | 2;
  smsChosen: 0 | 1 | 2;
  broadcast: boolean;
}>;

const patchColumns: Record<keyof MembershipPatch, string> = {
  name: 'name',
  nameKey: 'name_key',
  sms: 'sms',
  smsChosen: 'sms_chosen',
  broadcast: 'broadcast',
};

export async function patchMembership(
  sql: Sql,
  { membershipId, patch }: { membershipId: number; patch: MembershipPatch },
): Promise<void> {
  const keys = Object.keys(patch) as (keyof MembershipPatch)[];
  if (keys.length === 0) return;
  await run(
    sql,
    `UPDATE memberships SET ${keys.map((key) => `${patchColumns[key]} = ?`).join(', ')} WHERE id = ? AND live = 1`,
    [...keys.map((key) => patch[key] ?? null), membershipId],
  );
}

/** Takes a membership away from this version on; its pair of phone and number rests. */
export async function endMembership(sql: Sql, { membershipId, version, now }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE id = ? AND live = 1', [now, membershipId]);
  await closeSpan(sql, { membershipId, version });
}

async function closeSpan(
  sql: Sql,
  { membershipId, version }: { membershipId: number; version: number },
): Promise<void> {
  await run(sql, 'UPDATE membership_spans SET until_version = ? WHERE membership_id = ? AND until_version IS NULL', [
    version,
    membershipId,
  ]);
}
