import { row, run, type Sql } from '../connect.ts';

export type Pause = { errorCode: number; since: Date; until: Date };

export async function readPause(sql: Sql): Promise<Pause | undefined> {
  return row(sql, 'SELECT error_code AS errorCode, since, until FROM carrier_pauses WHERE id = 1');
}

/** Begins a pause, or prolongs the one that holds. */
export async function writePause(
  sql: Sql,
  { errorCode, now, until }: { errorCode: number; now: Date; until: Date },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO carrier_pauses (id, error_code, since, until) VALUES (1, ?, ?, ?)
     ON DUPLICATE KEY UPDATE error_code = VALUES(error_code), until = VALUES(until)`,
    [errorCode, now, until],
  );
}

/** False where none held. */
export async function clearPause(sql: Sql): Promise<boolean> {
  return (await run(sql, 'DELETE FROM carrier_pauses WHERE id = 1')).affected > 0;
}
