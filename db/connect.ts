import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { acquire, ask, type Connection, release } from './connection.ts';
import { noteCalls, wasCommitted } from './done-calls.ts';
import { DatabaseUnavailable, errnoOf, isRefusedForNow, OutcomeUnknown } from './errors.ts';
import { asideOf, IDLE_SECONDS } from './pool.ts';
import { type CallName, currentRequests, type Request } from './request.ts';

export { onUnavailable, STATEMENT_MS } from './connection.ts';
export { DatabaseUnavailable, errnoOf, isDuplicate, isRefusedForNow, TlsFailed } from './errors.ts';
export { openDb } from './pool.ts';

export type Db = Knex;
/** Where a query runs: the pool, or one transaction. */
export type Sql = Db | Tx;
export type Binding = string | number | boolean | Date | Buffer | null | readonly Binding[];

/** All rows of a query. */
export async function rows<T>(sql: Sql, text: string, bindings: readonly Binding[] = []): Promise<T[]> {
  return (await askOf(sql, text, bindings)) as T[];
}

/** The first row of a query. */
export async function row<T>(sql: Sql, text: string, bindings: readonly Binding[] = []): Promise<T | undefined> {
  return (await rows<T>(sql, text, bindings))[0];
}

/**
 * A statement that writes; one that MySQL gives up for a deadlock is done again. `affected` counts matched rows, also those
 * that it left as they were.
 */
export async function run(sql: Sql, text: string, bindings: readonly Binding[] = []): Promise<Written> {
  // A call of the API has to know what it did, also of one statement.
  if (!(sql instanceof Tx) && currentRequests().length > 0) return transact(sql, (tx) => run(tx, text, bindings));
  const written =
    sql instanceof Tx ? await sql.ask(text, bindings) : await againAfterDeadlock(() => askOf(sql, text, bindings));
  const { affectedRows, insertId } = written as { affectedRows: number; insertId: number };
  return { affected: affectedRows, id: insertId };
}
type Written = { affected: number; id: number };

/**
 * Runs `work` in one transaction, and again from the start where MySQL asks for it (deadlock, lock wait, changed
 * read): so `work` may have no effect outside the transaction. Where it works for a call of the API, the call's time limit is
 * looked at last thing before the COMMIT; throws `TooLate`, and `DoneBefore`. `DatabaseUnavailable` otherwise leaves open
 * whether it happened, but for calls that is found out first. Within a transaction, the work belongs to that.
 */
export async function transact<T>(db: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (db instanceof Tx) return work(db);
  for (let attempt = 1; ; attempt++) {
    try {
      return await transactOnce(db, work);
    } catch (error) {
      const again = isRefusedForNow(error) && attempt < TRANSACTION_ATTEMPTS;
      if (!again) throw error;
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/** Does work in a transaction that is taken back: what it returns is what would have happened. */
export async function rehearse<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await transact(db, async (tx) => {
      throw new TakenBack(await work(tx));
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.result as T;
    throw error;
  }
}

class TakenBack extends Error {
  constructor(readonly result: unknown) {
    super('taken back');
  }
}

/** One transaction, until its work is done. */
export class Tx {
  #connection: Connection | null;
  /** What `ifDoubted` was given. */
  readonly looks: ((sql: Sql) => Promise<boolean>)[] = [];
  constructor(connection: Connection) {
    this.#connection = connection;
  }
  /**
   * Where the COMMIT is not answered and the call's name was kept, this tells whether the rest was kept as well: a database on several
   * servers may keep one half. Where not, the work counts as not done, and who does it again finds the half.
   */
  ifDoubted(look: (sql: Sql) => Promise<boolean>): void {
    this.looks.push(look);
  }
  ask(text: string, bindings: readonly Binding[]): Promise<unknown> {
    if (this.#connection === null) return Promise.reject(new Error('the transaction is over'));
    return ask(this.#connection, text, bindings);
  }
  end(): void {
    this.#connection = null;
  }
}

/** Does work on one connection that nobody else uses meanwhile, for what belongs to a connection: named locks. */
export async function onOneConnection<T>(db: Db, work: (connection: Tx) => Promise<T>): Promise<T> {
  const connection = await acquire(db);
  const own = new Tx(connection);
  try {
    await ask(connection, 'SET SESSION wait_timeout = 3600');
    return await work(own);
  } finally {
    own.end();
    await ask(connection, `SET SESSION wait_timeout = ${IDLE_SECONDS}`).catch(() => undefined);
    release(db, connection);
  }
}

/** A placeholder group for each row: `(?, ?), (?, ?)`. */
export function placeholders(rowCount: number, columns: number): string {
  const one = `(${Array(columns).fill('?').join(', ')})`;
  return Array(rowCount).fill(one).join(', ');
}

const TRANSACTION_ATTEMPTS = 5;

/** Unlike a wait for a lock, a deadlock is over at once. */
async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (errnoOf(error) !== DEADLOCK || attempt === TRANSACTION_ATTEMPTS) throw error;
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}
const DEADLOCK = 1213;

async function askOf(sql: Sql, text: string, bindings: readonly Binding[]): Promise<unknown> {
  if (sql instanceof Tx) return sql.ask(text, bindings);
  const connection = await acquire(sql);
  try {
    return await ask(connection, text, bindings);
  } finally {
    release(sql, connection);
  }
}

async function transactOnce<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const requests = currentRequests();
  for (const request of requests) request.refuseLate();
  const connection = await acquire(db);
  try {
    await ask(connection, 'BEGIN');
    const { result, names, looks } = await doWork(connection, work, requests);
    await commit(db, { connection, requests, token: names[0]?.token, looks });
    return result;
  } finally {
    release(db, connection);
  }
}

async function doWork<T>(
  connection: Connection,
  work: (tx: Tx) => Promise<T>,
  requests: readonly Request[],
): Promise<{ result: T; names: CallName[]; looks: Tx['looks'] }> {
  const tx = new Tx(connection);
  try {
    const result = await work(tx);
    const names = requests.map((request) => request.takeName());
    await noteCalls(connection, names);
    for (const request of requests) request.refuseLate();
    // Nothing is awaited in between: who is refused for being late from here on hears what became of the COMMIT.
    for (const request of requests) request.committing();
    return { result, names, looks: tx.looks };
  } catch (error) {
    tx.end();
    // Where it fails the connection is closed, which has the same end.
    await ask(connection, 'ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    tx.end();
  }
}

async function commit(db: Db, { connection, requests, token, looks }: Committing): Promise<void> {
  let happened = false;
  try {
    await ask(connection, 'COMMIT');
    happened = true;
  } catch (error) {
    if (token === undefined || isRefusedForNow(error)) throw error;
    const found = await wasCommitted(db, { token, threadId: connection.threadId });
    if (found === null) throw new OutcomeUnknown('MySQL may have committed');
    if (!found) throw new DatabaseUnavailable('MySQL did not commit');
    for (const look of looks) if (!(await look(asideOf(db)))) throw new DatabaseUnavailable('MySQL committed one half');
    happened = true;
  } finally {
    for (const request of requests) request.committed(happened);
  }
}
type Committing = {
  connection: Connection;
  requests: readonly Request[];
  token: Buffer | undefined;
  looks: Tx['looks'];
};
