import { expect } from 'chai';
import fc from 'fast-check';
import { setAccountType } from '../db/billing/accounts.ts';
import { row, rows } from '../db/connect.ts';
import type { Happening } from '../dev/payment-simulator/afterwards.ts';
import { type Event, post } from '../dev/payment-simulator/events.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../dev/payment-simulator/simulator.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { booksOf } from './support/rows.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * Texts go out and fail, cards are charged, and the provider takes money back and tells of it late, twice and in any
 * order: what must hold of money does. `MONEY_SEED=…` repeats a run.
 */
const seed = Number(process.env.MONEY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const secret = 'whsec_of_money';

type Doing =
  | { does: 'send'; words: number; who: number; as: 'call' | 'text' }
  | { does: 'break'; whom: number; how: 'failed' | 'undelivered' | 'report_doubled' | 'report_reversed' }
  | { does: 'charge'; amount: number; key: number }
  | { does: 'happen'; payment: number; what: Happening; amount: number }
  | { does: 'tell'; which: number[] };

const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('send' as const),
      words: fc.integer({ min: 1, max: 40 }),
      who: fc.nat(3),
      as: fc.constantFrom('call' as const, 'text' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('break' as const),
      whom: fc.nat(2),
      how: fc.constantFrom(...(['failed', 'undelivered', 'report_doubled', 'report_reversed'] as const)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('charge' as const),
      amount: fc.integer({ min: 1000, max: 3000 }),
      key: fc.nat(5),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('happen' as const),
      payment: fc.nat(5),
      what: fc.constantFrom<Happening[]>(
        ...(['refund', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'dispute_lost', 'failed'] as const),
      ),
      amount: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('tell' as const), which: fc.array(fc.nat(30), { maxLength: 6 }) }),
  },
);
/** Four owners at a time, the first with a free account; each innermost list happens in the same instant. */
const story = fc.array(fc.array(doing, { minLength: 1, maxLength: 8 }), { minLength: 3, maxLength: 6 });
const stories = fc.tuple(story, story, story, story);

describe('whatever happens to money', () => {
  let world: World;
  let payments: PaymentSimulator;
  before(async () => {
    payments = await startPaymentSimulator();
    const env = {
      ...{ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_URL: payments.url, STRIPE_WEBHOOK_SECRET: secret },
      ...{ TRIAL_BALANCE: '6', UNKNOWN_WAIT_SECONDS: '1' },
    };
    world = await openWorld({ env });
  });
  after(async () => {
    await world.close();
    await payments.stop();
  });

  it(`a balance is its ledger, suspends at zero what is not free, and is overdrawn by one message at most (MONEY_SEED=${seed})`, async () => {
    const end = Date.now() + 6_000;
    let runs = 0;
    const property = fc.asyncProperty(stories, async (told) => {
      // What fast-check interrupts goes on in the background: so the time is kept here.
      if (runs > 0 && Date.now() > end) return;
      const owners = await Promise.all(told.map((_, at) => openOwner({ world, payments, type: at === 0 ? 'F' : 'T' })));
      runs++;
      const rounds = Math.max(...told.map(({ length }) => length));
      const watching = watch(world);
      for (let round = 0; round < rounds; round++) {
        await Promise.all(owners.flatMap((owner, at) => told[at]?.[round]?.map((one) => owner.perform(one)) ?? []));
        await world.quiet();
        await Promise.all(owners.map((owner) => owner.check()));
      }
      await watching.stop();
      await Promise.all(owners.map((owner) => owner.tellAll()));
      await Promise.all(owners.map((owner) => owner.check()));
    });
    await fc.assert(property, { seed, numRuns: 50, endOnFailure: true });
    expect(runs).to.be.greaterThan(0);
  });
});

/** To three others, in one segment: the texts here are shorter than that. */
const DEAREST = 3;

/**
 * Looks at the accounts at every moment that it can, each look being one statement and so one moment: what messages cost and
 * reserve takes an account below zero by one message at most. What the payment provider took back is no message.
 */
function watch({ runtime: { db } }: World): { stop(): Promise<void> } {
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      const wrong = await rows(
        db,
        `SELECT a.id, a.balance, a.reserved, l.sum, l.takenBack FROM accounts a JOIN (SELECT account_id, SUM(amount) AS sum,
           SUM(IF(contra = 'provider' AND amount < 0, -amount, 0)) AS takenBack FROM ledger GROUP BY account_id) l ON l.account_id = a.id
         WHERE a.balance <> l.sum OR a.reserved < 0 OR (a.type <> 'F' AND a.balance - a.reserved + l.takenBack <= -?)`,
        [DEAREST],
      );
      expect(wrong).to.deep.equal([]);
    }
  })();
  // It fails where it is stopped.
  looking.catch(() => undefined);
  return {
    async stop() {
      isOver = true;
      await looking;
    },
  };
}

