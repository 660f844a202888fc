import { expect } from 'chai';
import { rows } from '../../db/connect.ts';
import { fanOut } from '../../engine/fanout.ts';
import { type Heard, openProgress } from '../../engine/progress.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { booksOf } from '../support/rows.ts';
import { openWorld, type World } from '../support/world.ts';

/** News of deliveries, many at a time. No worker runs: the tests tell what the carrier would. */
describe('news of deliveries', () => {
  let world: World;
  let group: TestGroup;
  const names = Array.from({ length: 31 }, (_, at) => `Member ${at}`);
  type Of = Heard['of'];

  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, names, { quiet: false });
  });
  after(() => world?.close());

  /** The first tries of a message's deliveries. */
  async function say(text: string): Promise<Of[]> {
    await world.text(group.phones['Member 0'] ?? '', group.number, text);
    const [message] = await rows<{ id: number }>(world.runtime.db, 'SELECT id FROM messages WHERE text = ?', [
      `Member 0: ${text}`,
    ]);
    await fanOut(world.runtime, [message?.id ?? 0]);
    const found = await rows<Omit<Of, 'attempt'>>(
      world.runtime.db,
      'SELECT message_id AS messageId, person_id AS personId, part FROM deliveries WHERE message_id = ? ORDER BY person_id',
      [message?.id ?? 0],
    );
    return found.map((one) => ({ ...one, attempt: 1 }));
  }

  function stateOf({ messageId, personId }: Of): Promise<{ state: string; charged: number; attempt: number }[]> {
    const at = [messageId, personId];
    return rows(
      world.runtime.db,
      'SELECT state, charged, attempt FROM deliveries WHERE message_id = ? AND person_id = ?',
      at,
    );
  }

  const accepted = (of: Of): Heard => ({
    of,
    news: { kind: 'outcome', attempt: of.attempt, verdict: 'accepted' },
    carrierId: 'uuid',
  });
  const refused = (of: Of): Heard => ({ of, news: { kind: 'outcome', attempt: of.attempt, verdict: 'failed' } });
  const reported = (of: Of, status: 'sent' | 'delivered' | 'failed', sequence: number): Heard => ({
    of,
    news: { kind: 'report', attempt: of.attempt, status, meaning: status === 'failed' ? 'failed' : null, sequence },
  });

  const stories: readonly [
    what: string,
    heard: (of: Of) => Heard[],
    news: boolean[],
    state: string,
    charged: number,
  ][] = [
    ['the answer twice', (of) => [accepted(of), accepted(of)], [true, false], 'sent', 1],
    [
      'the reports in order',
      (of) => [accepted(of), reported(of, 'sent', 1), reported(of, 'delivered', 2)],
      [true, true, true],
      'delivered',
      1,
    ],
    [
      'the reports backwards',
      (of) => [reported(of, 'delivered', 2), reported(of, 'sent', 1), accepted(of)],
      [true, false, false],
      'delivered',
      1,
    ],
    ['a failure after sent', (of) => [accepted(of), reported(of, 'failed', 2)], [true, true], 'failed', 0],
    [
      'a failure after delivered',
      (of) => [reported(of, 'delivered', 2), reported(of, 'failed', 3)],
      [true, false],
      'delivered',
      1,
    ],
    ['a refusal', (of) => [refused(of)], [true], 'failed', 0],
  ];

  it('that comes in one batch is taken in its order, and each piece says whether it was any', async () => {
    const tries = await say('One batch');
    const progress = openProgress(world.runtime);
    const told = await Promise.all(
      stories.map(([, heard], at) => Promise.all(heard(tries[at] as Of).map((one) => progress.tell(one)))),
    );
    for (const [at, [what, , news, state, charged]] of stories.entries()) {
      expect(told[at], what).to.deep.equal(news);
      expect(await stateOf(tries[at] as Of), what).to.deep.equal([{ state, charged, attempt: 1 }]);
    }
  });

  it('that comes one by one ends the same', async () => {
    const tries = await say('One by one');
    const progress = openProgress(world.runtime);
    for (const [at, [what, heard, news, state, charged]] of stories.entries()) {
      const told: boolean[] = [];
      for (const one of heard(tries[at] as Of)) told.push(await progress.tell(one));
      expect(told, what).to.deep.equal(news);
      expect(await stateOf(tries[at] as Of), what).to.deep.equal([{ state, charged, attempt: 1 }]);
    }
  });

  it('told by several processes at once is taken once, and the books agree', async () => {
    const tries = (await Promise.all(['A', 'B', 'C', 'D'].map((text) => say(`Many ${text}`)))).flat();
    expect(tries).to.have.length(4 * 30);
    const processes = [1, 2, 3].map(() => openProgress(world.runtime));
    const told = await Promise.all(
      processes.flatMap((progress, at) =>
        (at === 1 ? tries.toReversed() : tries).map((of) => progress.tell(reported(of, 'delivered', 2))),
      ),
    );
    expect(told.filter((isNews) => isNews)).to.have.length(tries.length);
    const { balance, ledger, charged, trial } = await booksOf(world, group.phones['Member 0'] ?? '');
    expect({ balance, ledger }).to.deep.equal({ balance: trial - charged, ledger: trial - charged });
    expect(charged).to.be.at.least(tries.length);
  });

  it('of a delivery that there is not is no news', async () => {
    const progress = openProgress(world.runtime);
    expect(await progress.tell(accepted({ messageId: 999_999, personId: 1, part: 0, attempt: 1 }))).to.equal(false);
  });

  it('that cannot be kept fails for who told it', async () => {
    const [of] = await say('Not kept');
    const broken = Object.assign(() => undefined, { transaction: () => Promise.reject(new Error('no database')) });
    const progress = openProgress({ ...world.runtime, db: broken as unknown as World['runtime']['db'] });
    const failed = await progress.tell(accepted(of as Of)).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failed).to.equal('no database');
  });
});
