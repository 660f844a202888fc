import { randomInt } from 'node:crypto';
import { type Db, openDb, rows } from '../../db/connect.ts';
import { migrate } from '../../db/migrate.ts';

/** A MySQL database of its own, without tables. */
export async function openDatabase(
  server = process.env.TEST_MYSQL_URL ?? '',
): Promise<{ db: Db; url: string; drop(): Promise<void> }> {
  const url = new URL(server);
  const name = `own_${process.pid}_${Date.now().toString(36)}_${randomInt(1e6)}`;
  const admin = openDb(url.href, { size: 1 });
  // Not by `run`, whose time limit is the product's: MySQL may take longer to make or drop tables.
  await admin.raw(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  const db = openDb(url.href, { size: 4 });
  return {
    db,
    url: url.href,
    async drop() {
      await db.destroy();
      await admin.raw(`DROP DATABASE ${name}`);
      await admin.destroy();
    },
  };
}

/**
 * A database with the schema and no rows. One that was given back is emptied and used again: to make and to drop all tables
 * takes MySQL two seconds, and there are a hundred such tests. What is left is dropped when the process has nothing more to do.
 */
export async function takeMigrated(): Promise<{ url: string; giveBack(): Promise<void> }> {
  const own = spare.pop() ?? (await makeMigrated());
  return {
    url: own.url,
    async giveBack() {
      await empty(own.url);
      spare.push(own);
    },
  };
}

type Migrated = { url: string; drop(): Promise<void> };
const spare: Migrated[] = [];
let isDropping = false;

async function makeMigrated(): Promise<Migrated> {
  const { db, url, drop } = await openDatabase();
  await migrate(db);
  // The server may have ended with everything by then.
  if (!isDropping) process.once('beforeExit', () => void dropSpare().catch(() => undefined));
  isDropping = true;
  return { url, drop };
}

async function dropSpare(): Promise<void> {
  for (const one of spare.splice(0)) await one.drop();
}

/** Also counts ids from 1 again. */
async function empty(url: string): Promise<void> {
  const db = openDb(url, { size: 1 });
  const tables = await rows<{ name: string }>(
    db,
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'knex%'",
  );
  const ask = ({ name }: { name: string }) =>
    `SELECT '${name}' AS name FROM DUAL WHERE EXISTS (SELECT 1 FROM \`${name}\`)`;
  const used = await rows<{ name: string }>(db, tables.map(ask).join(' UNION ALL '));
  // One connection, which keeps the setting.
  await db.raw('SET foreign_key_checks = 0');
  for (const { name } of used) await db.raw(`TRUNCATE \`${name}\``);
  await db.destroy();
}
