import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DatabaseUnavailable, type Db, onOneConnection, openDb, row, rows, run, transact } from '../../db/connect.ts';
import { findGoneSenders, holdSender, isKnownSender, noteSender } from '../../db/deliveries/senders.ts';
import { OutcomeUnknown } from '../../db/errors.ts';
import { migrate } from '../../db/migrate.ts';
import { inRequest, openRequest } from '../../db/request.ts';
import type { DatabasePrograms } from '../../dev/stack/database.ts';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { findUnpacked } from '../../dev/stack/unpack.ts';
import { type Group, openGroup } from '../support/group-replication.ts';
import { until } from '../support/rows.ts';

/** For `npm run test:mysql`, where it has fetched MySQL: two of them, as a group. */
const mysql = process.env.FAULTS_DATABASE === undefined ? undefined : findUnpacked();
if (mysql !== undefined) testOn({ server: mysql, installer: mysql });

function testOn(programs: DatabasePrograms): void {
  describe('MySQL’s group replication', function () {
    this.timeout(240_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-group-'));
    let guard: Guard | undefined;
    let group: Group | undefined;
    let db: Db;

    before(async () => {
      guard = openGuard(folder);
      const members = await Promise.all(
        ['one', 'other'].map(async (name) => ({
          ...{ name, host: '127.0.0.1', port: await freePort(), groupPort: await freePort(), on: [] },
        })),
      );
      group = await openGroup(members, {
        ...{ programs, folder, guard, password: 'replicated' },
        // Alone, a member leaves its group soon, and stays as it is then.
        settings: [
          '--group-replication-unreachable-majority-timeout=1',
          '--group-replication-autorejoin-tries=0',
          '--group-replication-exit-state-action=READ_ONLY',
        ],
      });
      const [first] = members;
      if (first === undefined) throw new Error('a group has members');
      db = openDb(group.urlOf(first), { size: 4 });
    });
    after(async () => {
      await db?.destroy();
      await group?.close();
      guard?.dismiss();
      rmSync(folder, { recursive: true, force: true });
    });

    it('takes the whole schema: every table has a primary key', async () => {
      await migrate(db);
      const without = await rows(
        db,
        `SELECT TABLE_NAME AS name FROM information_schema.TABLES t WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
       AND (ENGINE <> 'InnoDB' OR NOT EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS c
         WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.CONSTRAINT_TYPE = 'PRIMARY KEY'))`,
      );
      expect(without).to.deep.equal([]);
      await run(db, 'CREATE TABLE counters (id INT PRIMARY KEY, count INT NOT NULL)');
      await run(db, 'INSERT INTO counters VALUES (1, 0)');
    });

    it('has a sender taken for gone by that primary alone where it holds its lock', async () => {
      const [first, other] = group?.members ?? [];
      if (group === undefined || first === undefined || other === undefined) throw new Error('there is no group');
      const elsewhere = openDb(group.urlOf(other), { size: 4 });
      const now = new Date();
      try {
        await onOneConnection(db, async (own) => {
          expect(await holdSender(own, 'one-sender')).to.equal(true);
          await noteSender(own, { name: 'one-sender', now });
          await makePrimary(elsewhere);
          expect(await findGoneSenders(elsewhere)).to.deep.equal([]);
          // What it asks of its primary of before is not done, and it looks for another.
          const told = await noteSender(own, { name: 'one-sender', now }).catch((error: unknown) => error);
          expect(told).to.be.instanceOf(DatabaseUnavailable);
        });
        const next = openDb(group.urlOf(other), { size: 1 });
        await onOneConnection(next, async (own) => {
          expect([await isKnownSender(own, 'one-sender'), await holdSender(own, 'one-sender')]).to.deep.equal([
            false,
            true,
          ]);
          await noteSender(own, { name: 'one-sender', now });
          expect(await findGoneSenders(elsewhere)).to.deep.equal([]);
        });
        await next.destroy();
        await until('it is gone there', async () => (await findGoneSenders(elsewhere)).includes('one-sender'));
      } finally {
        await elsewhere.destroy();
        await makePrimary(db);
      }
      expect(await findGoneSenders(db)).to.deep.equal([]);
    });

    it('leaves it open whether a COMMIT has happened that a member takes back as it leaves: others may have it', async () => {
      const [, other] = group?.members ?? [];
      if (group === undefined || other === undefined) throw new Error('there is no group');
      await group.signal(other, 'SIGKILL');
      const raised = inRequest(openRequest(60_000), () =>
        transact(db, (tx) => run(tx, 'UPDATE counters SET count = count + 1 WHERE id = 1')),
      ).then(
        () => null,
        (error: unknown) => error,
      );
      await until(
        'the member has left',
        async () => (await stateAt(db)) === 'ERROR' && (await countOf(db)) === 0 && (await isReadOnly(db)),
        60_000,
      );
      // As it is for a moment before it becomes read-only: it finds nothing, and could be taken at its word.
      await db.raw('SET GLOBAL super_read_only = 0');
      await db.raw('SET GLOBAL read_only = 0');
      expect(await raised).to.be.instanceOf(OutcomeUnknown);
    });
  });
}

/** The member that is asked is the primary when this resolves. */
async function makePrimary(db: Db): Promise<void> {
  await db.raw('SELECT group_replication_set_as_primary(@@server_uuid)');
}

async function stateAt(db: Db): Promise<string | undefined> {
  const text =
    'SELECT MEMBER_STATE AS state FROM performance_schema.replication_group_members WHERE MEMBER_ID = @@server_uuid';
  return (await row<{ state: string }>(db, text))?.state;
}

async function countOf(db: Db): Promise<number | undefined> {
  return (await row<{ count: number }>(db, 'SELECT count FROM counters WHERE id = 1'))?.count;
}

async function isReadOnly(db: Db): Promise<boolean> {
  return (await row<{ isSet: number }>(db, 'SELECT @@global.super_read_only AS isSet'))?.isSet === 1;
}
