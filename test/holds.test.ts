import { expect } from 'chai';
import { row, run } from '../db/connect.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { booksOf } from './support/rows.ts';
import { openSid } from './support/session.ts';
import { openWorkers } from './support/workers.ts';
import { openWorld, type World } from './support/world.ts';

const NAMES = ['Ann', 'Bob', 'Cid', 'Dee', 'Eve', 'Fay'];
/** Pennies of one text to all others. */
const PRICE = NAMES.length - 1;

type Funds = { balance: number; reserved: number };

describe('the price of a message is reserved when it is accepted', () => {
  it('so an account goes below zero by one message at most, however many send at once by call and by text', async () => {
    const world = await openWorld({ env: { TRIAL_BALANCE: '42' } });
    try {
      const group = await startGroup(world, NAMES);
      const sids = await Promise.all(Object.values(group.phones).map((phone) => openSid(world, phone)));
      for (const [kind, phone] of [
        ['failed', group.phones.Bob],
        ['undelivered', group.phones.Cid],
        ['report_lost', group.phones.Dee],
      ] as const) {
        world.simulator.fault({ kind, phone: phone ?? '', times: 2, code: '30' });
      }
      const answers = await Promise.all(
        Array.from({ length: 90 }, async (_, at) => {
          const who = at % NAMES.length;
          if (at % 3 === 0) return world.text(Object.values(group.phones)[who] ?? '', group.number, `Text ${at}`);
          const { body } = await world.call('/message/send', {
            sid: sids[who],
            number: group.number,
            message: `Call ${at}`,
          });
          return body.error_type ?? body.status;
        }),
      );
      expect(answers).to.include('OK').and.to.include('SUSPENDED');
      await world.quiet();
      const { balance, reserved } = await fundsOf(world, group);
      expect(reserved).to.equal(0);
      expect(balance).to.be.at.least(1 - PRICE);
      const books = await booksOf(world, group.phones.Ann ?? '');
      expect(books.balance).to.equal(books.ledger);
    } finally {
      await world.close();
    }
  });

  describe('and', () => {
    let world: World;
    let group: TestGroup;
    before(async () => {
      world = await openWorld({ workers: false, env: { TRIAL_BALANCE: '23' } });
    });
    beforeEach(async () => {
      group = await startGroup(world, NAMES, { quiet: false });
    });
    after(() => world.close());

    const say = (text: string) => world.text(group.phones.Bob ?? '', group.number, text);

    it('is not there for others while it waits to be sent', async () => {
      for (let at = 1; at <= 7; at++) await say(`Text ${at}`);
      expect(await fundsOf(world, group)).to.deep.equal({ balance: 23, reserved: 5 * PRICE });
      const found = await row<{ count: number }>(
        world.runtime.db,
        "SELECT COUNT(*) AS count FROM messages WHERE group_id = ? AND kind = 'said'",
        [group.id],
      );
      expect(found?.count).to.equal(5);
      await deliverAll();
      const { balance, reserved } = await fundsOf(world, group);
      expect({ balance, reserved }).to.deep.equal({ balance: 23 - 5 * PRICE, reserved: 0 });
    });

    it('a delivery whose account is suspended at its turn is skipped, and costs nothing', async () => {
      await say('Never');
      await run(
        world.runtime.db,
        'UPDATE accounts a JOIN `groups` g ON g.owner_id = a.person_id SET a.balance = 0 WHERE g.id = ?',
        [group.id],
      );
      await deliverAll();
      expect(await fundsOf(world, group)).to.deep.equal({ balance: 0, reserved: 0 });
      const found = await row<{ count: number }>(
        world.runtime.db,
        "SELECT COUNT(*) AS count FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE m.group_id = ? AND m.kind = 'said' AND d.state = 'skipped' AND d.reason = 'suspended'",
        [group.id],
      );
      expect(found?.count).to.equal(PRICE);
      expect(world.texts().filter(({ text }) => /Never/.test(text))).to.deep.equal([]);
    });

    it('another try of what the carrier took and did not deliver goes only where something is left beyond what is reserved', async () => {
      // The welcomes.
      await deliverAll();
      await run(
        world.runtime.db,
        'UPDATE accounts a JOIN `groups` g ON g.owner_id = a.person_id SET a.balance = ? WHERE g.id = ?',
        [2 * PRICE + 1, group.id],
      );
      for (const name of ['Ann', 'Cid', 'Dee', 'Eve', 'Fay'])
        world.simulator.fault({ kind: 'undelivered', phone: group.phones[name] ?? '', times: 2, code: '20' });
      await say('Once');
      await say('Twice');
      await deliverAll();
      expect(await fundsOf(world, group)).to.deep.equal({ balance: 0, reserved: 0 });
      const found = await row<{ again: number; ended: number }>(
        world.runtime.db,
        "SELECT SUM(d.charged = 2 AND d.state = 'delivered') AS again, SUM(d.charged = 1 AND d.state = 'undelivered') AS ended FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE m.group_id = ? AND m.kind = 'said'",
        [group.id],
      );
      expect(found).to.deep.equal({ again: 1, ended: 2 * PRICE - 1 });
    });

    it('what is reserved for those who left or said STOP meanwhile is free again', async () => {
      await say('Hello');
      await world.text(group.phones.Cid ?? '', group.number, '*bye');
      await world.text(group.phones.Dee ?? '', group.number, 'STOP');
      await deliverAll();
      expect(await fundsOf(world, group)).to.deep.equal({ balance: 23 - (PRICE - 2), reserved: 0 });
    });

    async function deliverAll(): Promise<void> {
      const workers = await openWorkers(world, { clock: true });
      await world.quiet();
      await workers.close();
    }
  });
});

async function fundsOf(world: World, group: TestGroup): Promise<Funds> {
  const found = await row<Funds>(
    world.runtime.db,
    'SELECT a.balance, a.reserved FROM accounts a JOIN `groups` g ON g.owner_id = a.person_id WHERE g.id = ?',
    [group.id],
  );
  if (found === undefined) throw new Error('there is no account');
  return found;
}