type Stage = { world: World; payments: PaymentSimulator; type: 'T' | 'F' };

/** The owner of a group of four, with a card. */
async function openOwner({ world, payments, type }: Stage) {
  const group: TestGroup = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dee']);
  const [ann = '', ...others] = Object.values(group.phones);
  const sids = await Promise.all([ann, ...others].map((phone) => openSid(world, phone)));
  const [sid = ''] = sids;
  if (type === 'F') await setAccountType(world.runtime.db, { phone: ann, type });
  const call = async (url: string, params: Record<string, unknown>) =>
    (await world.call(url, { sid, ...params })).body as { status: string; error_type?: string };
  const card = { cc_number: '4242424242424242', cc_expiration: `${new Date().getUTCFullYear() + 1}-08` };
  expect((await call('/account/set', { email: 'ann@example.com', zip: '94107', ...card })).status).to.equal('OK');
  const customerRef = (await account()).customerRef;
  const own = () => payments.payments.filter(({ customer }) => customer === customerRef);
  let sent = 0;
  const untold: Event[] = [];
  const tell = async (event: Event) =>
    expect(await post(event, { url: `${world.url}/stripe/webhook`, secret })).to.equal(200);

  async function perform(one: Doing): Promise<void> {
    switch (one.does) {
      case 'send': {
        // The same again and again would be a machine's.
        const message = [++sent, ...Array.from({ length: one.words }, () => 'abc')].join(' ').slice(0, 150);
        const who = [ann, ...others][one.who] ?? ann;
        if (one.as === 'text') return void expect(await world.text(who, group.number, message)).to.equal(200);
        const { status, error_type: error } = await call('/message/send', {
          ...{ sid: sids[one.who], number: group.number, message },
        });
        expect(status === 'OK' || error === 'SUSPENDED', error).to.equal(true);
        return;
      }
      case 'break':
        world.simulator.fault({ kind: one.how, phone: others[one.whom] ?? '', times: 1, code: '30' });
        return;
      case 'charge': {
        const { status, error_type: error } = await call('/account/charge', {
          amount: one.amount,
          idempotency_key: `key ${one.key}`,
        });
        // The same key with another amount is no charge.
        expect(status === 'OK' || error === 'BAD_REQUEST', error).to.equal(true);
        return;
      }
      case 'happen': {
        const intent = own().at(one.payment);
        if (intent?.status !== 'succeeded') return;
        try {
          untold.push(...payments.happen(one.what, intent.id, one.amount));
        } catch {
          // More than is left, or no dispute to be closed: a provider refuses that as well.
        }
        return;
      }
      case 'tell':
        await Promise.all(one.which.map((at) => untold[at]).map((event) => (event === undefined ? null : tell(event))));
        return;
    }
  }

  async function account(): Promise<{ type: string; customerRef: string; revenue: number; provider: number }> {
    const found = await row<{ type: string; customerRef: string; revenue: number; provider: number }>(
      world.runtime.db,
      `SELECT a.type, a.customer_ref AS customerRef, -SUM(IF(l.contra = 'revenue', l.amount, 0)) AS revenue,
         SUM(IF(l.contra = 'provider', l.amount, 0)) AS provider
       FROM accounts a JOIN people p ON p.id = a.person_id JOIN ledger l ON l.account_id = a.id WHERE p.phone = ?
       GROUP BY a.type, a.customer_ref`,
      [ann],
    );
    if (found === undefined) throw new Error('the account is gone');
    return found;
  }

  async function check(): Promise<void> {
    const { balance, ledger, charged } = await booksOf(world, ann);
    expect(balance).to.equal(ledger);
    const { type: now, revenue } = await account();
    // A free account pays nothing until somebody charges its card.
    if (type !== 'F') expect(revenue).to.equal(charged);
    else if (now === 'F') expect(revenue).to.equal(0);
    const suspended = balance <= 0 && now !== 'F' ? 1 : 0;
    expect((await world.call('/account/balance', { sid })).body).to.include({ balance, suspended, type: now });
    const { body } = await world.call('/message/send', { sid, number: group.number, message: 'Hi', preview: 1 });
    expect(body.error_type).to.equal(suspended === 1 ? 'SUSPENDED' : undefined);
  }

  /** Then what the provider holds for the owner by its own reckoning is what the ledger got from it. */
  async function tellAll(): Promise<void> {
    for (const event of untold.toReversed()) await tell(event);
    const held = own().reduce((sum, { id }) => sum + payments.holds(id), 0);
    expect((await account()).provider).to.equal(held);
  }

  return { perform, check, tellAll };
}
