import { expect } from 'chai';
import { type Db, openDb, rows, run, transact } from '../../../db/connect.ts';
import { KEYS as BATCH_KEYS, BATCHES, asTable as batchTable, insertBatches } from '../../../db/deliveries/batches.ts';
import { insertDeliveries, lockWaiting } from '../../../db/deliveries/deliveries.ts';
import { asTable, DELIVERIES, KEYS } from '../../../db/deliveries/delivery-keys.ts';
import { lockDeliveries } from '../../../db/deliveries/delivery-progress.ts';
import { takeMigrated } from '../../support/database.ts';

/** With so few rows, a server that is not told otherwise reads a table from end to end. */
describe('rows that are found by their keys', () => {
  let db: Db;
  let giveBack: () => Promise<void>;
  let ids: [number, number];
  const now = new Date();
  before(async () => {
    const own = await takeMigrated();
    giveBack = own.giveBack;
    db = openDb(own.url, { size: 3 });
    await run(
      db,
      "INSERT INTO numbers (phone, carrier, kind, created_at) VALUES ('+12015550001', 'plivo', 'pool', ?)",
      [now],
    );
    await run(db, "INSERT INTO people (phone, created_at) VALUES ('+14445550001', ?)", [now]);
    ids = [await queued(), await queued()];
    await insertBatches(db, [batchOf(ids[0]), batchOf(ids[1])]);
  });
  after(async () => {
    await db.destroy();
    await giveBack();
  });

  const batchOf = (messageId: number) => ({
    ...{
      messageId,
      batch: 1,
      numberId: 1,
      groupId: 0,
      firstPerson: 1,
      lastPerson: 1,
      cost: 1,
      slotAt: now,
      dueAt: now,
    },
  });
  async function queued(): Promise<number> {
    const { id } = await run(db, "INSERT INTO messages (kind, text, accepted_at) VALUES ('system', 'hello', ?)", [now]);
    const key = { messageId: id, personId: 1, part: 0, numberId: 1, membershipId: null };
    await insertDeliveries(db, [{ ...key, state: 'queued', reason: null, cost: 0, queuedAt: null, batch: null }], now);
    return id;
  }

  it('are the only ones that are locked: who skips what is locked finds all others', async () => {
    const [first, second] = ids;
    await transact(db, async (tx) => {
      expect(await lockDeliveries(tx, [{ messageId: first, personId: 1, part: 0 }])).to.have.length(1);
      const found = await transact(db, (other) => lockWaiting(other, [{ messageId: second, numberId: 1, limit: 1 }]));
      expect(found.map(({ messageId }) => messageId)).to.deep.equal([second]);
    });
  });

  it('are looked up by the primary key', async () => {
    const plans = [
      await rows<Step>(db, `EXPLAIN FORMAT=TRADITIONAL SELECT d.part FROM ${KEYS} ${DELIVERIES} FOR UPDATE`, [
        asTable([{ messageId: ids[0], personId: 1, part: 0 }]),
      ]),
      await rows<Step>(db, `EXPLAIN FORMAT=TRADITIONAL SELECT c.id FROM ${BATCH_KEYS} ${BATCHES} FOR UPDATE`, [
        batchTable([batchOf(ids[0])]),
      ]),
    ];
    const keys = plans.map((steps) => steps.find(({ table }) => table === 'd' || table === 'c')?.key);
    expect(keys).to.deep.equal(['PRIMARY', 'PRIMARY']);
  });
});

type Step = { table: string | null; key: string | null };
