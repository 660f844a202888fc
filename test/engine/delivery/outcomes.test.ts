import { expect } from 'chai';
import fc from 'fast-check';
import { rows, run } from '../../../db/connect.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import type { Outcome } from '../../../engine/delivery/outcome.ts';
import { openOutcomes } from '../../../engine/delivery/outcomes.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { writeAttemptLog } from '../../../engine/rules/attempt-log.ts';
import { advance, type DeliveryNow, newDelivery } from '../../../engine/rules/status.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { booksOf, messageOf } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { statementsOf } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

/** News of deliveries, many at a time. No worker runs: the tests tell what the carrier would. */
describe('news of deliveries', () => {
  let world: World;
  let group: TestGroup;
  const names = Array.from({ length: 31 }, (_, at) => `Member ${at}`);
  type Of = Outcome['of'];

  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, names, { quiet: false });
  });
  after(() => world?.close());

  /** Records outcomes one by one; those of one instant are written together. */
  function openRecorder(runtime: Runtime): { record(outcome: Outcome): Promise<boolean> } {
    const outcomes = openOutcomes(runtime);
    return { record: async (outcome) => (await outcomes.record({ outcomes: [outcome] }))[0] ?? false };
  }

  /** The first tries of a message's deliveries. */
  async function say(text: string): Promise<Of[]> {
    await world.text(group.phones['Member 0'] ?? '', group.number, text);
    const messageId = await messageOf(world, `Member 0: ${text}`);
    await fanOut(world.runtime, [messageId]);
    const found = await rows<Omit<Of, 'attempt'>>(
      world.runtime.db,
      'SELECT message_id AS messageId, person_id AS personId, part FROM deliveries WHERE message_id = ? ORDER BY person_id',
      [messageId],
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

  const accepted = (of: Of): Outcome => ({
    of,
    event: { kind: 'outcome', attempt: of.attempt, verdict: 'accepted' },
    carrierId: 'uuid',
  });
  const refused = (of: Of): Outcome => ({ of, event: { kind: 'outcome', attempt: of.attempt, verdict: 'failed' } });
  const reported = (of: Of, status: 'sent' | 'delivered' | 'failed', sequence: number): Outcome => ({
    of,
    event: { kind: 'report', attempt: of.attempt, status, meaning: status === 'failed' ? 'failed' : null, sequence },
  });

  const stories: readonly [
    what: string,
    heard: (of: Of) => Outcome[],
    event: boolean[],
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

  it('that cannot be written fails alone: all others of the same instant are recorded', async () => {
    const tries = await say('One bad');
    const recorder = openRecorder(world.runtime);
    const told = await Promise.allSettled(
      tries.slice(0, 5).map((of, at) =>
        // No column holds that code.
        recorder.record({ ...reported(of, 'failed', 2), errorCode: at === 2 ? 5_000_000_000 : 70_000 }),
      ),
    );
    expect(told.map(({ status }) => status)).to.deep.equal([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    const codes = await rows<{ code: number | null }>(
      world.runtime.db,
      'SELECT error_code AS code FROM deliveries WHERE message_id = ? ORDER BY person_id LIMIT 5',
      [tries[0]?.messageId ?? 0],
    );
    expect(codes.map(({ code }) => code)).to.deep.equal([70_000, 70_000, null, 70_000, 70_000]);
  });

  it('that comes in one batch is taken in its order, and each piece says whether it was any', async () => {
    const tries = await say('One batch');
    const recorder = openRecorder(world.runtime);
    const told = await Promise.all(
      stories.map(([, heard], at) => Promise.all(heard(tries[at] as Of).map((one) => recorder.record(one)))),
    );
    for (const [at, [what, , event, state, charged]] of stories.entries()) {
      expect(told[at], what).to.deep.equal(event);
      expect(await stateOf(tries[at] as Of), what).to.deep.equal([{ state, charged, attempt: 1 }]);
    }
  });

  it('that comes one by one ends the same', async () => {
    const tries = await say('One by one');
    const recorder = openRecorder(world.runtime);
    for (const [at, [what, heard, event, state, charged]] of stories.entries()) {
      const told: boolean[] = [];
      for (const one of heard(tries[at] as Of)) told.push(await recorder.record(one));
      expect(told, what).to.deep.equal(event);
      expect(await stateOf(tries[at] as Of), what).to.deep.equal([{ state, charged, attempt: 1 }]);
    }
  });

  it('ends as the rules say, whatever comes in whatever order, by the short way or the long one', async () => {
    const status = fc.constantFrom('queued' as const, 'sent' as const, 'delivered' as const, 'undelivered' as const);
    const report = fc.record({ status, sequence: fc.option(fc.nat(4), { nil: null }) });
    const history = fc.array(fc.oneof(report, fc.constant('accepted' as const)), { minLength: 1, maxLength: 5 });
    const tries = (await Promise.all(['P', 'Q', 'R'].map((text) => say(`Any ${text}`)))).flat();
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 6 }), async (histories) => {
        const mine = tries.splice(0, histories.length);
        const recorder = openRecorder(world.runtime);
        const ends = await Promise.all(
          histories.map(async (event, at) => {
            const of = mine[at] as Of;
            let known: DeliveryNow = newDelivery;
            for (const one of event) {
              const told = one === 'accepted' ? accepted(of) : { ...reported(of, 'sent', 0), carrierId: 'uuid' };
              if (one !== 'accepted') told.event = { kind: 'report', attempt: 1, meaning: null, ...one };
              const step = advance({ delivery: known, event: told.event, maxAttempts: 6, ageMs: 0 });
              known = step.next;
              expect(await recorder.record(told), JSON.stringify(event)).to.equal(step.changed);
            }
            return { state: known.state, attemptLog: writeAttemptLog(known.attemptLog) };
          }),
        );
        for (const [at, end] of ends.entries()) {
          const [row] = await rows<{ state: string; attemptLog: string; hasEnd: number }>(
            world.runtime.db,
            'SELECT state, attempt_log AS attemptLog, ended_at IS NOT NULL AS hasEnd FROM deliveries WHERE message_id = ? AND person_id = ?',
            [mine[at]?.messageId ?? 0, mine[at]?.personId ?? 0],
          );
          const hasEnd = Number(end.state === 'delivered' || end.state === 'undelivered');
          expect(row, JSON.stringify(histories[at])).to.deep.equal({ ...end, hasEnd });
        }
      }),
      { numRuns: 12 },
    );
  });

  it('that everything has arrived takes one statement, except where somebody’s failures are counted anew', async () => {
    const tries = await say('All arrived');
    const recorder = openRecorder(world.runtime);
    await Promise.all(tries.map((of) => recorder.record(accepted(of))));
    await run(world.runtime.db, 'UPDATE memberships SET unreachable = 2 WHERE group_id = ? AND person_id = ?', [
      group.id,
      tries[3]?.personId ?? 0,
    ]);
    const arrived = (of: Of): Outcome => ({ ...reported(of, 'delivered', 2), carrierId: 'uuid' });
    const asked = await statementsOf(() =>
      Promise.all(tries.filter((_, at) => at !== 3).map((of) => recorder.record(arrived(of)))),
    );
    expect(asked).to.have.length(1);
    expect(await recorder.record(arrived(tries[3] as Of))).to.equal(true);
    for (const of of tries) expect(await stateOf(of)).to.deep.equal([{ state: 'delivered', charged: 1, attempt: 1 }]);
    const counted = 'SELECT SUM(unreachable) AS unreachable FROM memberships WHERE group_id = ?';
    expect(await rows(world.runtime.db, counted, [group.id])).to.deep.equal([{ unreachable: 0 }]);
  });

  it('told by several processes at once is taken once, and the books agree', async () => {
    const tries = (await Promise.all(['A', 'B', 'C', 'D'].map((text) => say(`Many ${text}`)))).flat();
    expect(tries).to.have.length(4 * 30);
    const processes = [1, 2, 3].map(() => openRecorder(world.runtime));
    const told = await Promise.all(
      processes.flatMap((recorder, at) =>
        (at === 1 ? tries.toReversed() : tries).map((of) => recorder.record(reported(of, 'delivered', 2))),
      ),
    );
    expect(told.filter((isNews) => isNews)).to.have.length(tries.length);
    const { balance, ledger, charged, trial } = await booksOf(world, group.phones['Member 0'] ?? '');
    expect({ balance, ledger }).to.deep.equal({ balance: trial - charged, ledger: trial - charged });
    expect(charged).to.be.at.least(tries.length);
  });

  it('with an error code that is longer than any known one is kept', async () => {
    const [of] = await say('Odd code');
    const recorder = openRecorder(world.runtime);
    await recorder.record(accepted(of as Of));
    const odd: Outcome = { ...reported(of as Of, 'failed', 2), carrierId: 'uuid', errorCode: 999_999_999 };
    expect(await recorder.record(odd)).to.equal(true);
    expect((await stateOf(of as Of))[0]).to.include({ state: 'failed' });
  });

  it('of a delivery that there is not is no news', async () => {
    const recorder = openRecorder(world.runtime);
    expect(await recorder.record(accepted({ messageId: 999_999, personId: 1, part: 0, attempt: 1 }))).to.equal(false);
  });

  it('that cannot be kept fails for who told it', async () => {
    const [of] = await say('Not kept');
    const client = { acquireConnection: () => Promise.reject(new Error('no database')) };
    const broken = Object.assign(() => undefined, { client });
    const recorder = openRecorder(runtimeWith(world.runtime, { db: broken as unknown as World['runtime']['db'] }));
    const failed = await recorder.record(accepted(of as Of)).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failed).to.equal('no database');
  });
});
