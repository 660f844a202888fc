import type { CarrierName } from '../../engine/rules/carriers.ts';
import type { NumberClass } from '../../engine/rules/number-class.ts';
import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import type { OurNumber } from './numbers.ts';

/** A number of ours as an operator looks at it, while we have it. `members`: the memberships that it serves. */
export type NumberSettings = {
  id: number;
  phone: string;
  kind: Exclude<OurNumber['kind'], 'released'>;
  carrier: CarrierName;
  class: NumberClass;
  campaign: string | null;
  retired: number;
  members: number;
};

const COLUMNS = `n.id, n.phone, n.kind, n.carrier, n.class, n.campaign, n.retired_at IS NOT NULL AS retired,
  (SELECT COUNT(*) FROM memberships m WHERE m.number_id = n.id AND m.live = 1) AS members`;

export async function listNumbers(sql: Sql): Promise<NumberSettings[]> {
  return rows(sql, `SELECT ${COLUMNS} FROM numbers n WHERE n.kind <> 'released' ORDER BY n.phone`);
}

export async function findNumberSettings(sql: Sql, phone: string): Promise<NumberSettings | undefined> {
  return row(sql, `SELECT ${COLUMNS} FROM numbers n WHERE n.phone = ? AND n.kind <> 'released'`, [phone]);
}

/** Sets what carriers know of a number. `campaign`: null belongs to none. */
export async function setNumber(
  sql: Sql,
  { phone, class: numberClass, campaign }: Pick<NumberSettings, 'phone' | 'class' | 'campaign'>,
): Promise<void> {
  await run(sql, 'UPDATE numbers SET class = ?, campaign = ? WHERE phone = ?', [numberClass, campaign, phone]);
}

/** Retires a number, or with null hands it out again; false where that is as it was. */
export async function setRetired(sql: Sql, { phone, at }: { phone: string; at: Date | null }): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE numbers SET retired_at = ? WHERE phone = ? AND (retired_at IS NULL) <> (? IS NULL)',
    [at, phone, at],
  );
  return affected === 1;
}

/** New members get the number until then only where nothing else is free; null ends that. */
export async function setRest(sql: Sql, { phone, until }: { phone: string; until: Date | null }): Promise<void> {
  await run(sql, 'UPDATE numbers SET rests_until = ? WHERE phone = ?', [until, phone]);
}

/**
 * Takes a number that is retired, or not handed out yet, and serves nobody out of those we have; false for any other. Under its lock, so
 * that no membership comes meanwhile.
 */
export async function markReleased(tx: Tx, phone: string): Promise<boolean> {
  await row(tx, 'SELECT id FROM numbers WHERE phone = ? FOR UPDATE', [phone]);
  const { affected } = await run(
    tx,
    `UPDATE numbers n SET n.kind = 'released' WHERE n.phone = ? AND (n.kind = 'ordered' OR (n.kind = 'pool' AND n.retired_at IS NOT NULL))
       AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.number_id = n.id AND m.live = 1)`,
    [phone],
  );
  return affected === 1;
}

/** The carrier did not take it: it is ours still, and retired. */
export async function unmarkReleased(sql: Sql, { phone, kind }: Pick<NumberSettings, 'phone' | 'kind'>): Promise<void> {
  await run(sql, "UPDATE numbers SET kind = ? WHERE phone = ? AND kind = 'released'", [kind, phone]);
}
