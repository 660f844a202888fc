import { randomInt } from 'node:crypto';
import { type Db, openDb, run } from '../../db/connect.ts';

/** A MySQL database of its own, without tables. */
export async function openDatabase(
  server = process.env.TEST_MYSQL_URL ?? '',
): Promise<{ db: Db; url: string; drop(): Promise<void> }> {
  const url = new URL(server);
  const name = `own_${process.pid}_${Date.now().toString(36)}_${randomInt(1e6)}`;
  const admin = openDb(url.href, { size: 1 });
  await run(admin, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  const db = openDb(url.href, { size: 4 });
  return {
    db,
    url: url.href,
    async drop() {
      await db.destroy();
      await run(admin, `DROP DATABASE ${name}`);
      await admin.destroy();
    },
  };
}
