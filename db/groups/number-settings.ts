import type { CarrierName } from '../../engine/rules/carriers.ts';
import type { NumberClass } from '../../engine/rules/number-class.ts';
import { row, rows, run, type Sql } from '../connect.ts';
import type { OurNumber } from './numbers.ts';

/** A number of ours as an operator looks at it. `members`: the memberships that it serves. */
export type NumberSettings = {
  id: number;
  phone: string;
  kind: OurNumber['kind'];
  carrier: CarrierName;
  class: NumberClass;
  campaign: string | null;
  retired: number;
  members: number;
};

const COLUMNS = `n.id, n.phone, n.kind, n.carrier, n.class, n.campaign, n.retired_at IS NOT NULL AS retired,
  (SELECT COUNT(*) FROM memberships m WHERE m.number_id = n.id AND m.live = 1) AS members`;

export async function listNumbers(sql: Sql): Promise<NumberSettings[]> {
  return rows(sql, `SELECT ${COLUMNS} FROM numbers n ORDER BY n.phone`);
}

export async function findNumberSettings(sql: Sql, phone: string): Promise<NumberSettings | undefined> {
  return row(sql, `SELECT ${COLUMNS} FROM numbers n WHERE n.phone = ?`, [phone]);
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
