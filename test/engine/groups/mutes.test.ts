import { expect } from 'chai';
import { rows, run } from '../../../db/connect.ts';
import { endMutes } from '../../../engine/groups/mutes.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a mute', () => {
  let world: World;
  let group: TestGroup;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
  });
  after(() => world?.close());

  async function lastTextTo(name: string): Promise<string | undefined> {
    const [found] = await rows<{ text: string }>(
      world.runtime.db,
      `SELECT m.text FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id
       WHERE p.phone = ? ORDER BY m.id DESC LIMIT 1`,
      [group.phones[name] ?? ''],
    );
    return found?.text;
  }

  it('that was over by MySQL’s clock is not ended once more by *on, which would say that nothing was missed', async () => {
    const bob = group.phones.Bob ?? '';
    await world.text(bob, group.number, '*mute 2');
    await run(world.runtime.db, 'UPDATE memberships SET muted_until = NOW(3) WHERE muted_until IS NOT NULL');
    expect(await endMutes(world.runtime)).to.equal(1);
    expect(await lastTextTo('Bob')).to.match(/missed/);
    // The clock of this process says that it still lasts.
    await world.text(bob, group.number, '*on');
    expect(await lastTextTo('Bob'))
      .to.match(/Friends/)
      .and.not.match(/missed/);
  });

  it('of 12,000 messages tells the last of them, and that they were more than it looks at', async () => {
    const { db } = world.runtime;
    const bob = group.phones.Bob ?? '';
    await world.text(bob, group.number, '*mute 2');
    await run(
      db,
      `INSERT INTO messages (kind, group_id, message_id, text, accepted_at)
       SELECT 'said', ?, 1 + n.n, CONCAT('Ann: Text ', 1 + n.n), NOW(3)
       FROM (SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n
         FROM (${DIGITS}) a, (${DIGITS}) b, (${DIGITS}) c, (${DIGITS} UNION SELECT 10 UNION SELECT 11) d) n`,
      [group.id],
    );
    await run(
      db,
      `INSERT INTO deliveries (message_id, person_id, number_id, state, reason, created_at)
       SELECT m.id, p.id, ?, 'skipped', 'muted', NOW(3) FROM messages m JOIN people p ON p.phone = ?
       WHERE m.group_id = ? AND m.message_id > 0 ORDER BY m.id`,
      [group.numberId, bob, group.id],
    );
    await run(db, 'UPDATE `groups` SET last_message_id = 12000 WHERE id = ?', [group.id]);
    await world.text(bob, group.number, '*on');
    expect(await lastTextTo('Bob')).to.equal(
      'You\'re getting "Friends" texts again. You missed over 10000 texts, the last 4:\nAnn: Text 11997\nAnn: Text 11998\nAnn: Text 11999\nAnn: Text 12000',
    );
  });
});

const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ');
