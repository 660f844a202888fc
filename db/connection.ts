import { channel } from 'node:diagnostics_channel';
import type { Knex } from 'knex';
import { DatabaseUnavailable, translate } from './errors.ts';

/**
 * One connection of the pool, and the only way to it: whatever is asked of MySQL is answered, or given up, within
 * `STATEMENT_MS`. A connection whose answer was late is closed: what it would say later is of no use, and nobody can tell
 * what the server does with it.
 */
export type Connection = {
  query(
    options: { sql: string; values: readonly unknown[] },
    done: (error: Error | null, result: unknown) => void,
  ): void;
  destroy(): void;
  stream: { destroy(): void };
  readonly threadId: number | null;
  /** When it was last heard of, on the clock of `performance.now()`, and what its pool knows. */
  watched?: { heardAt: number; health: Health };
};

/** For each statement, for opening a connection, and for waiting until one is free. */
export const STATEMENT_MS = 2_000;

/** Each statement that is asked, for tests that count them. */
export const STATEMENTS = channel('mysql:statement');

/** How long each took: waits for a connection, and statements until their answer. */
export const MYSQL_WAITS = channel('mysql:wait');
export const MYSQL_ANSWERS = channel('mysql:answer');
export type MysqlTook = { ms: number };

/** Calls this whenever no connection of a pool is to be had, or a statement is not answered; it must not throw. */
export function onUnavailable(db: Knex, listener: () => void): void {
  const pool: Pool = db.client;
  pool.onUnavailable = [...(pool.onUnavailable ?? []), listener];
}
/** Tells the listeners of a pool. */
export function noteUnavailable(db: Knex): void {
  const pool: Pool = db.client;
  for (const listener of pool.onUnavailable ?? []) listener();
}

/** Waits until a connection is free or opened. */
export async function acquire(db: Knex): Promise<Connection> {
  const pool: Pool = db.client;
  const start = performance.now();
  try {
    const connection = await pool.acquireConnection();
    if (MYSQL_WAITS.hasSubscribers) MYSQL_WAITS.publish(since(start));
    return connection;
  } catch (error) {
    const translated = translate(error, 'opening a connection');
    if (translated instanceof DatabaseUnavailable) noteUnavailable(db);
    throw translated;
  }
}

export function release(db: Knex, connection: Connection): void {
  const pool: Pool = db.client;
  // It never fails; a closed connection is dropped when the pool looks at it next.
  void pool.releaseConnection(connection);
}

/** What MySQL answers to one statement: rows, or what was written. */
export function ask(connection: Connection, text: string, values: readonly unknown[] = []): Promise<unknown> {
  const askedAt = performance.now();
  if (STATEMENTS.hasSubscribers) STATEMENTS.publish({ text, values });
  return new Promise((resolve, reject) => {
    let giveUp: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      // A process that stood still finds its time over before it reads what has come meanwhile: that is looked at first.
      giveUp = setImmediate(() => {
        close(connection, askedAt);
        reject(new DatabaseUnavailable(`MySQL is unavailable: no answer in ${STATEMENT_MS} ms`));
      });
    }, STATEMENT_MS);
    connection.query({ sql: text, values }, (error, result) => {
      clearTimeout(timer);
      clearImmediate(giveUp);
      if (MYSQL_ANSWERS.hasSubscribers) MYSQL_ANSWERS.publish(since(askedAt));
      if (error === null) {
        hear(connection);
        return resolve(result);
      }
      const translated = translate(error, text);
      if (translated instanceof DatabaseUnavailable) close(connection, askedAt);
      else hear(connection);
      reject(translated);
    });
  });
}

function since(start: number): MysqlTook {
  return { ms: performance.now() - start };
}

/** What the connections of one pool know of each other. */
export type Health = {
  /** A connection that was asked then never answered, or is of no use: others not heard of since may be as dead. */
  doubtedSince: number;
  /** A statement was not answered. */
  onDoubt(): void;
};

/** Begins to watch a connection of a pool. */
export function watch(connection: Connection, health: Health): void {
  connection.watched = { heardAt: performance.now(), health };
}

/**
 * False for an idle connection that nothing was heard of since another one of its pool died: after a failover all are dead,
 * and each would cost somebody a wait. Opening one anew costs less than asking.
 */
export function isTrusted(connection: Connection): boolean {
  const known = connection.watched;
  if (known === undefined || known.heardAt >= known.health.doubtedSince) return true;
  destroy(connection);
  return false;
}

type Pool = {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
  onUnavailable?: readonly (() => void)[];
};

function hear(connection: Connection): void {
  if (connection.watched !== undefined) connection.watched.heardAt = performance.now();
}

function close(connection: Connection, askedAt: number): void {
  const known = connection.watched;
  if (known !== undefined) known.health.doubtedSince = Math.max(known.health.doubtedSince, askedAt);
  destroy(connection);
  known?.health.onDoubt();
}

/** Says no goodbye, which a server that stands still would not take. */
function destroy(connection: Connection): void {
  connection.destroy();
  connection.stream.destroy();
}
