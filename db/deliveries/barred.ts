import { rows, type Sql } from '../connect.ts';

/** Of a membership `b`. */
export const MUTED = 'b.muted_until > NOW(3)';
export const OFF = 'b.sms = 0';
/** Of an account `a`. */
export const SUSPENDED = "(a.type <> 'F' AND a.balance <= 0)";

/**
 * Of these people, by id, those who said STOP or are blocked by a carrier, and those who left or get no texts for now in
 * one of these memberships, by what their rows say at this moment, whatever any roster says. Whom a carrier blocks is
 * among them also where that concerns another number. Some 3 µs a person: three ranges of primary keys, no joins.
 */
export async function findBarred(
  sql: Sql,
  { personIds, membershipIds }: { personIds: readonly number[]; membershipIds: readonly number[] },
): Promise<ReadonlySet<number>> {
  if (personIds.length === 0) return new Set();
  const found = await rows<{ personId: number }>(
    sql,
    `SELECT id AS personId FROM people WHERE id IN (?) AND (blocked_at IS NOT NULL OR blocked_by_carrier = 1)
     UNION ALL SELECT person_id FROM pair_blocks WHERE person_id IN (?)
     UNION ALL SELECT b.person_id FROM memberships b WHERE b.id IN (?) AND (b.live IS NULL OR b.left_at IS NOT NULL OR ${MUTED} OR ${OFF})`,
    [personIds, personIds, membershipIds],
  );
  return new Set(found.map(({ personId }) => personId));
}
