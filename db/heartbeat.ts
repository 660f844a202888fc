import { row, run, type Sql } from './connect.ts';
import { readLastKnown } from './restored.ts';

export type Heartbeat = {
  aliveAt: Date | null;
  /** By the clock of MySQL, as the others. */
  now: Date;
  /** A process found that it is a backup of which nobody has said so. */
  doubted: boolean;
  /** Of which a carrier has not said yet whether it has texts of ours from then; null where nothing is to be asked. */
  unanswered: Period | null;
};
export type Period = { from: Date; until: Date };

/** Undefined before the first process has given the database its name. */
export async function readHeartbeat(sql: Sql): Promise<Heartbeat | undefined> {
  const found = await row<
    { aliveAt: Date | null; doubtedAt: Date | null; now: Date } & Record<keyof Period, Date | null>
  >(
    sql,
    `SELECT alive_at AS aliveAt, doubted_at AS doubtedAt, NOW(3) AS now, unanswered_from AS \`from\`, unanswered_until AS until
     FROM system_names WHERE id = 1`,
  );
  if (found === undefined) return undefined;
  const { aliveAt, now, doubtedAt, from, until } = found;
  return { aliveAt, now, doubted: doubtedAt !== null, unanswered: from && until && { from, until } };
}

/**
 * A process runs. A clock of the server that goes back takes nothing back. `seen`: the heartbeat that this process has looked at;
 * where MySQL was restored since, nothing is written.
 */
export async function beat(sql: Sql, { seen }: { seen: Date | null }): Promise<void> {
  await run(
    sql,
    `UPDATE system_names SET alive_at = GREATEST(COALESCE(alive_at, NOW(3)), NOW(3))
     WHERE id = 1 AND doubted_at IS NULL AND (alive_at <=> ? OR alive_at > ?)`,
    [seen, seen],
  );
}

/** No process starts until an operator has said what happened. */
export async function doubt(sql: Sql): Promise<void> {
  await run(sql, 'UPDATE system_names SET doubted_at = COALESCE(doubted_at, NOW(3)) WHERE id = 1');
}

/** The same where no process has said that it runs since this heartbeat was `seen`; returns false where one has. */
export async function doubtUnlessAlive(sql: Sql, { seen }: { seen: Date | null }): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE system_names SET doubted_at = COALESCE(doubted_at, NOW(3)) WHERE id = 1 AND alive_at <=> ?',
    [seen],
  );
  return affected > 0;
}

/** An operator has said what happened: processes start again. */
export async function endDoubt(sql: Sql): Promise<void> {
  await run(
    sql,
    'UPDATE system_names SET alive_at = NOW(3), doubted_at = NULL, unanswered_from = NULL, unanswered_until = NULL WHERE id = 1',
  );
}

/** Keeps what is to be asked again; of two periods the first. */
export async function keepUnanswered(sql: Sql, { from, until }: Period): Promise<void> {
  await run(
    sql,
    'UPDATE system_names SET unanswered_from = ?, unanswered_until = ? WHERE id = 1 AND unanswered_from IS NULL',
    [from, until],
  );
}

/** Everything was answered. */
export async function endUnanswered(sql: Sql): Promise<void> {
  await run(sql, 'UPDATE system_names SET unanswered_from = NULL, unanswered_until = NULL WHERE id = 1');
}

/**
 * The newest moment that the database knows of, also where processes of a release worked on it that left no heartbeat: texts of
 * the newest message may have gone out long after it was accepted.
 */
export async function readLastAlive(sql: Sql, aliveAt: Date): Promise<Date> {
  const found = await row<{ sentAt: Date | null }>(
    sql,
    'SELECT MAX(sent_at) AS sentAt FROM deliveries WHERE message_id = (SELECT MAX(id) FROM messages) AND sent_at <= NOW(3)',
  );
  const times = [aliveAt, await readLastKnown(sql), found?.sentAt].flatMap((at) => (at instanceof Date ? [at] : []));
  return new Date(Math.max(...times.map((at) => at.getTime())));
}

/** When this database got the column that a heartbeat is written to. */
export async function readHeartbeatsSince(sql: Sql): Promise<Date | null> {
  const found = await row<{ at: Date }>(
    sql,
    "SELECT migration_time AS at FROM knex_migrations WHERE name = '0044_heartbeat'",
  );
  return found?.at ?? null;
}
