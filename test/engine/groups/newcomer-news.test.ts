import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('news of newcomers', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** Ann owns it, and wants to hear of newcomers. */
  async function open(): Promise<TestGroup & { sid: string }> {
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '461' });
    const sid = await openSid(world, group.phones.Ann ?? '');
    await world.call('/group/set', { sid, number: group.number, notify_on_add: 1 });
    return { ...group, sid };
  }
  const phoneAt = (at: number) => `+1462555${1000 + at}`;
  const add = async ({ sid, number }: { sid: string; number: string }, name: string, phone: string) =>
    expect((await world.call('/member/add', { sid, group: number, name, number: phone })).body.status).to.equal('OK');
  const newsTo = (phone: string) =>
    world.textsTo(phone).flatMap(({ text }) => (/^(New in "|.* (added|joined) .*"\.$)/.test(text) ? [text] : []));
  /** The five minutes are over. */
  async function pass({ id }: TestGroup): Promise<void> {
    const { db } = world.runtime;
    await run(db, 'UPDATE newcomer_news SET due_at = due_at - INTERVAL 5 MINUTE WHERE group_id = ?', [id]);
    await run(db, 'UPDATE `groups` SET news_kept_until = news_kept_until - INTERVAL 5 MINUTE WHERE id = ?', [id]);
    const waiting = () => row(db, 'SELECT 1 FROM newcomer_news WHERE group_id = ?', [id]);
    // The clock sends them.
    for (let found = await waiting(); found !== undefined; found = await waiting())
      await new Promise((resolve) => setTimeout(resolve, 20));
    await world.quiet();
  }

  it('go out at once for the first, and in one text for those of the next five minutes', async () => {
    const group = await open();
    const bob = group.phones.Bob ?? '';
    await add(group, 'Cid', phoneAt(1));
    await add(group, 'Dee', phoneAt(2));
    await add(group, 'Eve', phoneAt(3));
    await add(group, 'Flo', phoneAt(4));
    await world.call('/member/remove', { sid: group.sid, group: group.number, number: phoneAt(4) });
    await world.quiet();
    expect(newsTo(bob)).to.deep.equal(['Ann added Cid to "Friends".']);
    await pass(group);
    expect(newsTo(bob)).to.deep.equal(['Ann added Cid to "Friends".', 'New in "Friends": Dee, Eve.']);
    expect(newsTo(phoneAt(1))).to.deep.equal(['New in "Friends": Dee, Eve.']);
    expect(newsTo(phoneAt(2)), 'who came before is no news').to.deep.equal(['Ann added Eve to "Friends".']);
    expect(newsTo(phoneAt(3))).to.deep.equal([]);
    expect(newsTo(group.phones.Ann ?? ''), 'the one who added them knows').to.deep.equal([]);
    await add(group, 'Gus', phoneAt(5));
    await world.quiet();
    expect(newsTo(bob).at(-1)).to.equal('Ann added Gus to "Friends".');
  });

  it('of a text and of calls are one', async () => {
    const group = await open();
    const bob = group.phones.Bob ?? '';
    await world.text(group.phones.Ann ?? '', group.number, `*add Hal ${phoneAt(11)}, Ida ${phoneAt(12)}`);
    await add(group, 'Jim', phoneAt(13));
    await world.quiet();
    await pass(group);
    expect(newsTo(bob)).to.deep.equal(['Ann added Hal to "Friends".', 'New in "Friends": Ida, Jim.']);
  });

  it('are dropped where the group ended, or does not want them any more', async () => {
    const [ended, silent] = [await open(), await open()];
    for (const [at, group] of [ended, silent].entries()) {
      await add(group, 'Kim', phoneAt(21 + 10 * at));
      await add(group, 'Leo', phoneAt(22 + 10 * at));
    }
    await world.call('/group/delete', { sid: ended.sid, number: ended.number });
    await world.call('/group/set', { sid: silent.sid, number: silent.number, notify_on_add: 0 });
    for (const group of [ended, silent]) {
      await pass(group);
      expect(newsTo(group.phones.Bob ?? '')).to.deep.equal(['Ann added Kim to "Friends".']);
    }
  });
});
