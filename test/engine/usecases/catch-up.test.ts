import { expect } from 'chai';
import { row } from '../../../db/connect.ts';
import { forgetPerson, whyNotForget } from '../../../engine/people/forget.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('what is pinned in a group', () => {
  let world: World;
  let group: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers', quiet: false });
    sids = { ann: await openSid(world, phoneOf('Ann')), bob: await openSid(world, phoneOf('Bob')) };
  });
  after(() => world.close());

  const phoneOf = (name: string) => group.phones[name] ?? '';
  const set = async (sid: string, pinned: string) =>
    (await world.call('/group/set', { sid, number: group.number, pinned })).body;
  const send = async (sid: string, message: string) =>
    (await world.call('/message/send', { sid, number: group.number, message })).body.reply as string;
  const shown = async (sid: string) => {
    const { body } = await world.call('/member/groups', { sid });
    return (body.groups as { pinned: string }[])[0]?.pinned;
  };

  it('is set and taken away by the owner’s call, and shown to members', async () => {
    expect(await shown(sids.bob)).to.equal('');
    expect(await set(sids.ann, 'Sundays at 7')).to.include({ status: 'OK' });
    expect(await shown(sids.bob)).to.equal('Sundays at 7');
    expect(await set(sids.bob, 'Mondays')).to.include({ error_type: 'NOT_OWNER' });
    expect(await set(sids.ann, 'x'.repeat(201))).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'pinned' });
    expect(await shown(sids.bob)).to.equal('Sundays at 7');
    expect(await set(sids.ann, '')).to.include({ status: 'OK' });
    expect(await shown(sids.ann)).to.equal('');
  });

  it('is not shown to who has left', async () => {
    await set(sids.ann, 'Sundays at 7');
    await send(sids.bob, '*bye');
    expect(await shown(sids.bob)).to.equal('');
    await send(sids.bob, '*hi');
    expect(await shown(sids.bob)).to.equal('Sundays at 7');
  });

  it('goes with who said it, where they are forgotten, and no roster has it any more', async () => {
    await send(sids.bob, 'I live at 5 Elm St');
    expect(await send(sids.ann, '*pin')).to.include('Bob: I live at 5 Elm St');
    const { db } = world.runtime;
    const found = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [phoneOf('Bob')]);
    const personId = found?.id ?? 0;
    expect(await whyNotForget(db, personId)).to.equal(null);
    const now = new Date();
    const one = { personId, phone: phoneOf('Bob'), hidden: 'x'.repeat(16), since: now, reason: null, now };
    expect(await forgetPerson(db, one)).to.include({ pinned: 1 });
    expect(await shown(sids.ann)).to.equal('');
    expect(await send(sids.ann, '*pinned')).to.match(/^Nothing is pinned/);
  });
});
