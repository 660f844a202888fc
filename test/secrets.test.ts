import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { rows, run } from '../db/connect.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../dev/payment-simulator/simulator.ts';
import { type Fixture, openFixture } from './faults/fixture.ts';
import { COMPILE_WITHIN_MS, compileProgram } from './support/program.ts';
import { until } from './support/rows.ts';

const ann = '+14445557701';
const bob = '+14445557702';
const password = 'a stapled horse, 71';
const said = 'Meet me at midnight';
const cards = ['4242424242424242', '4242 4242 4242 4242', '4000000000009995'];
/** No parameter of ours; apps send it all the same. */
const cvv = '90x7';
const ops = 'open sesame, please';

/** Real processes that log everything they can, while somebody tells the system every kind of secret. */
describe('what people tell in confidence', function () {
  this.timeout(90_000);
  let fixture: Fixture;
  let payments: PaymentSimulator;
  const secrets: { [what: string]: string[] } = {
    'a card number': cards,
    'a CVV': [cvv],
    'a PIN': [],
    'a password': [password],
    'a session id': [],
    'a token of a card': [],
    'a key of ours': ['sk_test_of_ours', 'whsec_of_ours'],
  };
  const keep = (what: string, secret: unknown) => {
    expect(secret, what).to.be.a('string').and.match(/.{4}/);
    secrets[what]?.push(String(secret));
    return String(secret);
  };

  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    const root = process.cwd();
    await compileProgram();
    payments = await startPaymentSimulator();
    fixture = await openFixture({
      ...{ root, seed: 1, groups: 1, members: 3, paced: false, onProgress: () => {} },
      settings: {
        ...{ LOG_LEVEL: 'trace', OPS_PASSWORD: ops, STRIPE_API_URL: payments.url },
        ...{ STRIPE_SECRET_KEY: 'sk_test_of_ours', STRIPE_WEBHOOK_SECRET: 'whsec_of_ours' },
      },
    });
    await tellEverything();
    await let15MinutesPass();
  });
  after(async () => {
    await fixture?.close();
    await payments?.stop();
  });

  const call = async (url: string, params: Record<string, unknown>, as: 'query' | 'form' | 'json' = 'form') => {
    const fields = new URLSearchParams(
      Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) };
    const answer =
      as === 'query'
        ? await fetch(`${fixture.api}${url}?${fields}`)
        : await fetch(`${fixture.api}${url}`, { method: 'POST', ...(as === 'json' ? json : { body: fields }) });
    return JSON.parse(await answer.text()) as Record<string, unknown>;
  };
  const pinTo = async (phone: string, count: number) => {
    const texts = await fixture.simulator.waitForTexts({ to: phone, text: /PIN/ }, { count, timeoutMs: 20_000 });
    return keep('a PIN', /\b\d{6}\b/.exec(texts.at(-1)?.text ?? '')?.[0]);
  };

  async function tellEverything(): Promise<void> {
    const { number } = await call('/group/create', {
      ...{ group: 'Confidants', name: 'Ann', number: ann, name_0: 'Bob', number_0: bob, send_pin: 1 },
    });
    const pin = await pinTo(ann, 1);
    const on = await call('/group/set', { number, pin, pin_number: ann, disable_who: 1 });
    expect(on.status).to.equal('OK');
    await call('/member/find', { number: ann });
    const second = await pinTo(ann, 2);
    const first = await call('/member/login', { number: ann, pin: second }, 'json');
    const sid = keep('a session id', first.sid);
    expect((await call('/account/password', { sid, password }, 'query')).status).to.equal('OK');
    for (const as of ['query', 'form', 'json'] as const)
      keep('a session id', (await call('/member/login', { number: ann, pin: password }, as)).sid);
    await call('/member/login', { number: ann, pin: `${password}!` }, 'query');

    const own = { sid, email: 'ann@example.com', zip: '94107', cc_expiration: '2099-08', cc_cvv: cvv };
    const expires = `${new Date().getUTCFullYear() + 1}-08`;
    for (const as of ['query', 'form', 'json'] as const) {
      for (const cc_number of cards) await call('/account/set', { ...own, cc_number, cc_expiration: expires }, as);
      await call('/account/charge', { sid, amount: 1000, idempotency_key: `declined ${as}` }, as);
    }
    payments.fault({ kind: 'down', times: 2 });
    await call('/account/set', { ...own, cc_number: cards[0], cc_expiration: expires });
    const token = keep('a token of a card', 'tok_visa_debit');
    expect((await call('/account/set', { ...own, cc_expiration: '', cc_token: token })).status).to.equal('OK');
    payments.fault({ kind: 'drop', times: 2, path: '/confirm' });
    await call('/account/charge', { sid, amount: 1000, idempotency_key: 'lost' });
    expect((await call('/account/charge', { sid, amount: 1000, idempotency_key: 'made' })).status).to.equal('OK');

    expect((await call('/message/send', { sid, number, message: said }, 'query')).status).to.equal('OK');
    await fixture.simulator.waitForTexts({ to: bob, text: new RegExp(said) }, { timeoutMs: 20_000 });
    // What goes wrong is logged as well.
    await call('/account/set', { ...own, cc_number: cards[0], 'sid[$ne]': sid }, 'query');
    await call(`/nowhere/${sid}/${pin}`, { sid, password, cc_number: cards[0] }, 'query');
    await call('/account/charge', { sid: `${sid}x`, cc_number: cards[0], amount: password });
    await fetch(`${fixture.api}/account/set`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', referer: `https://app.example/?sid=${sid}` },
      body: `{"sid":"${sid}","cc_number":"${cards[0]}"`,
    });
    await call('/stripe/webhook', { sid, cc_number: cards[0] }, 'json');
    await call('/plivo/message', { From: ann.slice(1), To: '1', Text: `PIN ${pin} ${sid}` });
    await call('/member/logout', { sid });
  }

  /** The texts with PINs are emptied then; a clock does that first of all. */
  async function let15MinutesPass(): Promise<void> {
    await run(fixture.db, 'UPDATE messages SET redact_at = NOW(3) - INTERVAL 1 SECOND WHERE redact_at IS NOT NULL');
    await fixture.processes.replace('clock', 'SIGTERM');
    await until('the texts with PINs are emptied', async () => {
      const [found] = await rows<{ left: number }>(
        fixture.db,
        'SELECT COUNT(*) AS `left` FROM messages WHERE redact_at IS NOT NULL',
      );
      return found?.left === 0;
    });
  }

  const asOps = async (url: string) => {
    const authorization = `Basic ${Buffer.from(`ops:${ops}`).toString('base64')}`;
    const answer = await fetch(`${fixture.api}${url}`, { headers: { authorization } });
    expect(answer.status, url).to.equal(200);
    return answer.text();
  };
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  const dump = async () => {
    const tables = await rows<{ name: string }>(
      fixture.db,
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    );
    const all = await Promise.all(tables.map(({ name }) => rows<object>(fixture.db, `SELECT * FROM \`${name}\``)));
    return JSON.stringify(all.flat(), (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
  };

  /** Where it might be; and something that is there for certain, so that an empty place is no proof. */
  const places: [string, () => string | Promise<string>, RegExp][] = [
    ['the logs of all processes', () => filesIn(path.join(fixture.folder, 'logs')), /"route":"\/account\/set"/],
    ['the database', dump, /ann@example\.com/],
    ['everything that Redis was ever told', () => filesIn(path.join(fixture.folder, 'servers', 'redis')), /\{gtx\}/],
    ['the metrics', () => asOps('/ops/metrics'), /http_request_duration_seconds/],
    ['the queues', () => asOps('/ops/queues'), /fanout/],
    ['the API reference', async () => (await fetch(`${fixture.api}/openapi.json`)).text(), /cc_number/],
    ['the payment provider’s memory', () => JSON.stringify(payments.payments), /succeeded/],
  ];
  for (const [where, read, sign] of places) {
    it(`is not in ${where}`, async () => {
      const text = await read();
      expect(text).to.match(sign);
      for (const [what, some] of Object.entries(secrets)) {
        expect(some, what).not.to.be.empty;
        for (const secret of some) {
          const wanted = new RegExp(`(?<![0-9A-Za-z])${secret.replace(/[^\w ]/g, '\\$&')}(?![0-9A-Za-z])`);
          expect(wanted.test(text), `${what} is in ${where}`).to.equal(false);
        }
      }
    });
  }

  it('and what was said, and by whom, is in no log and no metric', async () => {
    for (const text of [filesIn(path.join(fixture.folder, 'logs')), await asOps('/ops/metrics')])
      for (const word of [said, ann.slice(1), bob.slice(1), 'Confidants', 'ann@example.com'])
        expect(text.includes(word), word).to.equal(false);
  });
});
