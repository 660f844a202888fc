import type { CarrierName } from '../../engine/rules/carriers.ts';
import { rows, run, type Sql } from '../connect.ts';

/** What an operator holds; `numbers`: of ours, how many that are. */
export type SendingHold = { kind: 'number' | 'campaign'; name: string; since: Date };

/** True in SQL where a hold (a row of `sending_holds`) is about a number (a row of `numbers`). */
const CONCERNS = "((h.kind = 'number' AND h.name = n.phone) OR (h.kind = 'campaign' AND h.name = n.campaign))";

export async function listHolds(sql: Sql): Promise<(SendingHold & { numbers: number })[]> {
  return rows(
    sql,
    `SELECT h.kind, h.name, h.since, COUNT(n.id) AS numbers FROM sending_holds h LEFT JOIN numbers n ON ${CONCERNS}
     GROUP BY h.kind, h.name, h.since ORDER BY h.since, h.kind, h.name`,
  );
}

/** The numbers that are held, each with its carrier. */
export async function findHeldNumbers(sql: Sql): Promise<{ numberId: number; carrier: CarrierName }[]> {
  return rows(
    sql,
    `SELECT DISTINCT n.id AS numberId, n.carrier FROM sending_holds h STRAIGHT_JOIN numbers n ON ${CONCERNS} ORDER BY n.id`,
  );
}

/** False where it is held already. */
export async function addHold(sql: Sql, { kind, name, since }: SendingHold): Promise<boolean> {
  const { affected } = await run(sql, 'INSERT IGNORE INTO sending_holds (kind, name, since) VALUES (?, ?, ?)', [
    kind,
    name,
    since,
  ]);
  return affected === 1;
}

/** False where it is not held. */
export async function endHold(sql: Sql, { kind, name }: Pick<SendingHold, 'kind' | 'name'>): Promise<boolean> {
  return (await run(sql, 'DELETE FROM sending_holds WHERE kind = ? AND name = ?', [kind, name])).affected === 1;
}

/**
 * What holds the texts of a carrier: its own pause (`numberId` null) until when, and the numbers that an operator holds. One
 * statement, because every sender asks it each second.
 */
export async function readHeld(
  sql: Sql,
  carrier: CarrierName,
): Promise<{ numberId: number | null; until: Date | null }[]> {
  return rows(
    sql,
    `SELECT NULL AS numberId, until FROM carrier_pauses WHERE carrier = ?
     UNION ALL SELECT n.id, NULL FROM sending_holds h STRAIGHT_JOIN numbers n ON n.carrier = ? AND ${CONCERNS}`,
    [carrier, carrier],
  );
}
