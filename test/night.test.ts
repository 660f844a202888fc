import { expect } from 'chai';
import { run } from '../db/connect.ts';
import { wallTimeAt } from '../engine/rules/wall-clock.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003', Dan: '+14445550004' };
const zoneAt = (hour: number) =>
  Intl.supportedValuesOf('timeZone').find((zone) => new Date(wallTimeAt(Date.now(), zone)).getUTCHours() === hour);

describe('a text that waits for the morning', () => {
  let world: World;
  let club: TestGroup;
  let sids: Record<string, string>;
  const setZone = async (name: string, hour: number) => {
    const { body } = await world.call('/member/set', { sid: sids[name], group: club.number, zone: zoneAt(hour) });
    expect(body.status).to.equal('OK');
  };
  /** A number without a zone of its own may be in any of the country's, which leaves no hour for some who are far away. */
  const settle = async (name: string, phone: string) => {
    sids[name] = await openSid(world, phone);
    await setZone(name, 12);
  };
  const heard = (phone: string) => world.textsTo(phone).map(({ text }) => text);

  before(async () => {
    world = await openWorld();
    club = await startGroup(world, Object.keys(phones), { name: 'Club', phones, replyToOwner: true });
    sids = Object.fromEntries(
      await Promise.all(Object.entries(phones).map(async ([name, phone]) => [name, await openSid(world, phone)])),
    );
    await world.call('/group/set', { sid: sids.Ann, number: club.number, hours: '8-21' });
    for (const name of ['Ann', 'Bob', 'Dan']) await setZone(name, 12);
    await setZone('Cid', 2);
  });
  after(() => world?.close());

  it('goes to nobody who said STOP, left or was removed in the night, and to all others', async () => {
    const eve = '+14445550005';
    await world.call('/member/add', { sid: sids.Ann, group: club.number, name: 'Eve', number: eve });
    await settle('Eve', eve);
    await world.text(phones.Ann, club.number, 'Practice at 6');
    await world.quiet();
    expect(heard(phones.Ann).at(-1)).to.match(/^It's too early or late for 1 person in "Club"/);
    for (const phone of [phones.Bob, phones.Cid, phones.Dan]) expect(heard(phone)).not.to.include('Ann: Practice at 6');
    await world.text(phones.Dan, club.number, 'STOP');
    await world.text(eve, club.number, '*bye');
    await world.text(phones.Ann, club.number, '*add Fay +14445550006');
    await world.quiet();
    await settle('Fay', '+14445550006');

    // It is morning for Cid.
    await setZone('Cid', 12);
    await run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE ended_at IS NULL');
    const late = (await world.inbox(phones.Cid, heard(phones.Cid).length + 1)).at(-1);
    expect(late?.text).to.equal('Ann: Practice at 6');
    await world.quiet();
    for (const phone of [phones.Bob, '+14445550006']) expect(heard(phone).at(-1)).to.equal('Ann: Practice at 6');
    for (const phone of [phones.Dan, eve]) expect(heard(phone)).not.to.include('Ann: Practice at 6');
    expect(world.texts().filter(({ text }) => text === 'Ann: Practice at 6')).to.have.length(3);
  });

  it('goes to who said STOP in the night and START before the morning', async () => {
    await setZone('Cid', 2);
    await world.text(phones.Ann, club.number, 'Practice at 7');
    await world.text(phones.Bob, club.number, 'STOP');
    await world.text(phones.Bob, club.number, 'START');
    await world.quiet();
    await setZone('Cid', 12);
    await run(world.runtime.db, 'UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE ended_at IS NULL');
    await world.inbox(phones.Cid, heard(phones.Cid).length + 1);
    await world.quiet();
    expect(heard(phones.Bob).at(-1)).to.equal('Ann: Practice at 7');
  });
});
