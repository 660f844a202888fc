import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { type Db, openDb, row, run, transact } from '../../db/connect.ts';
import { migrate } from '../../db/migrate.ts';
import { inRequest, openRequest } from '../../db/request.ts';
import { mysqlUrl } from '../../dev/stack/database.ts';
import { findProgram } from '../../dev/stack/find.ts';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import type { Server } from '../../dev/stack/server.ts';
import { provideMariaDb, startReplicated } from '../support/replicated.ts';
import { until } from '../support/rows.ts';

/** A primary whose commits wait for a replica that is not there. */
describe('a COMMIT that waits for a replica', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-semi-sync-'));
  let guard: Guard;
  let server: Server | undefined;
  let db: Db;

  before(async function () {
    if (findProgram('mariadbd') === undefined) return this.skip();
    guard = openGuard(folder);
    const address = { host: '127.0.0.1', port: await freePort(), password: 'replicated' };
    const programs = await provideMariaDb(() => {});
    server = await startReplicated(programs, { folder: path.join(folder, 'primary'), guard, address, id: 1 });
    db = openDb(mysqlUrl(address), { size: 3 });
    await migrate(db);
    await run(db, 'CREATE TABLE counters (id INT PRIMARY KEY, count INT NOT NULL) ENGINE=InnoDB');
    await run(db, 'INSERT INTO counters VALUES (1, 0)');
  });
  after(async () => {
    await db?.destroy();
    await server?.kill();
    guard?.dismiss();
    rmSync(folder, { recursive: true, force: true });
  });

  const countOf = async () => (await row<{ count: number }>(db, 'SELECT count FROM counters WHERE id = 1'))?.count;
  const setSemiSync = (on: 0 | 1) => run(db, `SET GLOBAL rpl_semi_sync_master_enabled = ${on}`);

  it('is waited for and not cut: cut, it would be committed here alone, and lost by a fail-over', async () => {
    let looks = 0;
    const count = (message: unknown) => {
      if ((message as { text: string }).text.includes('FROM done_calls')) looks += 1;
    };
    subscribe('mysql:statement', count);
    let answered = false;
    try {
      await setSemiSync(1);
      const raised = inRequest(openRequest(60_000), () =>
        transact(db, (tx) => run(tx, 'UPDATE counters SET count = count + 1 WHERE id = 1')),
      ).then(() => {
        answered = true;
      });
      await until('it was looked for several times', async () => looks >= 5 || answered);
      expect({ answered, count: await countOf() }).to.deep.equal({ answered: false, count: 0 });
      await setSemiSync(0);
      await raised;
    } finally {
      unsubscribe('mysql:statement', count);
    }
    expect(await countOf()).to.equal(1);
  });
});
