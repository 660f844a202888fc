import { setTimeout as sleep } from 'node:timers/promises';
import knexPackage, { type Knex } from 'knex';

export type Db = Knex;
/** Where a query runs: the pool, or one transaction. */
export type Sql = Knex | Knex.Transaction;
export type Tx = Knex.Transaction;
export type Binding = string | number | boolean | Date | Buffer | null | readonly Binding[];

/** MySQL did not answer in time or cannot be reached. What was asked may or may not have happened. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

/** Opens a pool; connects on first use. `size` connections at most. */
export function openDb(url: string, { size = 10 } = {}): Db {
  return knexPackage.default({
    client: 'mysql2',
    connection: {
      uri: url,
      charset: 'utf8mb4',
      timezone: 'Z',
      supportBigNumbers: true,
      decimalNumbers: true,
      connectTimeout: QUERY_TIMEOUT_MS,
    } as Knex.MySql2ConnectionConfig,
    pool: { min: 0, max: size, afterCreate: prepareSession },
    acquireConnectionTimeout: QUERY_TIMEOUT_MS,
    // Errors are thrown to the caller, who logs them with what was going on.
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
  });
}

/** All rows of a query. */
export async function rows<T>(sql: Sql, text: string, bindings: readonly Binding[] = []): Promise<T[]> {
  const [found] = await ask(sql, text, bindings);
  return found as T[];
}

/** The first row of a query. */
export async function row<T>(sql: Sql, text: string, bindings: readonly Binding[] = []): Promise<T | undefined> {
  return (await rows<T>(sql, text, bindings))[0];
}

/** A statement that writes. `affected` counts matched rows, also those that it left as they were. */
export async function run(
  sql: Sql,
  text: string,
  bindings: readonly Binding[] = [],
): Promise<{ affected: number; id: number }> {
  const [done] = await ask(sql, text, bindings);
  const { affectedRows, insertId } = done as { affectedRows: number; insertId: number };
  return { affected: affectedRows, id: insertId };
}

/**
 * Runs `work` in one transaction, and again from the start where MySQL asks for it (deadlock, lock wait, changed
 * read): so `work` may have no effect outside the transaction.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const again = isRefusedForNow(error) && attempt < TRANSACTION_ATTEMPTS;
      if (!again) throw translate(error);
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/** MySQL asks for another try: deadlock, lock wait, changed read. */
export function isRefusedForNow(error: unknown): boolean {
  return RETRIED_ERRNOS.has(errnoOf(error) ?? 0);
}

/** MySQL's error number (the same on MariaDB, where the code's name may differ), or null for any other error. */
export function errnoOf(error: unknown): number | null {
  const errno = (error as { errno?: unknown } | null)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : null;
}

/** True when a unique key was hit; `key` narrows it to that key. */
export function isDuplicate(error: unknown, key?: string): boolean {
  if (errnoOf(error) !== DUPLICATE_ENTRY) return false;
  return key === undefined || (error as { key?: unknown }).key === key;
}

/** A placeholder group for each row: `(?, ?), (?, ?)`. */
export function placeholders(rowCount: number, columns: number): string {
  const one = `(${Array(columns).fill('?').join(', ')})`;
  return Array(rowCount).fill(one).join(', ');
}

const QUERY_TIMEOUT_MS = 2_000;
const TRANSACTION_ATTEMPTS = 5;
const DUPLICATE_ENTRY = 1062;
/** Deadlock, lock wait time-out, record changed since last read. */
const RETRIED_ERRNOS: ReadonlySet<number> = new Set([1213, 1205, 1020]);

async function ask(sql: Sql, text: string, bindings: readonly Binding[]): Promise<unknown[]> {
  try {
    return (await sql.raw(text, bindings as unknown as Knex.RawBinding[]).timeout(QUERY_TIMEOUT_MS)) as unknown[];
  } catch (error) {
    throw translate(error, text);
  }
}

/**
 * MySQL refused a statement. Its own message, and knex's, quote the values: phones, PINs, what people said. So this
 * one, which may be logged, has the statement with its placeholders and the number of the error only.
 */
class QueryFailed extends Error {
  override name = 'QueryFailed';
  constructor(
    readonly errno: number,
    readonly code: string,
    /** The unique key that was hit. */
    readonly key: string | null,
    statement: string,
  ) {
    super(`MySQL error ${errno} (${code}) in: ${statement.replace(/\s+/g, ' ').slice(0, 300)}`);
  }
}

/** Errors without a MySQL error number come from the connection or from a time limit, unless we threw them. */
function translate(error: unknown, statement = 'a transaction'): unknown {
  if (error instanceof DatabaseAway || error instanceof QueryFailed || !(error instanceof Error)) return error;
  const { code = '' } = error as { code?: string };
  const errno = errnoOf(error);
  const gone = error.name === 'KnexTimeoutError' || GONE_CODES.has(code) || GONE_ERRNOS.has(errno ?? 0);
  if (gone) return new DatabaseAway(`MySQL is away: ${code || error.name}`);
  if (errno === null) return error;
  // MariaDB names the key alone, MySQL 8 with its table before it.
  const key = /for key '(?:[^'.]*\.)?([^']+)'$/.exec(error.message)?.[1] ?? null;
  return new QueryFailed(errno, code, key, statement);
}

const GONE_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);
/** Too many connections, server shutting down, host blocked, read-only (a failover under way), killed. */
const GONE_ERRNOS: ReadonlySet<number> = new Set([1040, 1053, 1129, 1290, 1836, 1927]);

type RawConnection = { query(sql: string, done: (error: Error | null) => void): void };

function prepareSession(connection: RawConnection, done: (error: Error | null, connection: RawConnection) => void) {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', (refused) => {
    if (refused) return done(refused, connection);
    connection.query(
      `SET time_zone = '+00:00', innodb_lock_wait_timeout = 2,
       sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'`,
      (error) => done(error, connection),
    );
  });
}
