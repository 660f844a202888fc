import type { Arrival } from '../../engine/rules/command-context.ts';
import { row, type Sql } from '../connect.ts';

/**
 * How a member came into their group, and whether they have said anything in it. Undefined for one of whom the ledger of
 * consents does not know.
 */
export async function findArrival(
  sql: Sql,
  { membershipId, personId, groupId }: { membershipId: number; personId: number; groupId: number },
): Promise<Arrival | undefined> {
  const found = await row<{ joinedAt: Date; byId: number | null; hasSpoken: number }>(
    sql,
    `SELECT m.joined_at AS joinedAt, c.by_id AS byId, EXISTS (SELECT 1 FROM messages s WHERE s.sender_id = m.id) AS hasSpoken
     FROM memberships m JOIN consents c ON c.id = (
       SELECT MAX(id) FROM consents WHERE person_id = ? AND group_id = ? AND kind = 'consent' AND about = 'membership')
     WHERE m.id = ?`,
    [personId, groupId, membershipId],
  );
  return found && { joinedAt: found.joinedAt.getTime(), byId: found.byId, hasSpoken: found.hasSpoken === 1 };
}
