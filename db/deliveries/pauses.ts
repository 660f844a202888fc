import type { CarrierName } from '../../engine/rules/carriers.ts';
import { row, rows, run, type Sql } from '../connect.ts';

export type Pause = { carrier: CarrierName; errorCode: number; since: Date; until: Date };

export async function readPause(sql: Sql, carrier: CarrierName): Promise<Pause | undefined> {
  return row(sql, 'SELECT carrier, error_code AS errorCode, since, until FROM carrier_pauses WHERE carrier = ?', [
    carrier,
  ]);
}

/** The pauses that hold, of all carriers. */
export async function readPauses(sql: Sql): Promise<Pause[]> {
  return rows(sql, 'SELECT carrier, error_code AS errorCode, since, until FROM carrier_pauses');
}

/** Begins a pause, or prolongs the one that holds. */
export async function writePause(
  sql: Sql,
  { carrier, errorCode, now, until }: { carrier: CarrierName; errorCode: number; now: Date; until: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO carrier_pauses (carrier, error_code, since, until) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE error_code = VALUES(error_code), until = VALUES(until)`,
    [carrier, errorCode, now, until],
  );
}

/** False where none held. */
export async function clearPause(sql: Sql, carrier: CarrierName): Promise<boolean> {
  return (await run(sql, 'DELETE FROM carrier_pauses WHERE carrier = ?', [carrier])).affected > 0;
}
