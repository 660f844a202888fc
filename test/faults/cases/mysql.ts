import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, errnoOf, row, rows, run, transact } from '../../../db/connect.ts';
import type { Fault } from '../fault.ts';

const DEADLOCK = 1213;

export const mysqlFaults: readonly Fault[] = [
  ...(
    [
      ['mysql-kill', 'SIGKILL', 'kill -9, back a moment later'],
      ['mysql-restart', 'SIGTERM', 'stopped and back a moment later, as for an update'],
    ] as const
  ).map(
    ([name, signal, does]): Fault => ({
      ...{ name, does, times: 5 },
      async strike({ database, ready }, random) {
        await database.kill(signal);
        await sleep(random.between(0, 3_000));
        await database.start();
        await ready();
      },
    }),
  ),
  {
    name: 'mysql-down',
    does: 'not there for 30 s',
    times: 1,
    unavailable: 'mysql',
    async strike({ database, ready }, _, mend) {
      await database.kill('SIGKILL');
      await sleep(30_000);
      mend();
      await database.start();
      await ready();
    },
  },
  {
    name: 'mysql-freeze',
    does: 'stands still for 5 to 15 s',
    times: 3,
    unavailable: 'mysql',
    async strike({ database, ready }, random, mend) {
      await database.kill('SIGSTOP');
      await sleep(random.between(5_000, 15_000));
      mend();
      await database.kill('SIGCONT');
      await ready();
    },
  },
  {
    name: 'mysql-hangup',
    does: 'all connections are cut, in mid-transaction where there is one',
    times: 10,
    async strike({ db }) {
      const others = await rows<{ id: number }>(
        db,
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = 'texting' AND ID <> CONNECTION_ID()",
      );
      // It may have gone by itself meanwhile.
      for (const { id } of others) await run(db, 'KILL CONNECTION ?', [id]).catch(() => undefined);
    },
  },
  {
    name: 'mysql-deadlock',
    does: 'others lock the rows of accounts and groups the other way round, and for longer than anybody waits',
    times: 10,
    async strike({ db, groups }, random) {
      const { id } = random.pick(groups);
      const holdMs = random.pick([50, 200, 2_500]);
      await transact(db, async (tx) => {
        await rows(
          tx,
          'SELECT a.id FROM accounts a JOIN `groups` g ON g.owner_id = a.person_id WHERE g.id = ? FOR UPDATE',
          [id],
        );
        await sleep(holdMs);
        await rows(tx, 'SELECT id FROM messages WHERE group_id = ? ORDER BY id DESC LIMIT 20 FOR UPDATE', [id]);
        await rows(tx, 'SELECT id FROM `groups` WHERE id = ? FOR UPDATE', [id]);
        await sleep(holdMs);
      }).catch((error) => {
        // We may be the one that is given up.
        if (errnoOf(error) !== DEADLOCK) throw error;
      });
    },
  },
  {
    name: 'migration-killed',
    does: 'kill -9 in the middle of a migration, several times; the next one completes it',
    times: 3,
    async strike({ db, mysqlUrl, release }, random) {
      const whole = await tablesOf(db, 'texting');
      const scratch = new URL(mysqlUrl);
      scratch.pathname = '/half_made';
      await run(db, 'DROP DATABASE IF EXISTS half_made');
      await run(db, 'CREATE DATABASE half_made');
      for (const tables of [1, 5, 10, 15]) {
        const migrating = release(scratch.href);
        const ended = new Promise((resolve) => migrating.once('exit', resolve));
        // So many tables are there, or it was faster than we look.
        while (migrating.exitCode === null && (await countTables(db)) < tables) await sleep(2);
        await sleep(random.between(0, 20));
        migrating.kill('SIGKILL');
        await ended;
      }
      const code = await new Promise((resolve) => release(scratch.href).once('exit', resolve));
      if (code !== 0) throw new Error(`the migration after those that were killed ended with code ${code}`);
      if ((await tablesOf(db, 'half_made')) !== whole)
        throw new Error('the schema is another after a killed migration');
      await run(db, 'DROP DATABASE half_made');
    },
  },
];

async function countTables(db: Db): Promise<number> {
  const found = await row<{ tables: number }>(
    db,
    "SELECT COUNT(*) AS tables FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'half_made'",
  );
  return found?.tables ?? 0;
}

/** Every column and key of a database, as one text. */
async function tablesOf(db: Db, name: string): Promise<string> {
  const columns = await rows<{ column: string }>(
    db,
    `SELECT CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLLATION_NAME, EXTRA) AS \`column\`
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, COLUMN_NAME`,
    [name],
  );
  const keys = await rows<{ part: string }>(
    db,
    `SELECT CONCAT_WS(' ', TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME) AS part
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    [name],
  );
  return [...columns.map(({ column }) => column), ...keys.map(({ part }) => part)].join('\n');
}
