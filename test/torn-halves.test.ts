import { expect } from 'chai';
import fc from 'fast-check';
import { DatabaseUnavailable, row, rows } from '../db/connect.ts';
import { freeReserved } from '../engine/billing/reserved.ts';
import { fanOut } from '../engine/delivery/fanout.ts';
import type { Outcome } from '../engine/delivery/outcome.ts';
import { openOutcomes, type Recording } from '../engine/delivery/outcomes.ts';
import { squarePaid } from '../engine/delivery/paid-messages.ts';
import { receive } from '../engine/usecases/receive.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { runtimeWith } from './support/runtime.ts';
import { type Half, type Tearing, tearTransactions } from './support/torn.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * Texts are accepted, go out, and are reported on, while of any transaction on groups and money only one half may be kept. Who is told
 * nothing of a COMMIT does what they would: the carrier brings its text or report again, a sender records again, or dies and another
 * does. Then every text is there once, and money is what the deliveries say. `TORN_SEED=…` repeats a run.
 */
const seed = Number(process.env.TORN_SEED ?? Math.floor(Math.random() * 2 ** 31));

type Step = {
  does: 'say' | 'send' | 'failed' | 'undelivered';
  who: number;
  /** What is kept of the transactions of this step, one after the other; null is all. */
  kept: (Half | null)[];
  /** The process that was told nothing does not live to try again. */
  dies: boolean;
};
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('say' as const, 'say' as const, 'send' as const, 'send' as const, 'failed', 'undelivered'),
  who: fc.nat(2),
  kept: fc.array(fc.constantFrom<(Half | null)[]>('groups', 'first', null), { maxLength: 3 }),
  dies: fc.boolean(),
});

const NAMES = ['Ann', 'Bob', 'Cid'];

describe('whichever halves are kept', () => {
  let world: World;
  let tearing: Tearing;
  before(async () => {
    world = await openWorld({ workers: false, env: { TRIAL_BALANCE: '100000' } });
    tearing = tearTransactions(world.runtime.db, world.runtime.config.MYSQL_URL);
  });
  after(async () => {
    await world?.close();
    await tearing?.close();
  });

  it(`every text is one message, and is paid once (TORN_SEED=${seed})`, async () => {
    const end = Date.now() + 10_000;
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      // What fast-check interrupts goes on in the background: so the time is kept here.
      if (tearing.count() > 10 && Date.now() > end) return;
      const story = await openStory(world);
      for (const one of steps) {
        const kept = [...one.kept];
        tearing.each(() => kept.shift() ?? null);
        await story.perform(one);
      }
      tearing.each(null);
      await story.perform({ does: 'send', who: 0, kept: [], dies: false });
      await story.check();
    });
    await fc.assert(property, { seed, numRuns: 200, endOnFailure: true });
    expect(tearing.count()).to.be.greaterThan(10);
  });
});

let stories = 0;

