import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { row, rows, run } from '../../db/connect.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { settleCharges } from '../../engine/billing/charges.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { booksOf, until } from '../support/rows.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const visa = '4242 4242 4242 4242';
const nextYear = `${new Date().getUTCFullYear() + 1}-08`;
const contact = { email: 'ann@example.com', zip: '94107' };
const ok = { status: 'OK' };

describe('accounts', () => {
  let world: World;
  let payments: PaymentSimulator;
  let group: TestGroup;
  let ann: string;
  let bob: string;
  let sid: string;
  let member: string;
  before(async () => {
    payments = await startPaymentSimulator();
    const env = { STRIPE_SECRET_KEY: 'sk_test_world', STRIPE_API_URL: payments.url };
    world = await openWorld({ workers: false, env });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    ann = group.phones.Ann ?? '';
    bob = group.phones.Bob ?? '';
    sid = await openSid(world, ann);
    member = await openSid(world, bob);
  });
  after(async () => {
    await world.close();
    await payments.stop();
  });

  const call = async (url: string, params: Params = {}) => (await world.call(url, { sid, ...params })).body;
  const set = (params: Params = {}) => call('/account/set', { ...contact, ...params });
  const useCard = (cc_number: string) => set({ cc_number, cc_expiration: nextYear });
  const charge = (amount: number, idempotency_key?: string) =>
    call('/account/charge', { amount, ...(idempotency_key === undefined ? {} : { idempotency_key }) });
  const balance = () => call('/account/balance');
  const paid = () => payments.payments.filter(({ status }) => status === 'succeeded');

  it('start on trial; a member without one counts as free', async () => {
    for (const as of ['query', 'form', 'json'] as const) {
      const own = await world.call('/account/balance', { sid }, { as });
      expect(own.body).to.deep.equal({ ...ok, balance: 500, suspended: 0, type: 'T' });
      const none = await world.call('/account/balance', { sid: member }, { as });
      expect(none.body).to.deep.equal({ ...ok, balance: 0, suspended: 0, type: 'F' });
    }
    expect((await world.call('/account/balance')).http).to.equal(401);
  });

  const card = () => ({ sid, ...contact, cc_number: visa, cc_expiration: nextYear });
  itRefuses('/account/set', () => world, [
    ['there is no sid', () => ({ ...contact }), 'UNAUTHORIZED', undefined, 401],
    ['nothing is sent', () => ({ sid }), 'MISSING_FIELDS', ['email', 'zip']],
    ['there is a card without its date', () => ({ ...card(), cc_expiration: '' }), 'MISSING_FIELDS', ['cc_expiration']],
    [
      'there is a date without a card',
      () => ({ sid, cc_expiration: nextYear }),
      'MISSING_FIELDS',
      ['email', 'zip', 'cc_number'],
    ],
    [
      'what is missing comes before what is wrong',
      () => ({ ...card(), email: 'x', cc_number: '' }),
      'MISSING_FIELDS',
      ['cc_number'],
    ],
    ['the address is none', () => ({ ...card(), email: 'ann' }), 'INVALID_EMAIL'],
    ['the zip is a novel', () => ({ ...card(), zip: 'x'.repeat(21) }), 'BAD_REQUEST', 'zip', 400],
    ['the date is none', () => ({ ...card(), cc_expiration: '08/31' }), 'INVALID_CC_EXPIRATION'],
    ['the month is 13', () => ({ ...card(), cc_expiration: '2031-13' }), 'INVALID_CC_EXPIRATION'],
    ['the date has passed', () => ({ ...card(), cc_expiration: '2020-01' }), 'INVALID_CC_EXPIRATION'],
    ['the provider wants no such date', () => ({ ...card(), cc_expiration: '9999-12' }), 'INVALID_CC_EXPIRATION'],
    ['the number fails its check digit', () => ({ ...card(), cc_number: '4242424242424241' }), 'INVALID_CC_NUMBER'],
    ['the number is words', () => ({ ...card(), cc_number: 'my card' }), 'INVALID_CC_NUMBER'],
    ['it is a Discover card', () => ({ ...card(), cc_number: '6011111111111117' }), 'INVALID_CC_TYPE'],
    ['it is a Diners card', () => ({ ...card(), cc_number: '3056930009020004' }), 'INVALID_CC_TYPE'],
    ['a token is none', () => ({ sid, ...contact, cc_token: '4242424242424242' }), 'BAD_REQUEST', 'cc_token', 400],
    ['there is a card and a token', () => ({ ...card(), cc_token: 'pm_card_visa' }), 'BAD_REQUEST', 'cc_token', 400],
    ['nobody made the token', () => ({ sid, ...contact, cc_token: 'tok_nobody' }), 'INVALID_CC_NUMBER'],
    ['nobody made the payment method', () => ({ sid, ...contact, cc_token: 'pm_nobody' }), 'INVALID_CC_NUMBER'],
    ['the token is of a Discover card', () => ({ sid, ...contact, cc_token: 'pm_card_discover' }), 'INVALID_CC_TYPE'],
    ['they have no account', () => ({ ...card(), sid: member }), 'NO_ACCOUNT'],
    ['a bad address comes before no account', () => ({ ...card(), sid: member, email: '@' }), 'INVALID_EMAIL'],
  ]);
  itRefuses('/account/charge', () => world, [
    ['there is no sid', () => ({ amount: 1000 }), 'UNAUTHORIZED', undefined, 401],
    ['nothing is sent', () => ({ sid }), 'MISSING_FIELDS', ['amount']],
    ...[999, 100_001, 0, -1000, '1500.5', '1e4', 'all', '99999999999999']
      .map((amount) => [`the amount is ${amount}`, () => ({ sid, amount }), 'INVALID_AMOUNT'] as const)
      .map((one) => [...one] as [string, () => Params, string]),
    ['they have no account', () => ({ sid: member, amount: 1000 }), 'NO_ACCOUNT'],
    ['there is no card', () => ({ sid, amount: 1000 }), 'NO_CREDIT_CARD'],
  ]);
  itRefuses('/account/password', () => world, [
    ['there is no sid', () => ({ password: 'x' }), 'UNAUTHORIZED', undefined, 401],
    ['there is no password', () => ({ sid, password: ' ' }), 'MISSING_FIELDS', ['password']],
    ['it has 7 characters', () => ({ sid, password: 'Tr0mb1n' }), 'BAD_REQUEST', 'password', 400],
    ['everybody tries it first', () => ({ sid, password: 'Password123' }), 'BAD_REQUEST', 'password', 400],
    ['it has 201 characters', () => ({ sid, password: '😀'.repeat(201) }), 'BAD_REQUEST', 'password', 400],
    ['they have no account', () => ({ sid: member, password: 'correct horse' }), 'NO_ACCOUNT'],
  ]);

  it('take an address alone', async () => {
    expect(await set({ email: 'Ann@Example.com', zip: ' 94107 ' })).to.deep.equal(ok);
    const kept = await row(world.runtime.db, 'SELECT email, zip, card_ref AS card FROM accounts');
    expect(kept).to.deep.equal({ email: 'Ann@Example.com', zip: '94107', card: null });
  });

  for (const [number, description] of [
    ['5555-5555-5555-4444', 'Mastercard ending in 4444'],
    ['2223003122003222', 'Mastercard ending in 3222'],
    ['378282246310005', 'American Express ending in 0005'],
    [visa, 'Visa ending in 4242'],
  ] as const) {
    it(`describe a card as ${description}, and keep nothing else of it`, async () => {
      expect(await useCard(number)).to.deep.equal({ ...ok, cc_description: description });
      const [kept] = await rows<Record<string, unknown>>(world.runtime.db, 'SELECT * FROM accounts');
      expect(kept?.card_last4).to.equal(description.slice(-4));
      expect(kept?.card_expires).to.equal(nextYear);
      expect(JSON.stringify(kept)).not.to.contain(number.replace(/\D/g, '').slice(0, 12));
    });
  }

  /** As a browser does it. */
  const makeToken = async (number: string) => {
    const year = String(new Date().getUTCFullYear() + 1);
    const form = { 'card[number]': number, 'card[exp_month]': '8', 'card[exp_year]': year };
    const answer = await fetch(`${payments.url}/v1/tokens`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_world' },
      body: new URLSearchParams(form),
    });
    return String(((await answer.json()) as { id: string }).id);
  };

  for (const [what, token, description] of [
    ['a token', () => makeToken('5555555555554444'), 'Mastercard ending in 4444'],
    ['a payment method', async () => 'pm_card_amex', 'American Express ending in 0005'],
    ['one of the provider’s test tokens', async () => 'tok_visa', 'Visa ending in 4242'],
  ] as const) {
    it(`take ${what} that a browser made in place of a card, and charge it`, async () => {
      const before = Number((await balance()).balance);
      const cc_token = await token();
      expect(await set({ cc_token })).to.deep.equal({ ...ok, cc_description: description });
      expect(await charge(1000)).to.deep.equal(ok);
      expect((await balance()).balance).to.equal(before + 1000);
    });
  }

  it('take a token once, and no card that belongs to somebody else', async () => {
    const cc_token = await makeToken('4242424242424242');
    expect((await set({ cc_token })).status).to.equal('OK');
    expect((await set({ cc_token })).error_type).to.equal('INVALID_CC_NUMBER');
    expect(await charge(1000)).to.deep.equal(ok);
    const own = await row<{ card: string; customer: string }>(
      world.runtime.db,
      'SELECT card_ref AS card, customer_ref AS customer FROM accounts',
    );
    await run(world.runtime.db, "UPDATE accounts SET customer_ref = 'cus_of_somebody_else'");
    expect((await set({ cc_token: own?.card })).error_type).to.equal('INVALID_CC_NUMBER');
    await run(world.runtime.db, 'UPDATE accounts SET customer_ref = ?', [own?.customer ?? '']);
    expect(await set({ cc_token: own?.card })).to.include({ cc_description: 'Visa ending in 4242' });
  });

  it('are not charged on a token whose bank declines', async () => {
    await set({ cc_token: 'pm_card_chargeDeclinedInsufficientFunds' });
    const declined = { status: 'ERROR', error_type: 'DECLINED', error_subtype: 'insufficient_funds' };
    expect(await charge(1000)).to.deep.equal(declined);
    await useCard(visa);
  });

  it('have the money on the balance when a charge is answered, and are paid ones then', async () => {
    const before = Number((await balance()).balance);
    for (const [at, as] of (['query', 'form', 'json'] as const).entries()) {
      expect((await world.call('/account/charge', { sid, amount: 1000 + at }, { as })).body).to.deep.equal(ok);
    }
    expect(await balance()).to.deep.equal({ ...ok, balance: before + 3003, suspended: 0, type: 'P' });
    expect(
      paid()
        .map(({ amount }) => amount)
        .slice(-3),
    ).to.deep.equal([1000, 1001, 1002]);
    const books = await booksOf(world, ann);
    expect(books.ledger).to.equal(books.balance);
  });

  it('are no longer suspended when a charge lifts them above zero, and stay so below', async () => {
    await run(world.runtime.db, 'UPDATE accounts SET balance = -1500');
    await charge(1000);
    expect(await balance()).to.include({ balance: -500, suspended: 1 });
    const send = () => call('/message/send', { number: group.number, message: 'Hi' });
    expect((await send()).error_type).to.equal('SUSPENDED');
    await charge(1000);
    expect(await balance()).to.include({ balance: 500, suspended: 0 });
    expect((await send()).status).to.equal('OK');
    await run(
      world.runtime.db,
      'UPDATE accounts a SET balance = (SELECT SUM(amount) FROM ledger WHERE account_id = a.id)',
    );
  });

  for (const [number, reason] of [
    ['4000000000000002', 'generic_decline'],
    ['4000000000009995', 'insufficient_funds'],
    ['4000000000009987', 'lost_card'],
    ['4000000000000069', 'expired_card'],
    ['4000000000000119', 'processing_error'],
    ['4000002760003184', 'authentication_required'],
  ]) {
    it(`are not charged where the bank says ${reason}`, async () => {
      const before = await balance();
      await useCard(number ?? '');
      const refusal = { status: 'ERROR', error_type: 'DECLINED', error_subtype: reason };
      for (const as of ['query', 'form', 'json'] as const)
        expect((await world.call('/account/charge', { sid, amount: 1000 }, { as })).body).to.deep.equal(refusal);
      expect(await charge(1000, `once ${reason}`)).to.deep.equal(refusal);
      expect(await charge(1000, `once ${reason}`)).to.deep.equal(refusal);
      expect(await balance()).to.deep.equal(before);
      await useCard(visa);
    });
  }

  it('are not charged on a card that has expired since, and the provider is not asked', async () => {
    await run(world.runtime.db, "UPDATE accounts SET card_expires = '2020-01'");
    const asked = payments.payments.length;
    for (const as of ['query', 'form', 'json'] as const)
      expect((await world.call('/account/charge', { sid, amount: 1000 }, { as })).body).to.deep.equal({
        status: 'ERROR',
        error_type: 'EXPIRED_CREDIT_CARD',
      });
    expect(payments.payments).to.have.length(asked);
    await useCard(visa);
  });

  it('are charged once for a key, however often and at whatever the same time', async () => {
    const before = { balance: Number((await balance()).balance), paid: paid().length };
    const keys = Array.from({ length: 50 }, (_, at) => `order ${at % 10}`);
    const answers = await Promise.all(keys.map((key) => charge(1000, key)));
    expect(answers).to.deep.equal(keys.map(() => ok));
    expect(paid()).to.have.length(before.paid + 10);
    expect((await balance()).balance).to.equal(before.balance + 10_000);
    expect(await charge(1000, 'order 3')).to.deep.equal(ok);
    expect(paid()).to.have.length(before.paid + 10);
    const { http, body } = await world.call('/account/charge', { sid, amount: 2000, idempotency_key: 'order 3' });
    expect([http, body.error_subtype]).to.deep.equal([400, 'idempotency_key']);
    const refs = await rows(world.runtime.db, 'SELECT payment_ref FROM charges WHERE open IS NOT NULL');
    expect(refs).to.deep.equal([]);
    const books = await booksOf(world, ann);
    expect(books.ledger).to.equal(books.balance);
  });

  describe('when the provider', () => {
    const lost = async (answer: Promise<Params>) =>
      expect(await answer).to.include({ error_type: 'UNAVAILABLE', error_subtype: 'payments' });
    const openCharges = () => rows(world.runtime.db, 'SELECT id FROM charges WHERE open = 1');

    it('is down, nothing is charged, and the same key may try again', async () => {
      const before = { balance: (await balance()).balance, paid: paid().length };
      payments.fault({ kind: 'down', times: 2, path: '/payment_intents' });
      await lost(charge(1000, 'down'));
      expect(await openCharges()).to.deep.equal([]);
      expect((await balance()).balance).to.equal(before.balance);
      expect(await charge(1000, 'down')).to.deep.equal(ok);
      expect(paid()).to.have.length(before.paid + 1);
    });

    it('is too slow to answer, it is asked again under the same key, and charges once', async () => {
      const before = { balance: Number((await balance()).balance), paid: paid().length };
      payments.fault({ kind: 'hang', path: '/confirm' });
      const slow = charge(1000, 'slow');
      const meanwhile = charge(1000, 'slow');
      expect([await slow, await meanwhile]).to.deep.equal([ok, ok]);
      expect(paid()).to.have.length(before.paid + 1);
      expect((await balance()).balance).to.equal(before.balance + 1000);
    });

    it('breaks off once, nobody notices', async () => {
      const before = paid().length;
      payments.fault({ kind: 'drop', path: '/confirm' });
      expect(await charge(1000, 'broken')).to.deep.equal(ok);
      expect(paid()).to.have.length(before + 1);
    });

    it('has charged but gives no answer, the clock finds out and books it once', async () => {
      const before = { balance: Number((await balance()).balance), paid: paid().length };
      payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
      await lost(charge(1000, 'lost'));
      expect(paid()).to.have.length(before.paid + 1);
      expect((await balance()).balance).to.equal(before.balance);
      await Promise.all([settleCharges(world.runtime), settleCharges(world.runtime)]);
      await until('it is settled', async () => (await openCharges()).length === 0);
      expect((await balance()).balance).to.equal(before.balance + 1000);
      expect(await charge(1000, 'lost')).to.deep.equal(ok);
      expect(paid()).to.have.length(before.paid + 1);
    });

    it('has charged but gives no answer, whoever asks again without a key is not charged again', async () => {
      const before = { balance: Number((await balance()).balance), paid: paid().length };
      payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
      await lost(charge(1000));
      expect(await charge(1000)).to.deep.equal(ok);
      expect(paid()).to.have.length(before.paid + 1);
      expect((await balance()).balance).to.equal(before.balance + 1000);
    });

    it('was never asked for the money, it never will be', async () => {
      const before = { balance: (await balance()).balance, paid: paid().length };
      payments.fault({ kind: 'refuse', times: 2, path: '/confirm' });
      await lost(charge(1000, 'never'));
      await settleCharges(world.runtime);
      expect(payments.payments.at(-1)?.status).to.equal('canceled');
      expect((await balance()).balance).to.equal(before.balance);
      expect(await charge(1000, 'never')).to.deep.equal(ok);
      expect(paid()).to.have.length(before.paid + 1);
    });

    it('is down, a card is not taken and the old one stays', async () => {
      payments.fault({ kind: 'down', times: 2 });
      await lost(useCard('5555555555554444'));
      const kept = await row<{ last4: string }>(world.runtime.db, 'SELECT card_last4 AS last4 FROM accounts');
      expect(kept?.last4).to.equal('4242');
    });
  });

  it('with a charge whose process died are settled before the next one', async () => {
    const before = paid().length;
    await run(
      world.runtime.db,
      `INSERT INTO charges (account_id, amount, state, open, held_until, provider_key, customer_ref, card_ref, created_at)
       SELECT id, 1000, 'open', 1, NOW(3) - INTERVAL 1 SECOND, 'died', customer_ref, card_ref, NOW(3) FROM accounts`,
    );
    expect(await charge(1500)).to.deep.equal(ok);
    expect(paid()).to.have.length(before + 1);
    const died = await row<{ state: string }>(
      world.runtime.db,
      "SELECT state FROM charges WHERE provider_key = 'died'",
    );
    expect(died?.state).to.equal('failed');
  });

  it('have a password that opens sessions, and ends the other ones when it changes', async () => {
    const other = await openSid(world, ann);
    for (const as of ['query', 'form', 'json'] as const) {
      const params = { sid, password: `pässword ${as}` };
      expect((await world.call('/account/password', params, { as })).body).to.deep.equal(ok);
    }
    expect((await world.call('/account/balance', { sid: other })).http).to.equal(401);
    expect((await world.call('/account/balance', { sid })).http).to.equal(200);
    expect((await world.call('/account/balance', { sid: member })).http).to.equal(200);
    const set = (word: string) => world.call('/account/password', { sid, password: `pässword ${word}` });
    for (const word of ['four', 'json']) expect((await set(word)).body).to.deep.equal(ok);
    // Five in an hour: to hash one is costly.
    const sixth = await set('six');
    expect([sixth.http, sixth.body.error_type]).to.deep.equal([503, 'UNAVAILABLE']);
    expect(Number(sixth.headers.get('retry-after'))).to.be.within(1, 3_600);
    const logIn = async (pin: string) => (await world.call('/member/login', { number: ann, pin })).body;
    expect((await logIn('pässword form')).error_type).to.equal('INVALID_PIN');
    expect((await logIn('pässword json')).sid).to.be.a('string');
    const kept = await row<{ hash: string }>(
      world.runtime.db,
      'SELECT password_hash AS hash FROM people WHERE phone = ?',
      [ann],
    );
    expect(kept?.hash).to.match(/^\$argon2id\$/);
  });

  it('have one ledger entry for each paid charge, and no card number anywhere in the database', async () => {
    const tables = await rows<{ name: string }>(
      world.runtime.db,
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    );
    for (const { name } of tables) {
      const all = JSON.stringify(await rows(world.runtime.db, `SELECT * FROM \`${name}\``));
      for (const number of ['4242424242424242', '4242 4242', '5555555555554444', '4000000000000002'])
        expect(all.includes(number), name).to.equal(false);
    }
    const [off] = await rows<{ found: number }>(
      world.runtime.db,
      `SELECT COUNT(*) AS found FROM charges c WHERE c.state = 'paid' AND 1 <> (
         SELECT COUNT(*) FROM ledger l WHERE l.account_id = c.account_id AND l.idempotency_key = c.provider_key AND l.amount = c.amount)`,
    );
    expect(off?.found).to.equal(0);
  });

  it('take an address without a payment provider, but no card and no charge: those are 503', async () => {
    const { runtime } = world;
    const app = createApp(runtimeWith(runtime, { config: { ...runtime.config, STRIPE_SECRET_KEY: '' } }));
    const api = await listen(app, { port: 0, host: '127.0.0.1' });
    const post = (url: string, params: Record<string, string>) =>
      fetch(`http://127.0.0.1:${api.port}${url}`, { method: 'POST', body: new URLSearchParams({ sid, ...params }) });
    expect(await (await post('/account/set', contact)).json()).to.deep.equal(ok);
    for (const [url, params] of [
      ['/account/set', { ...contact, cc_number: visa, cc_expiration: nextYear }],
      ['/account/charge', { amount: '1000' }],
    ] as const) {
      const answer = await post(url, params);
      const body = (await answer.json()) as Params;
      expect([answer.status, body.error_type, body.error_subtype], url).to.deep.equal([503, 'UNAVAILABLE', 'payments']);
      expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0);
    }
    await api.stop();
  });
});
