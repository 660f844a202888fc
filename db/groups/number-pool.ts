import { rows, type Sql } from '../connect.ts';

/** A number that is handed out, and what holds pairs of it. */
export type PoolLine = {
  phone: string;
  members: number;
  left: number;
  resting: number;
  blocked: number;
  restsUntil: Date | null;
};

export async function readPool(sql: Sql, { restSince }: { restSince: Date }): Promise<PoolLine[]> {
  return rows(
    sql,
    `SELECT n.phone, IF(n.rests_until > NOW(3), n.rests_until, NULL) AS restsUntil,
       (SELECT COUNT(*) FROM memberships m WHERE m.number_id = n.id AND m.live = 1) AS members,
       (SELECT COUNT(*) FROM memberships m WHERE m.number_id = n.id AND m.live = 1 AND m.left_at IS NOT NULL) AS \`left\`,
       (SELECT COUNT(*) FROM memberships m WHERE m.number_id = n.id AND m.live IS NULL AND m.ended_at > ?) AS resting,
       (SELECT COUNT(*) FROM pair_blocks b WHERE b.number_id = n.id) AS blocked
     FROM numbers n WHERE n.kind = 'pool' AND n.retired_at IS NULL ORDER BY n.phone`,
    [restSince],
  );
}
