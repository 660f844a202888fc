import type { CarrierName } from '../../engine/rules/carriers.ts';
import { rows, run, type Sql } from '../connect.ts';

export type Pause = { carrier: CarrierName; errorCode: number; since: Date; until: Date };

/** The pauses that hold, of all carriers. */
export async function readPauses(sql: Sql): Promise<Pause[]> {
  return rows(sql, 'SELECT carrier, error_code AS errorCode, since, until FROM carrier_pauses');
}

/** Begins a pause, or prolongs the one that holds; never shortens it, so that no carrier's answer ends an operator's. */
export async function writePause(
  sql: Sql,
  { carrier, errorCode, now, until }: { carrier: CarrierName; errorCode: number; now: Date; until: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO carrier_pauses (carrier, error_code, since, until) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE error_code = IF(until > VALUES(until), error_code, VALUES(error_code)),
       until = GREATEST(until, VALUES(until))`,
    [carrier, errorCode, now, until],
  );
}

/** The error code of a pause that an operator began: no carrier has it. */
export const BY_OPERATOR = 0;

/** The carrier takes texts again. False where no pause of its own held: an operator's is not the carrier's to end. */
export async function clearPause(sql: Sql, carrier: CarrierName): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM carrier_pauses WHERE carrier = ? AND error_code <> ?', [
    carrier,
    BY_OPERATOR,
  ]);
  return affected > 0;
}

/** Ends a pause, whatever began it. False where none held. */
export async function endPause(sql: Sql, carrier: CarrierName): Promise<boolean> {
  return (await run(sql, 'DELETE FROM carrier_pauses WHERE carrier = ?', [carrier])).affected > 0;
}
