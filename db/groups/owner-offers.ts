import { row, rows, run, type Sql } from '../connect.ts';
import { blockedSql } from '../people/blocks.ts';

export type OwnerOffer = { groupId: number; membershipId: number; by: number };

/** Offers the group to a member; an earlier offer to somebody else ends. */
export async function putOffer(sql: Sql, { expiresAt, ...offer }: OwnerOffer & { expiresAt: Date }): Promise<void> {
  await run(
    sql,
    `INSERT INTO owner_offers (group_id, membership_id, by_id, expires_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE membership_id = VALUES(membership_id), by_id = VALUES(by_id), expires_at = VALUES(expires_at)`,
    [offer.groupId, offer.membershipId, offer.by, expiresAt],
  );
}

/** The open offer to this member: not lapsed, and made by somebody who still owns the group. */
export async function findOffer(
  sql: Sql,
  { groupId, membershipId, now }: { groupId: number; membershipId: number; now: Date },
): Promise<OwnerOffer | undefined> {
  return row(
    sql,
    `SELECT o.group_id AS groupId, o.membership_id AS membershipId, o.by_id AS \`by\` FROM owner_offers o
     JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.by_id
     WHERE o.group_id = ? AND o.membership_id = ? AND o.expires_at > ?`,
    [groupId, membershipId, now],
  );
}

/** The group’s offer is answered; false where it was answered, or made to somebody else, meanwhile. */
export async function endOffer(
  sql: Sql,
  { groupId, membershipId }: { groupId: number; membershipId: number },
): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM owner_offers WHERE group_id = ? AND membership_id = ?', [
    groupId,
    membershipId,
  ]);
  return affected === 1;
}

export async function dropOffers(sql: Sql, groupId: number): Promise<void> {
  await run(sql, 'DELETE FROM owner_offers WHERE group_id = ?', [groupId]);
}

export async function setOwner(sql: Sql, { groupId, ownerId }: { groupId: number; ownerId: number }): Promise<void> {
  await run(sql, 'UPDATE `groups` SET owner_id = ? WHERE id = ?', [ownerId, groupId]);
}

/**
 * Active groups whose owner has been blocked, or away by `*bye`, since before `before`, and that have a broadcast
 * member to take over. A few at a time.
 */
export async function findOwnerless(sql: Sql, before: Date): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    `SELECT g.id AS groupId FROM people p JOIN \`groups\` g ON g.owner_id = p.id AND g.state = 'active'
       WHERE p.blocked_at < ? AND ${hasHeir}
     UNION SELECT g.id FROM pair_blocks x JOIN memberships o ON o.person_id = x.person_id AND o.number_id = x.number_id AND o.live = 1
       JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.person_id AND g.state = 'active'
       WHERE x.since < ? AND ${hasHeir}
     UNION SELECT g.id FROM memberships o JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.person_id AND g.state = 'active'
       WHERE o.left_at < ? AND o.live = 1 AND ${hasHeir} LIMIT 100`,
    [before, before, before],
  );
  return found.map(({ groupId }) => groupId);
}

const hasHeir = `EXISTS (SELECT 1 FROM memberships b JOIN people h ON h.id = b.person_id JOIN numbers n ON n.id = b.number_id
  WHERE b.group_id = g.id AND b.live = 1 AND b.broadcast = 1 AND b.left_at IS NULL AND b.person_id <> g.owner_id AND NOT ${blockedSql('h', 'n')})`;
