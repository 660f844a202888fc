import { expect } from 'chai';
import { rows, run } from '../../../db/connect.ts';
import { purge } from '../../../engine/groups/purge.ts';
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
});
