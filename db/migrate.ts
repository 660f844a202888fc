import { type Db, onOneConnection, openDb, row, rows, type Tx } from './connect.ts';
import { migrationSource } from './migrations/index.ts';
import { BadAddress } from './server-address.ts';
import { readSettingFiles } from './setting-files.ts';

/**
 * Brings the schema up to date; returns the names of the migrations that ran. Safe to run twice, twice at once (the
 * second waits), and after a migration that died half-way. Throws `MadeElsewhere` where the database was made by another
 * program, and `Newer` where a later version of this one has migrated it: that is left alone.
 */
export async function migrate(db: Db): Promise<string[]> {
  return onOneConnection(db, async (own) => {
    await holdAlone(own);
    try {
      // Under our own lock, knex's one can only be left over from a run that died.
      await db.migrate.forceFreeMigrationsLock({ migrationSource });
      await refuseUnknown(db);
      const [, done] = (await db.migrate.latest({ migrationSource, disableTransactions: true })) as [number, string[]];
      return done;
    } finally {
      // It belongs to the connection, which goes back to the pool.
      await row(own, `SELECT RELEASE_LOCK(CONCAT(DATABASE(), '.migrate'))`);
    }
  });
}

/** Waits up to a minute for a migration that runs elsewhere; a second a query, because queries have a time limit. */
async function holdAlone(own: Tx): Promise<void> {
  for (let second = 0; second < 60; second++) {
    const lock = await row<{ held: number }>(own, `SELECT GET_LOCK(CONCAT(DATABASE(), '.migrate'), 1) AS held`);
    if (lock?.held === 1) return;
  }
  throw new Error('another migration has been running for a minute');
}

/** A database with migrations that this program does not have is left as it is. */
async function refuseUnknown(db: Db): Promise<void> {
  if (!(await db.schema.hasTable('knex_migrations'))) return;
  const all = await migrationSource.getMigrations([]);
  const done = (await rows<{ name: string }>(db, 'SELECT name FROM knex_migrations ORDER BY id')).map(
    ({ name }) => name,
  );
  const unknown = done.filter((name) => !all.includes(name));
  if (unknown.length === 0) return;
  const isNewer = all.every((name) => done.includes(name)) && unknown.every((name) => name > (all.at(-1) ?? ''));
  if (isNewer) throw new Newer(`The schema is newer than this version, with ${unknown.join(', ')}: nothing to do.`);
  throw new MadeElsewhere(
    `The database was made by another version of this program, with ${unknown.join(', ')}: start that version, or name an empty database (npm start: remove the folder .data).`,
  );
}

class MadeElsewhere extends Error {}
/** While a release is rolled out, or rolled back: a later one only ever adds what an earlier one does not need to know. */
class Newer extends Error {}

/** True when no migration is missing. */
export async function isCurrent(db: Db): Promise<boolean> {
  const there = await row(
    db,
    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'knex_migrations'",
  );
  if (there === undefined) return false;
  const done = new Set((await rows<{ name: string }>(db, 'SELECT name FROM knex_migrations')).map(({ name }) => name));
  const all = await migrationSource.getMigrations([]);
  return all.every((name) => done.has(name));
}

/** The `release` line of the Procfile. */
async function main(): Promise<void> {
  let db: Db | undefined;
  try {
    const { env, wrong } = readSettingFiles(process.env, ['MYSQL_URL']);
    const url = env.MYSQL_URL;
    if (!url) throw new BadAddress(wrong[0] ?? 'MYSQL_URL is missing');
    db = openDb(url, { size: 2 });
    const done = await migrate(db);
    console.log(done.length === 0 ? 'The schema is current.' : `Migrated: ${done.join(', ')}.`);
  } catch (error) {
    if (error instanceof Newer) console.log(error.message);
    else {
      console.error(whatFailed(error));
      process.exitCode = 1;
    }
  } finally {
    await db?.destroy();
  }
}

function whatFailed(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof BadAddress) return `wrong settings: ${message}`;
  if (error instanceof MadeElsewhere) return message;
  return `The migration failed: ${message}. Correct the cause and run it again: it continues where it stopped.`;
}

if (import.meta.filename === process.argv[1]) await main();
