import { rows, run, type Sql } from '../connect.ts';
import { jsonTable } from '../deliveries/delivery-keys.ts';
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

/** A number, and how many living memberships it carried when it was counted last. */
export type CountedNumber = { id: number; carries: number };

/** The numbers of the pool that were not counted since `before`. */
export async function findUncounted(sql: Sql, before: Date): Promise<CountedNumber[]> {
  return rows(
    sql,
    "SELECT id, carries FROM numbers WHERE kind = 'pool' AND retired_at IS NULL AND (counted_at IS NULL OR counted_at < ?) ORDER BY id",
    [before],
  );
}

/**
 * Keeps what these numbers carry, in two statements. Counted first: who gives one of them a membership waits for nobody who counts.
 * What is counted in one statement should stay within its time limit: see `carries`.
 */
export async function saveNumberLoads(
  sql: Sql,
  { numberIds, now }: { numberIds: readonly number[]; now: Date },
): Promise<void> {
  if (numberIds.length === 0) return;
  const found = await rows<CountedNumber>(
    sql,
    'SELECT number_id AS id, COUNT(*) AS carries FROM memberships WHERE number_id IN (?) AND live = 1 GROUP BY number_id',
    [numberIds],
  );
  const carries = new Map(found.map((one) => [one.id, one.carries]));
  const table = JSON.stringify(numberIds.map((id) => [id, carries.get(id) ?? 0]));
  await run(
    sql,
    `UPDATE ${jsonTable(['id BIGINT UNSIGNED', 'carries INT UNSIGNED'])} STRAIGHT_JOIN numbers n ON n.id = k.id
     SET n.carries = k.carries, n.counted_at = ?`,
    [table, now],
  );
}
