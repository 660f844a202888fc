import { row, rows, run, type Sql } from '../connect.ts';
import { HELD } from '../deliveries/pending-messages.ts';
import { blockedSql } from '../people/blocks.ts';

type OfferTo = { groupId: number; membershipId: number };

/**
 * Offers the group to a member; an earlier offer to somebody else ends. `lost`: its owner is gone, and does not offer it
 * themself. Under the group's lock.
 */
export async function putOffer(
  sql: Sql,
  offer: OfferTo & { by: number; lost: boolean; now: Date; expiresAt: Date },
): Promise<void> {
  const { groupId, membershipId, by, lost, now, expiresAt } = offer;
  await run(
    sql,
    `INSERT INTO owner_offers (group_id, membership_id, by_id, lost, asked_at, expires_at, last_message_id)
     SELECT id, ?, ?, ?, ?, ?, last_message_id FROM \`groups\` WHERE id = ?
     ON DUPLICATE KEY UPDATE membership_id = VALUES(membership_id), by_id = VALUES(by_id), lost = VALUES(lost),
       asked_at = VALUES(asked_at), expires_at = VALUES(expires_at), last_message_id = VALUES(last_message_id)`,
    [membershipId, by, lost, now, expiresAt, groupId],
  );
}

/**
 * The open offer to this member: not lapsed or answered, and made while the group was owned by who owns it now. `isNext`:
 * nothing was said in the group since, and the last text of ours to them asks it, so a YES can only be the answer to it. An
 * offer that is repeated within a day goes without a text, and one that waits for a budget has none yet: they cannot mean it.
 */
export async function findOffer(
  sql: Sql,
  { groupId, membershipId, personId, now }: OfferTo & { personId: number; now: Date },
): Promise<{ lost: boolean; isNext: boolean } | undefined> {
  const found = await row<{ lost: number; isNext: number }>(
    sql,
    `SELECT o.lost, COALESCE(g.last_message_id = o.last_message_id AND o.asked_at = (
         SELECT IF(m.pending = ${HELD}, NULL, m.accepted_at) FROM messages m JOIN deliveries d ON d.message_id = m.id AND d.person_id = ? AND d.part = 0
         WHERE m.group_id = o.group_id AND m.message_id IS NULL ORDER BY m.id DESC LIMIT 1), 0) AS isNext
     FROM owner_offers o JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.by_id
     WHERE o.group_id = ? AND o.membership_id = ? AND o.expires_at > ?`,
    [personId, groupId, membershipId, now],
  );
  return found === undefined ? undefined : { lost: found.lost === 1, isNext: found.isNext === 1 };
}

/** The group’s offer is answered; false where it was answered, or made to somebody else, meanwhile. */
export async function endOffer(sql: Sql, { groupId, membershipId, now }: OfferTo & { now: Date }): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE owner_offers SET expires_at = ? WHERE group_id = ? AND membership_id = ? AND expires_at > ?',
    [now, groupId, membershipId, now],
  );
  return affected === 1;
}

export async function dropOffers(sql: Sql, groupId: number): Promise<void> {
  await run(sql, 'DELETE FROM owner_offers WHERE group_id = ?', [groupId]);
}

export async function setOwner(sql: Sql, { groupId, ownerId }: { groupId: number; ownerId: number }): Promise<void> {
  await run(sql, 'UPDATE `groups` SET owner_id = ?, forward_to = NULL WHERE id = ?', [ownerId, groupId]);
  await run(sql, 'UPDATE memberships SET co_owner = 0 WHERE group_id = ? AND person_id = ? AND live = 1', [
    groupId,
    ownerId,
  ]);
}

/**
 * Active groups whose owner has been blocked, or away by `*bye`, since before `before`, and that have a broadcast
 * member to take over who was not asked yet, while no offer is open. Of all groups, a few at a time, or of one.
 */
export async function findOwnerless(
  sql: Sql,
  { before, now, groupId = null }: { before: Date; now: Date; groupId?: number | null },
): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    `SELECT g.id AS groupId FROM people p JOIN \`groups\` g ON g.owner_id = p.id AND g.state = 'active'
       WHERE p.blocked_at < ? AND g.id = COALESCE(?, g.id) AND ${hasHeir} AND ${isUnasked('p.blocked_at')}
     UNION SELECT g.id FROM pair_blocks x JOIN memberships o ON o.person_id = x.person_id AND o.number_id = x.number_id AND o.live = 1
       JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.person_id AND g.state = 'active'
       WHERE x.since < ? AND g.id = COALESCE(?, g.id) AND ${hasHeir} AND ${isUnasked('x.since')}
     UNION SELECT g.id FROM memberships o JOIN \`groups\` g ON g.id = o.group_id AND g.owner_id = o.person_id AND g.state = 'active'
       WHERE o.left_at < ? AND g.id = COALESCE(?, g.id) AND o.live = 1 AND ${hasHeir} AND ${isUnasked('o.left_at')} LIMIT 100`,
    [before, groupId, now, before, groupId, now, before, groupId, now],
  );
  return found.map((one) => one.groupId);
}

/** A lost owner's heir is asked once. */
const isUnasked = (lostAt: string) => `NOT EXISTS (SELECT 1 FROM owner_offers f WHERE f.group_id = g.id
  AND f.by_id = g.owner_id AND (f.expires_at > ? OR (f.lost = 1 AND f.asked_at > ${lostAt})))`;

const hasHeir = `EXISTS (SELECT 1 FROM memberships b JOIN people h ON h.id = b.person_id JOIN numbers n ON n.id = b.number_id
  WHERE b.group_id = g.id AND b.live = 1 AND (b.broadcast = 1 OR b.co_owner = 1) AND b.left_at IS NULL AND b.person_id <> g.owner_id AND NOT ${blockedSql('h', 'n')})`;
