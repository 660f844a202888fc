import { placeholders, row, rows, run, type Sql } from './connect.ts';

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

/** Nothing is sent until then; what is missed counts from now, or from a mute before this one. Under the group’s lock. */
export async function mute(sql: Sql, { membershipId, until }: { membershipId: number; until: Date }): Promise<void> {
  await run(
    sql,
    `UPDATE memberships b JOIN \`groups\` g ON g.id = b.group_id
     SET b.muted_until = ?, b.muted_after = COALESCE(b.muted_after, g.last_message_id) WHERE b.id = ? AND b.live = 1`,
    [until, membershipId],
  );
}

/** Memberships whose mute is over. */
export async function findMuteEnds(sql: Sql, now: Date): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    'SELECT id FROM memberships WHERE muted_until <= ? ORDER BY muted_until LIMIT 100',
    [now],
  );
  return found.map(({ id }) => id);
}

export type Unmuted = {
  groupId: number;
  group: string;
  personId: number;
  numberId: number;
  missed: number;
  /** They are there to be told. */
  present: number;
};

/** Ends a mute that ends by `now`; how many messages were not sent for it. Undefined where there is none. */
export async function unmute(
  sql: Sql,
  { membershipId, now }: { membershipId: number; now: Date | null },
): Promise<Unmuted | undefined> {
  const found = await row<Omit<Unmuted, 'missed'> & { after: number | null }>(
    sql,
    `SELECT b.group_id AS groupId, g.name AS \`group\`, b.person_id AS personId, b.number_id AS numberId,
       b.muted_after AS after, b.live = 1 AND b.left_at IS NULL AND g.state = 'active' AS present
     FROM memberships b JOIN \`groups\` g ON g.id = b.group_id
     WHERE b.id = ? AND b.muted_until IS NOT NULL AND (? IS NULL OR b.muted_until <= ?) FOR UPDATE`,
    [membershipId, now, now],
  );
  if (found === undefined) return undefined;
  await run(sql, 'UPDATE memberships SET muted_until = NULL, muted_after = NULL WHERE id = ?', [membershipId]);
  const { after, ...unmuted } = found;
  const missed = await row<{ missed: number }>(
    sql,
    `SELECT COUNT(*) AS missed FROM messages m JOIN deliveries d ON d.message_id = m.id AND d.person_id = ? AND d.part = 0
     WHERE m.group_id = ? AND m.message_id > ? AND d.state = 'skipped' AND d.reason = 'muted'`,
    [found.personId, found.groupId, after ?? 0],
  );
  return { ...unmuted, missed: missed?.missed ?? 0 };
}

/** Takes a membership away from this version on; its pair of phone and number rests. */
export async function endMembership(sql: Sql, { membershipId, version, now }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE id = ? AND live = 1', [now, membershipId]);
  await closeSpan(sql, { membershipId, version });
}

/** The active groups that a person is a member of, also those they left. */
export async function groupIdsOf(sql: Sql, personId: number): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    "SELECT m.group_id AS groupId FROM memberships m JOIN `groups` g ON g.id = m.group_id WHERE m.person_id = ? AND m.live = 1 AND g.state = 'active' ORDER BY m.group_id",
    [personId],
  );
  return found.map(({ groupId }) => groupId);
}

/** The active groups that a person is in or has left, oldest first, each with the number that the person texts. */
export async function listGroupsOf(
  sql: Sql,
  personId: number,
): Promise<{ name: string; number: string; left: boolean }[]> {
  const found = await rows<{ name: string; number: string; away: number }>(
    sql,
    `SELECT g.name, n.phone AS number, m.left_at IS NOT NULL AS away FROM memberships m
     JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active' JOIN numbers n ON n.id = m.number_id
     WHERE m.person_id = ? AND m.live = 1 ORDER BY m.id`,
    [personId],
  );
  return found.map(({ name, number, away }) => ({ name, number, left: away === 1 }));
}

/** The owners of a person's groups (not the person), each with how the group knows that person. */
export async function ownersAround(
  sql: Sql,
  personId: number,
): Promise<
  { groupId: number; group: string; who: string; owner: { personId: number; membershipId: number; numberId: number } }[]
> {
  const found = await rows<{
    groupId: number;
    name: string;
    who: string;
    personId: number;
    membershipId: number;
    numberId: number;
  }>(
    sql,
    `SELECT g.id AS groupId, g.name, COALESCE(m.name, p.phone) AS who, o.person_id AS personId, o.id AS membershipId, o.number_id AS numberId
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
     JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1
     WHERE m.person_id = ? AND m.live = 1 AND g.owner_id <> m.person_id ORDER BY m.id`,
    [personId],
  );
  return found.map(({ groupId, name, who, ...owner }) => ({ groupId, group: name, who, owner }));
}

type OfDelivery = { messageId: number; personId: number };

/** Their phones were reached: failures before that count no more. Nearly always there are none, so it looks first. */
export async function resetUnreachable(sql: Sql, membershipIds: readonly number[]): Promise<void> {
  const found = await rows<{ id: number }>(sql, 'SELECT id FROM memberships WHERE id IN (?) AND unreachable > 0', [
    membershipIds,
  ]);
  if (found.length > 0)
    await run(sql, 'UPDATE memberships SET unreachable = 0 WHERE id IN (?)', [found.map(({ id }) => id)]);
}

/** One more failure in a row; the member that it counts for, while they still get texts. */
export async function countUnreachable(
  sql: Sql,
  { messageId, personId }: OfDelivery,
): Promise<{ membershipId: number; groupId: number; unreachable: number } | undefined> {
  await run(
    sql,
    `UPDATE memberships SET unreachable = LEAST(unreachable + 1, 250)
     WHERE id = (SELECT membership_id FROM deliveries WHERE message_id = ? AND person_id = ? AND part = 0)`,
    [messageId, personId],
  );
  return row(
    sql,
    `SELECT b.id AS membershipId, b.group_id AS groupId, b.unreachable FROM deliveries d JOIN memberships b ON b.id = d.membership_id
     WHERE d.message_id = ? AND d.person_id = ? AND d.part = 0 AND b.live = 1 AND b.sms <> 0`,
    [messageId, personId],
  );
}

/** Nothing is sent to them until they ask for it; what they chose is remembered. */
export async function turnOff(sql: Sql, membershipId: number): Promise<void> {
  await run(sql, 'UPDATE memberships SET sms = 0, unreachable = 0 WHERE id = ?', [membershipId]);
}

/** The owner of a member's group, where that is somebody else, and how the group knows the member. */
export async function ownerOf(
  sql: Sql,
  membershipId: number,
): Promise<
  { group: string; who: string; owner: { personId: number; membershipId: number; numberId: number } } | undefined
> {
  const found = await row<{ name: string; who: string; personId: number; membershipId: number; numberId: number }>(
    sql,
    `SELECT g.name, COALESCE(m.name, p.phone) AS who, o.person_id AS personId, o.id AS membershipId, o.number_id AS numberId
     FROM memberships m JOIN people p ON p.id = m.person_id JOIN \`groups\` g ON g.id = m.group_id
     JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1
     WHERE m.id = ? AND g.owner_id <> m.person_id`,
    [membershipId],
  );
  if (found === undefined) return undefined;
  const { name, who, ...owner } = found;
  return { group: name, who, owner };
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
