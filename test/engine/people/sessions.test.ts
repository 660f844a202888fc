import { expect } from 'chai';
import { row, run, transact } from '../../../db/connect.ts';
import { openSession } from '../../../engine/people/sessions.ts';
import { statementsDuring } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('sessions of one person', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world?.close());

  it('that are opened at once wait for each other, and none has to be begun again for a deadlock', async () => {
    const { db } = world.runtime;
    const now = new Date();
    await run(db, "INSERT INTO people (phone, created_at) VALUES ('+14445550101', ?)", [now]);
    const { personId = 0 } = (await row<{ personId: number }>(db, 'SELECT MAX(id) AS personId FROM people')) ?? {};
    const logins = 30;
    const asked = await statementsDuring(async () => {
      await Promise.all(
        Array.from({ length: logins }, () => transact(db, (tx) => openSession(tx, { personId, source: null, now }))),
      );
    });
    expect(asked.filter(({ text }) => text.includes('INSERT INTO sessions'))).to.have.length(logins);
  });
});
