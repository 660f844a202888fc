import { expect } from 'chai';
import { row, rows } from '../../../db/connect.ts';
import { findNext } from '../../../db/deliveries/batches.ts';
import { readMessageSheet } from '../../../db/messages/message-sheet.ts';
import { startGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('messages of no group', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world?.close());

  it('are of group 0, so that each message says where it belongs, and no group is shown for them', async () => {
    const group = await startGroup(world, ['Ann', 'Bob']);
    await world.logIn(group.phones.Ann ?? '');
    await world.text(group.phones.Bob ?? '', group.number, 'Hi');
    await world.quiet();
    const found = await rows<{ id: number; groupId: number | null }>(
      world.runtime.db,
      'SELECT MIN(id) AS id, group_id AS groupId FROM messages GROUP BY group_id ORDER BY group_id',
    );
    expect(found.map(({ groupId }) => groupId)).to.deep.equal([0, group.id]);
    expect(await readMessageSheet(world.runtime.db, found[0]?.id ?? 0)).to.include({ groupId: null, group: null });
  });

  it('do not follow each other as those of a group do', async () => {
    const phones = ['+14475550001', '+14475550002'];
    for (const number of phones) await world.call('/group/create', { group: 'G', name: 'Max', number });
    const first = await row<{ id: number; numberId: number }>(
      world.runtime.db,
      `SELECT m.id, d.number_id AS numberId FROM messages m JOIN deliveries d ON d.message_id = m.id WHERE m.group_id = 0 ORDER BY m.id LIMIT 1`,
    );
    if (first === undefined) throw new Error('nothing was sent from no group');
    await world.runtime.db.raw(
      `INSERT INTO batches (message_id, id, number_id, cost, due_at, slot_at) SELECT MAX(id), 1, ?, 0, NOW(3) + INTERVAL 1 HOUR, NOW(3) FROM messages`,
      [first.numberId],
    );
    const next = await findNext(world.runtime.db, { messageId: first.id, numberId: first.numberId, limit: 10 });
    await world.runtime.db.raw('DELETE FROM batches');
    expect(next).to.deep.equal([]);
  });
});
