import { expect } from 'chai';
import { row, rows } from '../db/connect.ts';
import { startGroup } from './support/group.ts';
import { openWorld, type World } from './support/world.ts';

/** From end to end; what is said and understood in a group is in test/dialogues/spanish.txt and french.txt. */
describe('somebody is asked in their language, or that of the group', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ env: { CONSENT: 'ask' } });
  });
  after(() => world.close());

  it('by who invites them, and agrees in it; the ledger has the words of then', async () => {
    const { number, phones } = await startGroup(world, ['Ana', 'Bea'], { name: 'Coro' });
    const { Ana: ana = '' } = phones;
    const [eva, leo] = ['+14445557003', '+14445557004'];
    const last = (phone: string) => world.simulator.textsTo(phone).at(-1)?.text ?? '';
    const say = async (phone: string, to: string, text: string) => {
      await world.text(phone, to, text);
      await world.quiet();
    };
    await say(leo, world.serviceNumber, '*langue français');
    await say(ana, number, '*language group español');
    await say(ana, number, `*add Eva ${eva}, Leo ${leo}`);
    expect(last(eva)).to.match(/^Group Texting: Ana te invita.*Responde SI /);
    expect(last(leo)).to.match(/^Group Texting: Ana vous invite.*Répondez OUI /);
    const [asked, demande] = [last(eva), last(leo)];
    await say(eva, world.serviceNumber, '¡Sí!');
    await say(leo, world.serviceNumber, 'Oui');
    expect(last(eva))
      .to.match(/"Coro"/)
      .and.match(/\*adios/);
    expect(last(leo))
      .to.match(/"Coro"/)
      .and.match(/\*quitter/);
    const kept = await rows<{ kind: string; asked: string; wording: string | null }>(
      world.runtime.db,
      `SELECT c.kind, c.asked, c.wording FROM consents c JOIN people p ON p.id = c.person_id
       WHERE p.phone IN (?) AND c.about = 'membership' ORDER BY p.phone, c.id`,
      [[eva, leo]],
    );
    expect(kept).to.deep.equal([
      { kind: 'asked', asked, wording: null },
      { kind: 'consent', asked, wording: '¡Sí!' },
      { kind: 'asked', asked: demande, wording: null },
      { kind: 'consent', asked: demande, wording: 'Oui' },
    ]);
  });

  it('about a device of theirs, and agrees in it', async () => {
    const { phones } = await startGroup(world, ['Iris', 'Jo'], { name: 'Coro' });
    const { Iris: iris = '' } = phones;
    const last = () => world.simulator.textsTo(iris).at(-1)?.text ?? '';
    await world.text(iris, world.serviceNumber, '*idioma español');
    // Its answer and the question go out in any order.
    await world.quiet();
    await world.call('/device/register', { number: iris, token: 'abc', type: 'iphone' });
    await world.quiet();
    expect(last())
      .to.match(/un iPhone/)
      .and.match(/SI/);
    const asked = last();
    await world.text(iris, world.serviceNumber, 'Sí');
    await world.quiet();
    expect(last())
      .to.match(/un iPhone/)
      .and.not.equal(asked);
    const kept = await row<{ asked: string }>(
      world.runtime.db,
      "SELECT c.asked FROM consents c JOIN people p ON p.id = c.person_id WHERE p.phone = ? AND c.kind = 'consent' AND c.about = 'device'",
      [iris],
    );
    expect(kept).to.deep.equal({ asked });
  });
});
