import { expect } from 'chai';
import { row, run } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002' };

describe('one text for several, by calls', () => {
  let world: World;
  let choir: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld({ workers: false });
    choir = await startGroup(world, ['Ann', 'Bob'], { name: 'Choir', phones, quiet: false });
    sids = { ann: await openSid(world, phones.Ann), bob: await openSid(world, phones.Bob) };
  });
  after(() => world?.close());

  const shown = async (sid: string) => {
    const { body } = await world.call('/member/groups', { sid });
    const { batches, batch } = (body.groups as Params[])[0] ?? {};
    return { batches, batch };
  };
  const flags = () =>
    row(world.runtime.db, 'SELECT batches, hot, bundling FROM `groups` WHERE id = ?', [choir.id]) as Promise<unknown>;

  itRefuses('/group/set', () => world, [
    ['batches is no flag', () => ({ sid: sids.ann, number: choir.number, batches: 2 }), 'BAD_REQUEST', 'batches', 400],
    ['it is not the owner who sets batches', () => ({ sid: sids.bob, number: choir.number, batches: 1 }), 'NOT_OWNER'],
  ]);
  itRefuses('/member/set', () => world, [
    ['batch is no choice', () => ({ sid: sids.bob, group: choir.number, batch: 'no' }), 'BAD_REQUEST', 'batch', 400],
    [
      'the owner chooses for another member',
      () => ({ sid: sids.ann, group: choir.number, number: phones.Bob, batch: 'batch' }),
      'NOT_OWNER',
    ],
  ]);

  it('is off as it comes, and each member may choose for themself', async () => {
    expect(await shown(sids.bob)).to.deep.equal({ batches: 0, batch: '' });
    for (const batch of ['batch', 'live', '']) {
      await world.call('/member/set', { sid: sids.bob, group: choir.number, batch });
      expect(await shown(sids.bob)).to.deep.equal({ batches: 0, batch });
    }
    expect(await shown(sids.ann)).to.deep.equal({ batches: 0, batch: '' });
  });

  it('turned off while the group is busy, it is busy no more', async () => {
    await world.call('/group/set', { sid: sids.ann, number: choir.number, batches: 1 });
    expect((await shown(sids.bob)).batches).to.equal(1);
    await run(world.runtime.db, 'UPDATE `groups` SET hot = 1 WHERE id = ?', [choir.id]);
    await world.call('/group/set', { sid: sids.ann, number: choir.number, batches: 0 });
    expect(await flags()).to.deep.equal({ batches: 0, hot: 0, bundling: 1 });
  });
});