async function openStory(world: World) {
  const { db } = world.runtime;
  const group: TestGroup = await startGroup(world, NAMES, { name: `Story ${++stories}`, quiet: false });
  const said: string[] = [];
  let sequence = 1;

  /** Until nobody is told that it failed. */
  async function insist(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      const isDone = await work().then(
        () => true,
        (error: unknown) => {
          if (error instanceof DatabaseUnavailable) return false;
          throw error;
        },
      );
      if (isDone) return;
    }
    expect.fail('it cannot be done');
  }

  async function record({ outcomes, ends }: Recording, dies: boolean): Promise<void> {
    let runtime = world.runtime;
    const recording = { outcomes, ...(ends && { ends }) };
    await insist(() => {
      const recorded = runtime.use(openOutcomes).record(dies ? { ...recording } : recording);
      if (dies) runtime = runtimeWith(world.runtime, {});
      return recorded;
    });
  }

  async function say({ who }: Step): Promise<void> {
    const text = `Words ${stories}.${said.length}`;
    said.push(text);
    const from = group.phones[NAMES[who] ?? ''] ?? '';
    const inbound = { carrierId: `story-${text}`, from, to: group.number, text, media: [], intent: null };
    await insist(() => receive(world.runtime, inbound, world.runtime));
  }

  async function send({ dies }: Step): Promise<void> {
    const unwritten = await rows<{ id: number }>(db, 'SELECT id FROM messages WHERE group_id = ? AND pending = 1', [
      group.id,
    ]);
    const ids = unwritten.map(({ id }) => id);
    if (ids.length > 0) await insist(() => fanOut(world.runtime, ids));
    const found = await rows<Sent>(
      db,
      `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.cost, d.batch, m.payer_id AS accountId, m.held
       FROM deliveries d JOIN messages m ON m.id = d.message_id
       WHERE m.group_id = ? AND m.kind = 'said' AND d.state = 'queued' AND d.batch IS NOT NULL`,
      [group.id],
    );
    for (const messageId of new Set(found.map((one) => one.messageId))) {
      const own = found.filter((one) => one.messageId === messageId);
      const outcomes = own.map(({ personId, part, cost, accountId, held }): Outcome => {
        const event = { kind: 'outcome', attempt: 1, verdict: 'accepted' } as const;
        const of = { messageId, personId, part, attempt: 1 };
        return { of, event, carrierId: 'uuid', paid: { cost, payer: { accountId, held } } };
      });
      const ends = [...new Set(own.map(({ batch }) => batch))].map((batch) => ({ messageId, batch }));
      await record({ outcomes, ends }, dies);
    }
  }

  /** On everything that was sent and has no end yet to one of them. */
  async function report({ does, who }: Step): Promise<void> {
    const found = await rows<{ messageId: number; personId: number }>(
      db,
      `SELECT d.message_id AS messageId, d.person_id AS personId FROM deliveries d JOIN messages m ON m.id = d.message_id
       JOIN people p ON p.id = d.person_id WHERE m.group_id = ? AND m.kind = 'said' AND d.state = 'sent' AND p.phone = ?`,
      [group.id, group.phones[NAMES[who] ?? ''] ?? ''],
    );
    const status = does === 'failed' ? 'failed' : 'undelivered';
    const outcomes = found.map((of): Outcome => {
      const event = { kind: 'report', attempt: 1, status, meaning: null, sequence: ++sequence } as const;
      return { of: { ...of, part: 0, attempt: 1 }, event, carrierId: 'uuid' };
    });
    // The carrier brings it to any process.
    if (outcomes.length > 0) await record({ outcomes }, true);
  }

  const steps = { say, send, failed: report, undelivered: report };

  async function check(): Promise<void> {
    const found = await rows<{ id: number; text: string }>(
      db,
      "SELECT message_id AS id, text FROM messages WHERE group_id = ? AND kind = 'said' ORDER BY id",
      [group.id],
    );
    expect(found.map(({ text }) => text.replace(/^\w+: /, ''))).to.deep.equal(said);
    expect(found.map(({ id }) => id)).to.deep.equal(said.map((_, at) => at + 1));
    const guards = await row<{ count: number }>(
      db,
      'SELECT COUNT(*) AS count FROM inbound_texts WHERE carrier_id LIKE ?',
      [`story-Words ${stories}.%`],
    );
    expect(guards?.count).to.equal(said.length);
    const clock = runtimeWith(world.runtime, {});
    await squarePaid(clock, [{ what: 'paid', afterMs: -1_000 }]);
    await squarePaid(clock, [{ what: 'paid-late', afterMs: -1_000 }]);
    const off = await rows(
      db,
      `SELECT m.id, COALESCE((SELECT SUM(charged) FROM deliveries WHERE message_id = m.id), 0) AS charged,
         -COALESCE((SELECT SUM(amount) FROM ledger WHERE message_id = m.id), 0) AS paid
       FROM messages m WHERE m.group_id = ? HAVING charged <> paid`,
      [group.id],
    );
    expect(off, 'what was paid is what the deliveries say').to.deep.equal([]);
    for (let looks = 0; looks < 2; looks++) await freeReserved(clock, await accounts(), 0);
    for (const { balance, ledger, reserved } of await accounts())
      expect({ balance, reserved }).to.deep.equal({ balance: ledger, reserved: 0 });
  }

  const accounts = () =>
    rows<{ accountId: number; balance: number; ledger: number; reserved: number }>(
      db,
      `SELECT a.id AS accountId, a.balance, a.reserved, (SELECT SUM(amount) FROM ledger WHERE account_id = a.id) AS ledger
       FROM accounts a JOIN \`groups\` g ON g.owner_id = a.person_id WHERE g.id = ?`,
      [group.id],
    );

  return { perform: (one: Step) => steps[one.does](one), check };
}

type Sent = {
  messageId: number;
  personId: number;
  part: number;
  cost: number;
  batch: number;
  accountId: number;
  held: number | null;
};
