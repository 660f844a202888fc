import knexPackage, { type Knex } from 'knex';
import { ask, type Connection, type Health, isTrusted, noteUnavailable, STATEMENT_MS, watch } from './connection.ts';
import { readMysqlAddress } from './mysql-address.ts';

/**
 * Opens a pool; connects on first use. `size` connections at most, and `ASIDE` more for what those that hold one wait for. Throws
 * `BadAddress`.
 */
export function openDb(url: string, { size = 10 } = {}): Knex {
  const db = openPool(url, size);
  const aside = openPool(url, ASIDE);
  asides.set(db, aside);
  const client: Pick<Knex, 'destroy'> = db.client;
  const destroy = client.destroy.bind(client);
  client.destroy = async () => {
    await Promise.all([destroy(), aside.destroy()]);
  };
  return db;
}

/** A few connections beside those of a pool, which may all be taken; opened when they are needed. */
export function asideOf(db: Knex): Knex {
  return asides.get(db) ?? db;
}
const asides = new WeakMap<Knex, Knex>();
const ASIDE = 2;

function openPool(url: string, size: number): Knex {
  const health: Health = { doubtedSince: 0, onDoubt: () => noteUnavailable(db) };
  const db = knexPackage.default({
    client: 'mysql2',
    // Asked of the server otherwise, without a time limit, and every connection waits for that one answer.
    version: '8.0.0',
    connection: {
      ...readMysqlAddress(url),
      charset: 'utf8mb4',
      timezone: 'Z',
      supportBigNumbers: true,
      decimalNumbers: true,
      connectTimeout: STATEMENT_MS,
    },
    pool: {
      min: 0,
      max: size,
      createTimeoutMillis: OPENING_MS,
      idleTimeoutMillis: (IDLE_SECONDS * 1000) / 2,
      afterCreate: (connection: Connection, done: Prepared) => {
        watch(connection, health);
        prepareSession(connection).then(
          () => done(null, connection),
          (error) => done(error, connection),
        );
      },
      validate: isTrusted,
    },
    acquireConnectionTimeout: STATEMENT_MS,
    // Errors are thrown to the caller, who logs them with what was going on.
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
  });
  return db;
}

/** Shorter than the wait for a connection, so that a failure reaches the call that caused it. */
const OPENING_MS = STATEMENT_MS - 500;
/**
 * MySQL ends what a client left open that is gone without its noticing: a transaction would hold its locks for hours. The
 * pool drops idle connections before that.
 */
export const IDLE_SECONDS = 8;

type Prepared = (error: Error | null, connection: Connection) => void;

/** A wait for a lock ends before a statement is given up: MySQL then says so, and the transaction is done again. */
async function prepareSession(connection: Connection): Promise<void> {
  await ask(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await ask(
    connection,
    `SET time_zone = '+00:00', innodb_lock_wait_timeout = 1, wait_timeout = ${IDLE_SECONDS},
     sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'`,
  );
}
