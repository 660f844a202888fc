import { expect } from 'chai';
import { rows, run } from '../../../db/connect.ts';
import { holdText } from '../../../db/messages/held-texts.ts';
import { purge } from '../../../engine/groups/purge.ts';
import { startGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('what is kept no longer than it is good for', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  it('drops what tells of a call after a day', async () => {
    const { db } = world.runtime;
    const [old, young] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    await run(
      db,
      'INSERT INTO done_calls (token, created_at) VALUES (?, NOW(3) - INTERVAL 25 HOUR), (?, NOW(3) - INTERVAL 23 HOUR)',
      [old, young],
    );
    await purge(world.runtime);
    const left = await rows<{ token: Buffer }>(db, 'SELECT token FROM done_calls WHERE token IN (?)', [[old, young]]);
    expect(left.map(({ token }) => token)).to.deep.equal([young]);
  });

  it('drops texts that were held back a day ago', async () => {
    const { db } = world.runtime;
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    const members = await rows<{ id: number }>(db, 'SELECT id FROM memberships WHERE group_id = ? ORDER BY id', [
      group.id,
    ]);
    const [old = 0, young = 0] = members.map(({ id }) => id);
    const [dayAgo, hourAgo] = [new Date(Date.now() - 25 * 3_600_000), new Date(Date.now() - 3_600_000)];
    await holdText(db, { memberId: old, text: 'Wrong number', now: dayAgo });
    await holdText(db, { memberId: young, text: 'Wrong number', now: hourAgo });
    await purge(world.runtime);
    const left = await rows<{ id: number }>(db, 'SELECT member_id AS id FROM held_texts WHERE member_id IN (?)', [
      [old, young],
    ]);
    expect(left.map(({ id }) => id)).to.deep.equal([young]);
  });
});
