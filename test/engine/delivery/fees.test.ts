import { expect } from 'chai';
import { setAccountType } from '../../../db/billing/accounts.ts';
import { rows, run } from '../../../db/connect.ts';
import type { Outcome } from '../../../engine/delivery/outcome.ts';
import { openOutcomes } from '../../../engine/delivery/outcomes.ts';
import { firstTriesOf } from '../../support/first-tries.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Who pays is settled when a message is accepted. No worker runs: the tests tell what the carrier would. */
describe('what a text costs', () => {
  let world: World;
  let group: TestGroup;
  let said = 0;

  before(async () => {
    world = await openWorld({ workers: false });
  });
  beforeEach(async () => {
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { quiet: false });
  });
  after(() => world?.close());

  const phone = (name: string) => group.phones[name] ?? '';

  /** Ann says something; returns the first tries of its two deliveries. */
  const say = () => firstTriesOf(world, group, `Word ${++said}`);

  async function record(tries: readonly Outcome['of'][], what: 'accepted' | 'failed'): Promise<void> {
    const outcomes = tries.map((of): Outcome => {
      const report = { kind: 'report', attempt: 1, status: 'failed', meaning: null, sequence: 2 } as const;
      const event = what === 'failed' ? report : ({ kind: 'outcome', attempt: 1, verdict: 'accepted' } as const);
      return { of, event, carrierId: 'uuid' };
    });
    await world.runtime.use(openOutcomes).record({ outcomes });
  }

  /** Bob owns the group from now on; he has an account with trial money. */
  async function handOver(): Promise<void> {
    await world.text(phone('Ann'), group.number, '*owner Bob');
    await world.text(phone('Bob'), group.number, 'YES');
    const [owner] = await rows<{ phone: string }>(
      world.runtime.db,
      'SELECT p.phone FROM `groups` g JOIN people p ON p.id = g.owner_id WHERE g.id = ?',
      [group.id],
    );
    expect(owner?.phone).to.equal(phone('Bob'));
  }

  /** The entries of an account beside its trial money. */
  async function ledgerOf(name: string): Promise<string[]> {
    const found = await rows<{ kind: string; amount: number }>(
      world.runtime.db,
      `SELECT l.kind, l.amount FROM ledger l JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id
       WHERE p.phone = ? AND l.kind <> 'trial' ORDER BY l.id`,
      [phone(name)],
    );
    return found.map(({ kind, amount }) => `${kind} ${amount}`);
  }

  it('is given back to who paid, whoever owns the group by then', async () => {
    const tries = await say();
    await record(tries, 'accepted');
    await handOver();
    await record(tries, 'failed');
    expect(await ledgerOf('Ann')).to.deep.equal(['segments -2', 'refund 2']);
    expect(await ledgerOf('Bob')).to.deep.equal([]);
  });

  it('is paid by the owner of the moment it was accepted, also where it went out later', async () => {
    const tries = await say();
    await handOver();
    await record(tries, 'accepted');
    expect(await ledgerOf('Ann')).to.deep.equal(['segments -2']);
    expect(await ledgerOf('Bob')).to.deep.equal([]);
    await record(await say(), 'accepted');
    expect(await ledgerOf('Bob'), 'the heir pays for what came after').to.deep.equal(['segments -2']);
  });

  it('is not given back to an account that was free when it was accepted', async () => {
    await setAccountType(world.runtime.db, { phone: phone('Ann'), type: 'F' });
    const tries = await say();
    await record(tries, 'accepted');
    await setAccountType(world.runtime.db, { phone: phone('Ann'), type: 'P' });
    await record(tries, 'failed');
    expect(await ledgerOf('Ann')).to.deep.equal([]);
  });

  it('is given back to an account that has become free since', async () => {
    const tries = await say();
    await record(tries, 'accepted');
    await setAccountType(world.runtime.db, { phone: phone('Ann'), type: 'F' });
    await record(tries, 'failed');
    expect(await ledgerOf('Ann')).to.deep.equal(['segments -2', 'refund 2']);
  });

  it('is settled for a message that is kept by itself, too', async () => {
    await world.text(phone('Ann'), group.number, '*to Bob Just you');
    await run(
      world.runtime.db,
      'UPDATE `groups` SET digest = 1, reply_to_owner = 1, roster_version = roster_version + 1 WHERE id = ?',
      [group.id],
    );
    await say();
    const kept = await rows<{ payer: number | null }>(
      world.runtime.db,
      'SELECT payer_id AS payer FROM messages WHERE group_id = ? AND message_id IS NOT NULL',
      [group.id],
    );
    expect(kept).to.have.length(2);
    for (const { payer } of kept) expect(payer).to.be.a('number');
  });
});
