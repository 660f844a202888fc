import { expect } from 'chai';
import { findPayingNow } from '../../../db/billing/paid-messages.ts';
import { row, rows, run } from '../../../db/connect.ts';
import { freeReserved } from '../../../engine/billing/reserved.ts';
import type { Outcome } from '../../../engine/delivery/outcome.ts';
import { openOutcomes, type Recording } from '../../../engine/delivery/outcomes.ts';
import { squarePaid } from '../../../engine/delivery/paid-messages.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { firstTriesOf } from '../../support/first-tries.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { statementsOf } from '../../support/statements.ts';
import { type Half, type Tearing, tearTransactions } from '../../support/torn.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Each text goes to two, for a penny each. No worker runs: the tests tell what the carrier would. */
describe('an outcome of which only one half was kept', () => {
  let world: World;
  let tearing: Tearing;
  let group: TestGroup;
  let said = 0;

  before(async () => {
    world = await openWorld({ workers: false });
    tearing = tearTransactions(world.runtime.db, world.runtime.config.MYSQL_URL);
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { quiet: false });
  });
  after(async () => {
    await world?.close();
    await tearing?.close();
  });

  const say = () => firstTriesOf(world, group, `Word ${++said}`);

  async function accepted(tries: readonly Outcome['of'][]): Promise<Recording> {
    const payer = await row<{ accountId: number; held: number }>(
      world.runtime.db,
      'SELECT payer_id AS accountId, held FROM messages WHERE id = ?',
      [tries[0]?.messageId ?? 0],
    );
    const paid = { cost: 1, payer: payer ?? null };
    const event = { kind: 'outcome', attempt: 1, verdict: 'accepted' } as const;
    const batches = await rows<{ messageId: number; batch: number }>(
      world.runtime.db,
      'SELECT message_id AS messageId, id AS batch FROM batches WHERE message_id = ?',
      [tries[0]?.messageId ?? 0],
    );
    return { outcomes: tries.map((of): Outcome => ({ of, event, carrierId: 'uuid', paid })), ends: batches };
  }

  function reported(tries: readonly Outcome['of'][], status: 'failed' | 'undelivered', sequence = 2): Recording {
    const event = { kind: 'report', attempt: 1, status, meaning: null, sequence } as const;
    return { outcomes: tries.map((of): Outcome => ({ of, event, carrierId: 'uuid' })) };
  }

  const record = (recording: Recording, runtime = world.runtime) => runtime.use(openOutcomes).record(recording);

  /** Its COMMIT fails, and one half stays. */
  async function tear(recording: Recording, keep: Half, writes = ['deliveries', 'ledger']): Promise<void> {
    const before = tearing.count();
    tearing.next({ keep, writes });
    const end = await record(recording).then(
      () => 'recorded',
      () => 'failed',
    );
    expect([end, tearing.count() - before]).to.deep.equal(['failed', 1]);
  }

  /** Another process, which knows nothing of what this one tried. */
  const another = () => runtimeWith(world.runtime, {});

  /** What of a message was paid, by the ledger and by its deliveries, and what its owner has reserved. */
  async function moneyOf([first]: readonly Outcome['of'][]): Promise<{
    paid: number;
    charged: number;
    reserved: number;
  }> {
    const found = await row<{ paid: number; charged: number; reserved: number }>(
      world.runtime.db,
      `SELECT -COALESCE((SELECT SUM(amount) FROM ledger WHERE message_id = m.id), 0) AS paid,
         (SELECT SUM(charged) FROM deliveries WHERE message_id = m.id) AS charged, a.reserved
       FROM messages m JOIN accounts a ON a.id = m.payer_id WHERE m.id = ?`,
      [first?.messageId ?? 0],
    );
    if (found === undefined) throw new Error('nobody pays for it');
    return found;
  }

  const off = () =>
    rows(
      world.runtime.db,
      'SELECT a.id FROM accounts a WHERE a.balance <> (SELECT SUM(amount) FROM ledger WHERE account_id = a.id)',
    );
  const clock = () => squarePaid(another(), [{ what: 'paid', afterMs: -1_000 }]);
  const PAID = { paid: 2, charged: 2, reserved: 0 };

  afterEach(async () => {
    expect(await off(), 'a balance is its ledger').to.deep.equal([]);
    await run(world.runtime.db, 'UPDATE accounts SET reserved = 0');
    await run(world.runtime.db, 'DELETE FROM purges');
  });

  for (const keep of ['groups', 'first'] as const)
    it(`is paid once where it is recorded again and the half of ${keep === 'groups' ? 'the deliveries' : 'the money'} stayed`, async () => {
      const tries = await say();
      const recording = await accepted(tries);
      await tear(recording, keep);
      await record(recording);
      expect(await moneyOf(tries)).to.deep.equal(PAID);
      await record(recording);
      expect(await moneyOf(tries)).to.deep.equal(PAID);
      expect(await clock()).to.be.greaterThan(0);
      expect(await moneyOf(tries)).to.deep.equal(PAID);
    });

  it('is given back once, whichever half stayed', async () => {
    for (const keep of ['groups', 'first'] as const) {
      const tries = await say();
      await record(await accepted(tries));
      const recording = reported(tries, 'failed');
      await tear(recording, keep);
      await record(recording);
      expect(await moneyOf(tries), keep).to.deep.include({ paid: 0, charged: 0 });
    }
  });

  it('releases exactly what it did where nothing of it was kept', async () => {
    const tries = await say();
    const recording = await accepted(tries);
    await run(world.runtime.db, 'RENAME TABLE ledger TO ledger_away');
    await record(recording).then(
      () => expect.fail('it cannot be recorded'),
      () => undefined,
    );
    await run(world.runtime.db, 'RENAME TABLE ledger_away TO ledger');
    await record(recording);
    expect(await moneyOf(tries)).to.deep.equal(PAID);
    const back = reported(tries, 'failed');
    await run(world.runtime.db, 'RENAME TABLE ledger TO ledger_away');
    await record(back).then(
      () => expect.fail('it cannot be recorded'),
      () => undefined,
    );
    await run(world.runtime.db, 'RENAME TABLE ledger_away TO ledger');
    await record(back);
    expect(await moneyOf(tries)).to.deep.equal({ paid: 0, charged: 0, reserved: 0 });
  });

  it('is found by the clock where the process died: what is missing is booked', async () => {
    const tries = await say();
    await tear(await accepted(tries), 'groups');
    expect(await moneyOf(tries)).to.deep.include({ paid: 0, charged: 2 });
    await clock();
    expect(await moneyOf(tries)).to.deep.equal(PAID);
  });

  it('is found by the clock where another process charged it again: that is given back', async () => {
    const tries = await say();
    await tear(await accepted(tries), 'first');
    // One of them with another text, one alone: no set of tries is the same as before.
    for (const one of tries) await record(await accepted([one]), another());
    expect(await moneyOf(tries)).to.deep.include({ paid: 4, charged: 2 });
    await clock();
    expect(await moneyOf(tries)).to.deep.equal(PAID);
  });

  it('is known again by its key where another process records the same: that is paid once', async () => {
    const tries = await say();
    await tear(await accepted(tries), 'first');
    await record(await accepted(tries), another());
    expect(await moneyOf(tries)).to.deep.equal(PAID);
  });

  it('of which nobody heard costs nothing more to write, and the clock books nothing', async () => {
    const tries = await say();
    const recording = await accepted(tries);
    const asked = await statementsOf(() => record(recording));
    const ours = asked.filter((text) => !/foreign_key_checks/.test(text)).map((text) => text.trim().split(/\s/, 1)[0]);
    expect(new Set(ours)).to.deep.equal(new Set(['BEGIN', 'UPDATE', 'INSERT', 'DELETE', 'COMMIT']));
    const before = await row(world.runtime.db, 'SELECT COUNT(*) AS entries FROM ledger');
    await clock();
    expect(await row(world.runtime.db, 'SELECT COUNT(*) AS entries FROM ledger')).to.deep.equal(before);
  });

  it('leaves nothing reserved for good: what an account has with nothing under way is free', async () => {
    const tries = await say();
    const accountId = (await row<{ id: number }>(world.runtime.db, 'SELECT id FROM accounts'))?.id ?? 0;
    const reservedNow = async () => (await moneyOf(tries)).reserved;
    const look = async (runtime: Runtime) => freeReserved(runtime, [{ accountId, reserved: await reservedNow() }], 0);
    const clockOf = another();
    expect([await look(clockOf), await look(clockOf), await reservedNow()]).to.deep.equal([0, 0, 2]);
    // A backlog is not looked through: then everybody may have something under way.
    expect([...(await findPayingNow(world.runtime.db, [999_999], 0))]).to.deep.equal([999_999]);
    expect([...(await findPayingNow(world.runtime.db, [999_999, accountId]))]).to.deep.equal([accountId]);
    await record(await accepted(tries));
    await run(world.runtime.db, 'UPDATE accounts SET reserved = reserved + 5');
    expect([await look(clockOf), await look(clockOf), await reservedNow()]).to.deep.equal([0, 1, 0]);
    await run(world.runtime.db, 'UPDATE accounts SET reserved = reserved - 3');
    expect([await look(clockOf), await look(clockOf), await reservedNow()]).to.deep.equal([0, 1, 0]);
  });
});
