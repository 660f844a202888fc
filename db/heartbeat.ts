import { row, run, type Sql } from './connect.ts';
import { readLastKnown } from './restored.ts';

/** `now`: by the clock of MySQL, as the others. `doubted`: a process found that it is a backup of which nobody has said so. */
export type Heartbeat = { aliveAt: Date | null; now: Date; doubted: boolean };

/** Undefined before the first process has given the database its name. */
export async function readHeartbeat(sql: Sql): Promise<Heartbeat | undefined> {
  const found = await row<{ aliveAt: Date | null; doubtedAt: Date | null; now: Date }>(
    sql,
    'SELECT alive_at AS aliveAt, doubted_at AS doubtedAt, NOW(3) AS now FROM system_names WHERE id = 1',
  );
  return found && { aliveAt: found.aliveAt, now: found.now, doubted: found.doubtedAt !== null };
}

/** A process runs. A clock of the server that goes back takes nothing back. */
export async function beat(sql: Sql): Promise<void> {
  await run(
    sql,
    'UPDATE system_names SET alive_at = GREATEST(COALESCE(alive_at, NOW(3)), NOW(3)) WHERE id = 1 AND doubted_at IS NULL',
  );
}

/** No process starts until an operator has said what happened. */
export async function doubt(sql: Sql): Promise<void> {
  await run(sql, 'UPDATE system_names SET doubted_at = COALESCE(doubted_at, NOW(3)) WHERE id = 1');
}

/** An operator has said what happened: processes start again. */
export async function endDoubt(sql: Sql): Promise<void> {
  await run(sql, 'UPDATE system_names SET alive_at = NOW(3), doubted_at = NULL WHERE id = 1');
}

/**
 * The newest moment that the database knows of, also where processes of a release worked on it that left no heartbeat: texts of
 * the newest message may have gone out long after it was accepted.
 */
export async function readLastAlive(sql: Sql, aliveAt: Date): Promise<Date> {
  const found = await row<{ sentAt: Date | null }>(
    sql,
    'SELECT MAX(sent_at) AS sentAt FROM deliveries WHERE message_id = (SELECT MAX(id) FROM messages)',
  );
  const times = [aliveAt, await readLastKnown(sql), found?.sentAt].flatMap((at) => (at instanceof Date ? [at] : []));
  return new Date(Math.max(...times.map((at) => at.getTime())));
}
