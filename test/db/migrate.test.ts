import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { type Db, openDb, row, rows, run } from '../../db/connect.ts';
import { isCurrent, migrate } from '../../db/migrate.ts';
import { migrationSource } from '../../db/migrations/index.ts';
import { classOf } from '../../engine/rules/number-class.ts';
import { openDatabase } from '../support/database.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../support/program.ts';

describe('the migrations', () => {
  let db: Db;
  let url: string;
  let drop: () => Promise<void>;
  let all: string[];

  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
  });
  beforeEach(async () => {
    ({ db, url, drop } = await openDatabase());
    all = await migrationSource.getMigrations([]);
  });
  afterEach(() => drop());

  const tables = async () =>
    rows<{ name: string; collation: string; engine: string }>(
      db,
      `SELECT TABLE_NAME AS name, TABLE_COLLATION AS collation, ENGINE AS engine FROM information_schema.TABLES
       WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'knex%' ORDER BY TABLE_NAME`,
    );

  /** Every column, key and constraint, in no order that hangs on when it was made. */
  const parts = async (of: Db = db) =>
    rows<{ part: string }>(
      of,
      `SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, collation_name) AS part
         FROM information_schema.columns WHERE table_schema = DATABASE()
       UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name, non_unique)
         FROM information_schema.statistics WHERE table_schema = DATABASE()
       UNION ALL SELECT CONCAT_WS(' ', table_name, constraint_name, constraint_type)
         FROM information_schema.table_constraints WHERE table_schema = DATABASE() ORDER BY part`,
    );

  it('have the numbers from 1 on, each once', () => {
    expect(all.map((name) => Number(name.slice(0, 4)))).to.deep.equal(all.map((_, at) => at + 1));
  });

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
    const done = all.slice(0, 4);
    for (const _ of done) await db.migrate.up({ migrationSource, disableTransactions: true });
    await run(db, 'DELETE FROM knex_migrations WHERE name = ?', [done.at(-1) ?? '']);
    await run(db, 'UPDATE knex_migrations_lock SET is_locked = 1');
    await run(db, 'DROP TABLE pins');
    await run(db, 'ALTER TABLE `groups` DROP COLUMN digest, DROP KEY groups_invite, DROP FOREIGN KEY groups_number');
    expect(await isCurrent(db)).to.equal(false);
    expect(await migrate(db)).to.deep.equal(all.slice(3));
    const whole = await openDatabase();
    await migrate(whole.db);
    expect(await parts()).to.deep.equal(await parts(whole.db));
    await whole.drop();
  });

  it('give each number that is there already the class that it has by its digits', async () => {
    await migrate(db);
    const phones = ['+12015550100', '+18335550100', '+18005550100', '+18225550100', '+448005550100', '12345', '123456'];
    for (const phone of phones)
      await run(db, "INSERT INTO numbers (phone, kind, carrier, created_at) VALUES (?, 'pool', 'plivo', NOW(3))", [
        phone,
      ]);
    const undone = all.slice(all.indexOf('0011_number_classes'));
    await run(db, 'DELETE FROM knex_migrations WHERE name IN (?)', [undone]);
    expect(await migrate(db)).to.deep.equal(undone);
    const found = await rows<{ phone: string; class: string }>(db, 'SELECT phone, class FROM numbers ORDER BY id');
    expect(found).to.deep.equal(phones.map((phone) => ({ phone, class: classOf(phone) })));
    expect(new Set(found.map((number) => number.class)).size).to.equal(3);
  });

  it('killed after any number of tables are completed by the next run', async () => {
    const made = async () => (await tables()).length;
    for (const count of [1, 12]) {
      const killed = spawn(process.execPath, ['dist/db/migrate.js'], {
        env: { ...process.env, MYSQL_URL: url },
        stdio: 'ignore',
      });
      const ended = once(killed, 'exit');
      while (killed.exitCode === null && (await made()) < count);
      killed.kill('SIGKILL');
      await ended;
      expect(await made()).to.be.at.least(count);
    }
    await migrate(db);
    const killedParts = await parts();
    const whole = await openDatabase();
    await migrate(whole.db);
    expect(killedParts).to.deep.equal(await parts(whole.db));
    await whole.drop();
  });

  it('that fail let go of their lock, so that the next run does not wait for a minute', async () => {
    await migrate(db);
    await run(db, "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('0001_from_elsewhere', 9, NOW())");
    const failed = await migrate(db).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failed).to.match(/another version of this program, with 0001_from_elsewhere: .*remove the folder \.data/);
    const lock = await row<{ isFree: number }>(db, "SELECT IS_FREE_LOCK(CONCAT(DATABASE(), '.migrate')) AS isFree");
    expect(lock).to.deep.equal({ isFree: 1 });
  });

  it('of a later release are none of an earlier one’s business: its release line changes nothing, and its web is ready', async () => {
    await migrate(db);
    await run(db, "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('9999_later', 9, NOW())");
    const before = await parts();
    const released = spawnSync(process.execPath, ['dist/db/migrate.js'], {
      env: { ...process.env, MYSQL_URL: url },
      encoding: 'utf8',
    });
    expect(released.stdout).to.match(/The schema is newer than this version, with 9999_later/);
    expect([released.status, released.stderr]).to.deep.equal([0, '']);
    expect(await parts()).to.deep.equal(before);
    expect(await isCurrent(db)).to.equal(true);
  });

  for (const [what, env, code, says] of [
    ['without an address', {}, 1, 'wrong settings: MYSQL_URL is missing'],
    ['without a server', { MYSQL_URL: 'mysql://nobody@127.0.0.1:1/none' }, 1, 'The migration failed'],
  ] as const) {
    it(`the release line ${what} says so and exits with ${code}`, () => {
      const { MYSQL_URL: _, ...rest } = process.env;
      const done = spawnSync(process.execPath, ['dist/db/migrate.js'], {
        env: { ...rest, ...env },
        encoding: 'utf8',
      });
      expect(done.stderr).to.include(says);
      expect(done.status).to.equal(code);
    });
  }
});
