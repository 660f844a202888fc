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
});
