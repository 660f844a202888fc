import { expect } from 'chai';
import { row, rows, run, transact } from '../../../db/connect.ts';
import { ensurePerson } from '../../../db/people/people.ts';
import { matchFirstTexts } from '../../../engine/delivery/first-text-halves.ts';
import { sendHeld, startSystemMessages, writeSystemMessages } from '../../../engine/delivery/system-messages.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { type Half, type Tearing, tearTransactions } from '../../support/torn.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Two first texts a day of each member, whom a trial account pays nothing. Senders run, but no clock. */
describe('a first text of which only one half was kept', () => {
  let world: World;
  let workers: Workers;
  let tearing: Tearing;
  let group: TestGroup;
  let annId: number;
  let strangers = 0;

  before(async () => {
    world = await openWorld({ workers: false, env: { FIRST_TEXTS_PER_MEMBER: '2' } });
    workers = await openWorkers(world);
    group = await startGroup(world, ['Ann', 'Bob', 'Cy']);
    tearing = tearTransactions(world.runtime.db, world.runtime.config.MYSQL_URL);
    annId = (await ensurePerson(world.runtime.db, group.phones.Ann ?? '', new Date())).id;
  });
  beforeEach(() => run(world.runtime.db, 'DELETE FROM first_texts'));
  after(async () => {
    await workers?.close();
    await world?.close();
    await tearing?.close();
  });

  /** Ann causes a text to somebody who knows nothing of us; returns their phone. */
  async function welcome(keep: Half | null = null): Promise<string> {
    const phone = `+1446555${1000 + ++strangers}`;
    const { id: personId } = await ensurePerson(world.runtime.db, phone, new Date());
    const { numberId } = group;
    const to = [{ personId, membershipId: null, numberId }];
    if (keep !== null) tearing.next({ keep, writes: ['first_texts', 'messages'] });
    const ids = await transact(world.runtime.db, (tx) =>
      writeSystemMessages(world.runtime, tx, {
        cause: { by: 'member', personId: annId },
        messages: [{ groupId: group.id, text: `Welcome ${phone}`, to, urgent: false }],
        now: new Date(),
      }),
    ).catch((error) => {
      if (keep === null) throw error;
      return [];
    });
    await startSystemMessages(world.runtime, ids);
    return phone;
  }

  const counted = async () =>
    (
      await rows<{ waits: number }>(
        world.runtime.db,
        'SELECT retry_at IS NOT NULL AS waits FROM first_texts ORDER BY id',
      )
    ).map(({ waits }) => (waits === 1 ? 'waits' : 'counts'));
  const held = async () =>
    (await row<{ count: number }>(world.runtime.db, 'SELECT COUNT(*) AS count FROM messages WHERE pending = 3'))?.count;
  const match = () => matchFirstTexts(world.runtime, -1_000);
  const passDay = () =>
    run(
      world.runtime.db,
      'UPDATE first_texts SET counted_at = counted_at - INTERVAL 25 HOUR, retry_at = retry_at - INTERVAL 25 HOUR',
    );

  it('counts no more where it was counted, and its message is not there', async () => {
    await world.inbox(await welcome(), 1);
    await welcome('first');
    expect(await counted()).to.deep.equal(['counts', 'counts']);
    expect([await match(), await match()]).to.deep.equal([1, 0]);
    expect(await counted()).to.deep.equal(['counts']);
    await world.inbox(await welcome(), 1);
    expect([await held(), await match()]).to.deep.equal([0, 0]);
  });

  it('goes out when there is room where it waits, and its budget does not know of it', async () => {
    await welcome();
    await welcome();
    const phone = await welcome('groups');
    expect([await counted(), await held(), await sendHeld(world.runtime)]).to.deep.equal([['counts', 'counts'], 1, 0]);
    expect([await match(), await match()]).to.deep.equal([1, 0]);
    expect(await counted()).to.deep.equal(['counts', 'counts', 'waits']);
    await passDay();
    expect(await sendHeld(world.runtime)).to.equal(1);
    await world.inbox(phone, 1);
    expect([await held(), await match()]).to.deep.equal([0, 0]);
  });

  for (const keep of ['first', 'groups'] as const)
    it(`goes out once, and counts once, where its release was torn and ${keep === 'first' ? 'the count' : 'the message'} stayed`, async () => {
      await welcome();
      await welcome();
      const phone = await welcome();
      expect([await counted(), await held()]).to.deep.equal([['counts', 'counts', 'waits'], 1]);
      await passDay();
      tearing.next({ keep, writes: ['first_texts', 'messages'] });
      const before = tearing.count();
      await sendHeld(world.runtime).then(
        () => expect.fail('it was torn'),
        () => undefined,
      );
      expect(tearing.count()).to.equal(before + 1);
      await match();
      await sendHeld(world.runtime);
      expect([await counted(), await held()]).to.deep.equal([['counts', 'counts', 'counts'], 0]);
      if (keep === 'groups') await startSystemMessages(world.runtime, [await lastMessage()]);
      await world.inbox(phone, 1);
      await world.quiet();
      expect(world.textsTo(phone)).to.have.length(1);
    });

  async function lastMessage(): Promise<number> {
    return (await row<{ id: number }>(world.runtime.db, 'SELECT MAX(id) AS id FROM messages'))?.id ?? 0;
  }
});
