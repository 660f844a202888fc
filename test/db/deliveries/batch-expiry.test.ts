import { expect } from 'chai';
import { type Db, openDb, rows, run } from '../../../db/connect.ts';
import { requeueBatches } from '../../../db/deliveries/batch-expiry.ts';
import { insertBatches } from '../../../db/deliveries/batches.ts';
import { takeMigrated } from '../../support/database.ts';

describe('batches whose jobs may be lost', () => {
  let db: Db;
  let giveBack: () => Promise<void>;
  before(async () => {
    const own = await takeMigrated();
    giveBack = own.giveBack;
    db = openDb(own.url, { size: 2 });
  });
  after(async () => {
    await db.destroy();
    await giveBack();
  });

  it('are each due once as much earlier, some at a time, but those that somebody has claimed', async () => {
    const now = new Date(Date.UTC(2026, 0, 1, 12));
    const graceMs = 10_000;
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
    const { id: messageId } = await run(
      db,
      "INSERT INTO messages (kind, text, accepted_at) VALUES ('system', 'hello', ?)",
      [now],
    );
    const of = { messageId, numberId: 1, groupId: 0, firstPerson: 1, lastPerson: 1, cost: 1, slotAt: now };
    // Many at one moment, and some so near each other that what is written falls among those before.
    const seconds = [-5, 1, 2, 2, 2, 2, 2, 3, 4, 9, 11, 12, 12, 13, 25, 40, 41];
    await insertBatches(
      db,
      seconds.map((at, batch) => ({ ...of, batch, dueAt: later(at) })),
    );
    await run(db, "UPDATE batches SET claim = 'somebody' WHERE id = 10");
    await requeueBatches(db, { now, graceMs, atOnce: 3 });
    const after = await rows<{ dueAt: Date }>(db, 'SELECT due_at AS dueAt FROM batches ORDER BY id');
    expect(after.map(({ dueAt }) => (dueAt.getTime() - now.getTime()) / 1_000)).to.deep.equal(
      seconds.map((at, batch) => (at < 0 || batch === 10 ? at : Math.max(0, at - 10))),
    );
  });
});
