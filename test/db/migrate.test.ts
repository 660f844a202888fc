import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { type Db, openDb, row, rows, run } from '../../db/connect.ts';
import { isCurrent, migrate } from '../../db/migrate.ts';
import { migrationSource } from '../../db/migrations/index.ts';
import { openDatabase } from '../support/database.ts';

describe('the migrations', () => {
  let db: Db;
  let url: string;
  let drop: () => Promise<void>;
  let all: string[];

  beforeEach(async () => {
    ({ db, url, drop } = await openDatabase());
    all = (await migrationSource.getMigrations([])).map((one) => migrationSource.getMigrationName(one));
  });
  afterEach(() => drop());

  const tables = async () =>
    rows<{ name: string; collation: string; engine: string }>(
      db,
      `SELECT TABLE_NAME AS name, TABLE_COLLATION AS collation, ENGINE AS engine FROM information_schema.TABLES
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'knex%' ORDER BY TABLE_NAME`,
    );

  it('make the schema once; run again they do nothing', async () => {
    expect(await isCurrent(db)).to.equal(false);
    expect(await migrate(db)).to.deep.equal(all);
    expect(await isCurrent(db)).to.equal(true);
    expect(await migrate(db)).to.deep.equal([]);
  });

  it('name charset, collation and engine for every table, whatever the server’s defaults', async () => {
    await run(db, 'ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci');
    await migrate(db);
    const found = await tables();
    expect(found.length).to.be.greaterThan(15);
    for (const { name, collation, engine } of found)
      expect({ name, collation, engine }).to.deep.equal({
        name,
        collation: 'utf8mb4_unicode_520_ci',
        engine: 'InnoDB',
      });
  });

  it('run from several processes at once are done by one, and the others wait for it', async () => {
    const others = [openDb(url, { size: 2 }), openDb(url, { size: 2 })];
    const done = await Promise.all([db, ...others].map((one) => migrate(one)));
    expect(done.flat().sort()).to.deep.equal(all);
    expect(done.filter((names) => names.length > 0)).to.have.length(1);
    await Promise.all(others.map((other) => other.destroy()));
  });

  it('that died half-way, with knex’s lock still set, are completed by the next run', async () => {
    await migrate(db);
    const before = await tables();
    const undone = all.slice(3);
    await run(db, 'DELETE FROM knex_migrations WHERE name IN (?)', [undone]);
    await run(db, 'UPDATE knex_migrations_lock SET is_locked = 1');
    await run(db, 'DROP TABLE pins');
    expect(await isCurrent(db)).to.equal(false);
    expect(await migrate(db)).to.deep.equal(undone);
    expect(await tables()).to.deep.equal(before);
  });

  it('that fail let go of their lock, so that the next run does not wait for a minute', async () => {
    await migrate(db);
    await run(
      db,
      "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('9999_from_the_future', 9, NOW())",
    );
    const failed = await migrate(db).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failed).to.match(/9999_from_the_future/);
    const lock = await row<{ isFree: number }>(db, "SELECT IS_FREE_LOCK(CONCAT(DATABASE(), '.migrate')) AS isFree");
    expect(lock).to.deep.equal({ isFree: 1 });
  });

  for (const [what, env, code, says] of [
    ['without an address', {}, 1, 'wrong settings: MYSQL_URL is missing'],
    ['without a server', { MYSQL_URL: 'mysql://nobody@127.0.0.1:1/none' }, 1, 'The migration failed'],
  ] as const) {
    it(`the release line ${what} says so and exits with ${code}`, () => {
      const { MYSQL_URL: _, ...rest } = process.env;
      const done = spawnSync(process.execPath, ['--import', 'tsx', 'db/migrate.ts'], {
        env: { ...rest, ...env },
        encoding: 'utf8',
      });
      expect(done.stderr).to.include(says);
      expect(done.status).to.equal(code);
    });
  }
});
