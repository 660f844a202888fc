import { expect } from 'chai';
import { run } from '../../../db/connect.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Phones that answer every text at once, each time in other words. */
describe('two machines in a group', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ env: { LOOP_ANSWERS: '10' } });
  });
  after(() => world.close());

  /** The time between two texts is what a test says, however slow this machine is: all that was said is so old. */
  async function age({ id }: TestGroup, seconds: number): Promise<void> {
    const { db } = world.runtime;
    await run(db, 'UPDATE messages SET accepted_at = NOW(3) - INTERVAL ? SECOND WHERE group_id = ?', [seconds, id]);
    await run(db, 'UPDATE inbound_texts SET received_at = NOW(3) - INTERVAL ? SECOND', [seconds]);
  }

  type Say = (words: string) => Promise<unknown>;
  /** Each answers what it gets, until one gets nothing. Returns how many texts reached the other. */
  async function talk(group: TestGroup, [bob, cy]: [Say, Say], seconds = 0): Promise<number> {
    const heard = [group.phones.Bob ?? '', group.phones.Cy ?? ''];
    for (let at = 0; at < 15; at++) {
      const to = heard[(at + 1) % 2] ?? '';
      const before = world.textsTo(to).length;
      await age(group, seconds);
      await (at % 2 === 0 ? bob : cy)(`I am away until ${at} o'clock`);
      await world.quiet();
      if (world.textsTo(to).length === before) return at;
    }
    return 15;
  }
  const byText =
    ({ phones, number }: TestGroup, name: string): Say =>
    (words) =>
      world.text(phones[name] ?? '', number, words);
  const open = () => startGroup(world, ['Ann', 'Bob', 'Cy'], { areaCode: '463' });

  it('are stopped when they have answered each other ten times, and the owner is told once', async () => {
    const group = await open();
    const talkBoth: [Say, Say] = [byText(group, 'Bob'), byText(group, 'Cy')];
    expect(await talk(group, talkBoth)).to.equal(10);
    const told = world.textsTo(group.phones.Ann ?? '').map(({ text }) => text);
    expect(told.filter((text) => text.includes('keep answering each other'))).to.deep.equal([
      'The phones of Bob and Cy keep answering each other in "Friends", like auto-replies. We\'ve stopped passing those on.',
    ]);
    expect(told.filter((text) => text.includes('away until'))).to.have.length(10);
  });

  it('are stopped where they call, and the call is told so', async () => {
    const group = await open();
    const sids = [await openSid(world, group.phones.Bob ?? ''), await openSid(world, group.phones.Cy ?? '')];
    let last: Awaited<ReturnType<World['call']>> | undefined;
    const byCall =
      (sid = ''): Say =>
      async (message) => {
        last = await world.call('/message/send', { sid, number: group.number, message });
      };
    expect(await talk(group, [byCall(sids[0]), byText(group, 'Cy')])).to.equal(10);
    expect(last?.body).to.deep.include({ error_type: 'UNAVAILABLE', error_subtype: 'flood' });
    expect(last?.headers.get('retry-after')).to.equal('5');
    expect((await world.call('/message/send', { sid: sids[0], number: group.number, message: '*who' })).http).to.equal(
      200,
    );
  });

  it('are people where they take their time', async () => {
    const group = await open();
    expect(await talk(group, [byText(group, 'Bob'), byText(group, 'Cy')], 6)).to.equal(15);
  });
});
