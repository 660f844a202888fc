import { row, rows, run, type Sql } from '../connect.ts';
import type { OurNumber } from './numbers.ts';

export type LoadedNumber = Pick<OurNumber, 'id' | 'phone'> & { load: number; rests: number };

/**
 * The pool with the living memberships that each number carries: counted now while they are few, else as they were
 * counted last, because the caller who makes a group waits for it, and counting a million takes a second.
 */
export async function readNumberLoads(sql: Sql): Promise<LoadedNumber[]> {
  const kept = await rows<LoadedNumber>(
    sql,
    "SELECT id, phone, carries AS `load`, COALESCE(rests_until > NOW(3), 0) AS rests FROM numbers WHERE kind = 'pool' AND retired_at IS NULL",
  );
  if (kept.reduce((sum, { load }) => sum + load, 0) > FEW) return kept;
  return rows(
    sql,
    `SELECT n.id, n.phone, COUNT(m.id) AS \`load\`, COALESCE(n.rests_until > NOW(3), 0) AS rests FROM numbers n
     LEFT JOIN memberships m ON m.number_id = n.id AND m.live = 1
     WHERE n.kind = 'pool' AND n.retired_at IS NULL GROUP BY n.id, n.phone, n.rests_until`,
  );
}
const FEW = 20_000;

/** The numbers of the pool that were not counted since `before`. */
export async function findUncounted(sql: Sql, before: Date): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    "SELECT id FROM numbers WHERE kind = 'pool' AND retired_at IS NULL AND (counted_at IS NULL OR counted_at < ?)",
    [before],
  );
  return found.map(({ id }) => id);
}

/** Keeps what a number carries. Counted first: who gives it a membership waits for nobody who counts. */
export async function saveNumberLoad(sql: Sql, { numberId, now }: { numberId: number; now: Date }): Promise<void> {
  const found = await row<{ carries: number }>(
    sql,
    'SELECT COUNT(*) AS carries FROM memberships WHERE number_id = ? AND live = 1',
    [numberId],
  );
  await run(sql, 'UPDATE numbers SET carries = ?, counted_at = ? WHERE id = ?', [found?.carries ?? 0, now, numberId]);
}
