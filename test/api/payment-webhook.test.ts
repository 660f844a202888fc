import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { row, rows, run } from '../../db/connect.ts';
import type { Happening } from '../../dev/payment-simulator/afterwards.ts';
import { type Event, post, sign } from '../../dev/payment-simulator/events.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { settleCharges } from '../../engine/billing/charges.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { booksOf } from '../support/rows.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const secret = 'whsec_of_this_world';

describe('what the payment provider tells', () => {
  let world: World;
  let payments: PaymentSimulator;
  let group: TestGroup;
  let ann: string;
  let sid: string;
  before(async () => {
    payments = await startPaymentSimulator();
    const env = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_URL: payments.url, STRIPE_WEBHOOK_SECRET: secret };
    world = await openWorld({ workers: false, env });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    ann = group.phones.Ann ?? '';
    sid = await openSid(world, ann);
    const card = { cc_number: '4242424242424242', cc_expiration: `${new Date().getUTCFullYear() + 1}-08` };
    await world.call('/account/set', { sid, email: 'ann@example.com', zip: '94107', ...card });
  });
  after(async () => {
    await world.close();
    await payments.stop();
  });
  afterEach('the books are right', async () => {
    const { balance, ledger } = await booksOf(world, ann);
    expect(balance).to.equal(ledger);
  });

  const charge = async (amount: number, key?: string) =>
    (await world.call('/account/charge', { sid, amount, ...(key === undefined ? {} : { idempotency_key: key }) })).body;
  const account = async () => (await world.call('/account/balance', { sid })).body;
  const balance = async () => Number((await account()).balance);
  const lastPayment = () => payments.payments.at(-1)?.id ?? '';
  const url = () => `${world.url}/stripe/webhook`;
  const tell = async (...events: Event[]) => {
    const answers = await Promise.all(events.map((event) => post(event, { url: url(), secret })));
    expect(answers).to.deep.equal(events.map(() => 200));
  };
  const kept = async () =>
    (await row<{ count: number }>(world.runtime.db, 'SELECT COUNT(*) AS count FROM payment_events'))?.count;

  describe('of a charge of $20.00', () => {
    const stories: [string, [what: Happening, amount?: number][], back: number][] = [
      ['that is refunded', [['refund']], 2000],
      ['of which a part is refunded', [['refund', 700]], 700],
      ['that is refunded in three parts', [['refund', 700], ['refund', 300], ['refund']], 2000],
      ['whose second refund fails', [['refund', 700], ['refund', 300], ['refund_failed']], 700],
      ['that is disputed', [['dispute']], 2000],
      ['whose dispute is lost', [['dispute'], ['dispute_lost']], 2000],
      ['whose dispute is won', [['dispute'], ['dispute_won']], 0],
      ['that is refunded in part, and disputed for the rest', [['refund', 500], ['dispute']], 2000],
      ['that has failed after all', [['failed']], 2000],
    ];
    for (const [what, steps, back] of stories) {
      it(`${what}, takes back ${back}, in whatever order and however often it comes`, async () => {
        const before = await balance();
        const orders: ((events: Event[]) => Promise<unknown>)[] = [
          async (events) => {
            for (const event of events) await tell(event);
          },
          async (events) => {
            for (const event of events.reverse()) await tell(event, event);
          },
          (events) => tell(...events, ...events, ...events),
        ];
        for (const [at, inOrder] of orders.entries()) {
          await charge(2000);
          const payment = lastPayment();
          await inOrder(steps.flatMap(([step, amount]) => payments.happen(step, payment, amount)));
          expect(await balance(), `order ${at}`).to.equal(before + (at + 1) * (2000 - back));
        }
      });
    }

    it('is in the ledger by its reason, with the provider on the other side', async () => {
      const kinds = await rows<{ kind: string; side: string }>(
        world.runtime.db,
        "SELECT DISTINCT kind, contra AS side FROM ledger WHERE kind LIKE 'pay%' OR kind = 'dispute' ORDER BY kind + 0",
      );
      expect(kinds).to.deep.equal(
        ['dispute', 'payment_refund', 'payment_failed'].map((kind) => ({ kind, side: 'provider' })),
      );
    });
  });

  it('suspends an account that it takes to zero, and lifts that when the money comes back', async () => {
    await charge(2000);
    const payment = lastPayment();
    await run(world.runtime.db, 'UPDATE accounts SET balance = 2000');
    const send = async () => (await world.call('/message/send', { sid, number: group.number, message: 'Hi' })).body;
    await tell(...payments.happen('dispute', payment));
    expect(await account()).to.include({ balance: 0, suspended: 1, type: 'P' });
    expect((await send()).error_type).to.equal('SUSPENDED');
    await tell(...payments.happen('dispute_won', payment));
    expect(await account()).to.include({ balance: 2000, suspended: 0 });
    expect((await send()).status).to.equal('OK');
    const { ledger } = await booksOf(world, ann);
    await run(world.runtime.db, 'UPDATE accounts SET balance = ?', [ledger]);
  });

  it('ends a charge whose answer was lost, and the same key is answered from then on', async () => {
    const before = await balance();
    payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
    expect((await charge(1000, 'lost')).error_type).to.equal('UNAVAILABLE');
    const paid = { id: lastPayment(), object: 'payment_intent', amount: 1000, latest_charge: 'ch_lost' };
    const [event] = payments.happen('failed', lastPayment());
    if (event === undefined) throw new Error('nothing was told');
    await tell({ ...event, id: 'evt_paid', type: 'payment_intent.succeeded', data: { object: paid } });
    expect(await balance()).to.equal(before + 1000);
    expect(await charge(1000, 'lost')).to.deep.equal({ status: 'OK' });
    await settleCharges(world.runtime);
    expect(await balance()).to.equal(before + 1000);
  });

  it('is kept while nobody knows yet whether a charge was paid, and booked with it', async () => {
    const before = await balance();
    payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
    await charge(1000, 'early');
    await tell(...payments.happen('refund', lastPayment(), 400));
    expect(await balance()).to.equal(before);
    expect(await charge(1000, 'early')).to.deep.equal({ status: 'OK' });
    expect(await balance()).to.equal(before + 600);
  });

  it('changes nothing of a charge that was declined, which may be told as well', async () => {
    const before = await balance();
    payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
    await world.call('/account/set', {
      sid,
      email: 'ann@example.com',
      zip: '94107',
      cc_token: 'pm_card_chargeDeclined',
    });
    await charge(1000, 'no');
    expect((await charge(1000, 'no')).error_type).to.equal('DECLINED');
    await tell(...payments.happen('failed', lastPayment()));
    expect(await balance()).to.equal(before);
    await world.call('/account/set', { sid, email: 'ann@example.com', zip: '94107', cc_token: 'pm_card_visa' });
  });

  it('may name the charge of a payment instead of the payment', async () => {
    await charge(1000);
    const before = await balance();
    const { latest_charge: ref } = payments.payments.at(-1) ?? {};
    const created = Math.floor(Date.now() / 1000);
    const dispute = { id: 'dp_bare', object: 'dispute', charge: ref, amount: 1000, status: 'needs_response' };
    const event = {
      id: 'evt_bare',
      object: 'event',
      type: 'charge.dispute.created',
      created,
      livemode: false,
    } as const;
    await tell({ ...event, data: { object: dispute } });
    expect(await balance()).to.equal(before - 1000);
  });

  describe('is let go by', () => {
    const event = (type: string, object: object): Event => ({
      ...{ id: 'evt_other', object: 'event', type, created: 1, livemode: false },
      data: { object },
    });
    for (const [what, other] of [
      [
        'where it is about a payment that is not ours',
        event('charge.refunded', { id: 'ch_9', payment_intent: 'pi_9' }),
      ],
      ['where it moves no money', event('customer.updated', { id: 'cus_1', object: 'customer' })],
      ['where it has no object', { ...event('charge.refunded', {}), data: {} } as Event],
    ] as const) {
      it(what, async () => {
        const before = [await kept(), await balance()];
        await tell(other);
        expect([await kept(), await balance()]).to.deep.equal(before);
      });
    }
  });

  describe('is refused without a trace', () => {
    const body = () => JSON.stringify(payments.happen('refund', lastPayment(), 1)[1]);
    const now = () => Math.floor(Date.now() / 1000);
    const ask = async (text: string, signature: string | null, method = 'POST') => {
      const headers = {
        'content-type': 'application/json',
        ...(signature === null ? {} : { 'stripe-signature': signature }),
      };
      const answer = await fetch(url(), { method, headers, ...(method === 'POST' ? { body: text } : {}) });
      return [answer.status, ((await answer.json()) as { error_type: string }).error_type];
    };
    const refusals: [string, (text: string) => Promise<unknown[]>, number, string][] = [
      ['it is not signed', (text) => ask(text, null), 403, 'FORBIDDEN'],
      ['the signature is nonsense', (text) => ask(text, 'v1=beef'), 403, 'FORBIDDEN'],
      ['it is signed with another secret', (text) => ask(text, sign(text, 'whsec_other')), 403, 'FORBIDDEN'],
      ['it was signed six minutes ago', (text) => ask(text, sign(text, secret, now() - 360)), 403, 'FORBIDDEN'],
      ['it was changed on the way', (text) => ask(`${text} `, sign(text, secret)), 403, 'FORBIDDEN'],
      ['it is empty', () => ask('', sign('', secret)), 403, 'FORBIDDEN'],
      ['it is no JSON', () => ask('{', sign('{', secret)), 400, 'BAD_REQUEST'],
      ['it is larger than 64 KiB', () => ask('x'.repeat(70_000), 'v1=beef'), 413, 'TOO_LARGE'],
      ['it is asked for', () => ask('', null, 'GET'), 405, 'METHOD_NOT_ALLOWED'],
    ];
    before(() => charge(1000));
    for (const [when, attempt, status, error] of refusals) {
      it(`when ${when}`, async () => {
        const before = [await kept(), await balance()];
        expect(await attempt(body())).to.deep.equal([status, error]);
        expect([await kept(), await balance()]).to.deep.equal(before);
      });
    }

    it('when nobody has set the secret: then there is no such URL', async () => {
      const { runtime } = world;
      const app = createApp(runtimeWith(runtime, { config: { ...runtime.config, STRIPE_WEBHOOK_SECRET: '' } }));
      const api = await listen(app, { port: 0, host: '127.0.0.1' });
      const text = body();
      const answer = await fetch(`http://127.0.0.1:${api.port}/stripe/webhook`, {
        method: 'POST',
        headers: { 'stripe-signature': sign(text, secret) },
        body: text,
      });
      expect([answer.status, ((await answer.json()) as { error_type: string }).error_type]).to.deep.equal([
        404,
        'UNKNOWN_URL',
      ]);
      await api.stop();
    });
  });
});
