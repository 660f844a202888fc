import { namesOf } from '../../engine/rules/fields.ts';
import { type Member, type MemberPatch, memberFields } from '../../engine/rules/member-fields.ts';
import { nameKey } from '../../engine/rules/names.ts';
import { placeholders, row, rows, run, type Sql } from '../connect.ts';
import { fieldReader, selectFields } from '../fields.ts';
import { blockedSql } from '../people/blocks.ts';

/** A membership with its person and number, as the roster needs it; whether it is the owner’s, the group says. */
export type MembershipRow = Omit<Member, 'owner'> & {
  groupId: number;
  live: number | null;
  /** The group's version at the moment of reading. */
  version: number;
};

/** Where the fields come from that are not kept with the membership. */
const elsewhere: Record<Exclude<FieldsElsewhere, 'owner'>, string> = {
  phone: 'p.phone',
  language: 'p.language',
  number: 'n.phone',
  left: 's.membership_id IS NULL',
  blocked: blockedSql('p', 'n'),
};
type FieldsElsewhere = {
  [Name in keyof Fields]: Fields[Name] extends { isOfPerson: true }
    ? Name
    : Fields[Name] extends { column: string }
      ? never
      : Name;
}[keyof Fields];
type Fields = typeof memberFields;

const ownFields = Object.fromEntries(Object.entries(memberFields).filter(([, field]) => !('isOfPerson' in field)));
const memberColumns = [
  selectFields(ownFields, 'm'),
  ...Object.entries(elsewhere).map(([name, from]) => `${from} AS \`${name}\``),
].join(', ');
const { owner: _, ...readFields } = memberFields;
const readMember = fieldReader(readFields);

/**
 * The memberships of groups at a version each: the living, and those that were there at that version (else `left`).
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
  const found = await rows<MembershipRow>(
    sql,
    `SELECT g.id AS groupId, m.live, g.roster_version AS version, ${memberColumns}
     FROM \`groups\` g JOIN memberships m ON m.group_id = g.id
     JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id
     LEFT JOIN membership_spans s ON s.membership_id = m.id
       AND s.from_version <= ${version} AND (s.until_version IS NULL OR s.until_version > ${version})
     WHERE g.id IN (?) AND (m.live = 1 OR s.membership_id IS NOT NULL) ORDER BY m.id`,
    [...past, ...past, at.map(({ groupId }) => groupId)],
  );
  return found.map(readMember);
}

export type NewMembership = {
  groupId: number;
  personId: number;
  numberId: number;
  name: string | null;
};

/** Adds members of one group from a roster version on; returns their ids. Fails with MySQL's duplicate error where a unique key forbids it. */
export async function insertMemberships(
  sql: Sql,
  { members, fromVersion, now }: { members: readonly NewMembership[]; fromVersion: number; now: Date },
): Promise<number[]> {
  const groupId = members[0]?.groupId ?? 0;
  await run(
    sql,
    `INSERT INTO memberships (group_id, person_id, number_id, name, name_key, joined_at) VALUES ${placeholders(members.length, 6)}`,
    members.flatMap((member) => [groupId, member.personId, member.numberId, member.name, keyOf(member.name), now]),
  );
  const added = await rows<{ id: number }>(
    sql,
    'SELECT id FROM memberships WHERE group_id = ? AND live = 1 AND person_id IN (?) ORDER BY id',
    [groupId, members.map((member) => member.personId)],
  );
  const ids = added.map(({ id }) => id);
  await openSpans(sql, { membershipIds: ids, version: fromVersion });
  return ids;
}

/** Who leaves gets nothing from this version on. */
export async function markLeft(sql: Sql, { membershipId, version, now }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET left_at = ? WHERE id = ? AND live = 1', [now, membershipId]);
  await closeSpan(sql, { membershipId, version });
}

/** A member who comes back is present again from this version on. */
export async function markBack(sql: Sql, { membershipId, version }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET left_at = NULL WHERE id = ? AND live = 1', [membershipId]);
  await openSpans(sql, { membershipIds: [membershipId], version });
}
type Turn = { membershipId: number; version: number; now: Date };

/** Changes a member, but for what is the person’s. A name that somebody else in the group has fails with MySQL's error for the key `memberships_name`. */
export async function patchMembership(
  sql: Sql,
  { membershipId, patch }: { membershipId: number; patch: MemberPatch },
): Promise<void> {
  const names = changeable.filter((name) => !('isOfPerson' in memberFields[name]) && patch[name] !== undefined);
  if (names.length === 0) return;
  const sets = names.map((name) => `${memberFields[name].column} = ?`);
  const values = names.map((name) => patch[name] ?? null);
  if (patch.name !== undefined) {
    sets.push('name_key = ?');
    values.push(keyOf(patch.name));
  }
  await run(sql, `UPDATE memberships SET ${sets.join(', ')} WHERE id = ? AND live = 1`, [...values, membershipId]);
}

const changeable = namesOf(memberFields).filter(isChangeable);

function isChangeable(name: keyof Fields): name is keyof MemberPatch {
  return 'isChangeable' in memberFields[name];
}

/** Unique in a group. */
function keyOf(name: string | null): string | null {
  return name === null ? null : nameKey(name);
}

/** Takes a membership away from this version on; its pair of phone and number rests. */
export async function endMembership(sql: Sql, { membershipId, version, now }: Turn): Promise<void> {
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE id = ? AND live = 1', [now, membershipId]);
  await closeSpan(sql, { membershipId, version });
}

/**
 * Takes the membership of somebody who left before `leftBefore` away from this version on; null where they are back, else which.
 * They had no part in the group any more, so no span is closed.
 */
export async function endLeftMembership(
  sql: Sql,
  { groupId, personId, leftBefore, now }: { groupId: number; personId: number; leftBefore: Date; now: Date },
): Promise<number | null> {
  const left = await row<{ id: number }>(
    sql,
    'SELECT id FROM memberships WHERE group_id = ? AND person_id = ? AND live = 1 AND left_at <= ? FOR UPDATE',
    [groupId, personId, leftBefore],
  );
  if (left === undefined) return null;
  await run(sql, 'UPDATE memberships SET live = NULL, ended_at = ? WHERE id = ?', [now, left.id]);
  return left.id;
}

/** From this version on, and from the message after the last of now: under the group's lock. */
async function openSpans(
  sql: Sql,
  { membershipIds, version }: { membershipIds: readonly number[]; version: number },
): Promise<void> {
  await run(
    sql,
    `INSERT IGNORE INTO membership_spans (membership_id, from_version, from_message)
     SELECT b.id, ?, g.last_message_id FROM memberships b JOIN \`groups\` g ON g.id = b.group_id WHERE b.id IN (?)`,
    [version, membershipIds],
  );
}

async function closeSpan(
  sql: Sql,
  { membershipId, version }: { membershipId: number; version: number },
): Promise<void> {
  await run(
    sql,
    `UPDATE membership_spans s JOIN memberships b ON b.id = s.membership_id JOIN \`groups\` g ON g.id = b.group_id
     SET s.until_version = ?, s.until_message = g.last_message_id WHERE s.membership_id = ? AND s.until_version IS NULL`,
    [version, membershipId],
  );
}
