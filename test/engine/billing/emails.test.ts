import { expect } from 'chai';
import { pino } from 'pino';
import { rows, run } from '../../../db/connect.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../../../dev/payment-simulator/simulator.ts';
import { sendEmails } from '../../../engine/billing/emails.ts';
import { tellLowBalances } from '../../../engine/billing/low-balance.ts';
import { openMailer } from '../../../engine/billing/mailer.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { startGroup } from '../../support/group.ts';
import { type Mailbox, openMailbox } from '../../support/mailbox.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

const nextYear = `${new Date().getUTCFullYear() + 1}-08`;

describe('letters to owners', () => {
  let world: World;
  let payments: PaymentSimulator;
  let mailbox: Mailbox;
  let clock: Runtime;
  let ann: string;
  let sid: string;
  const log: string[] = [];

  before(async () => {
    [payments, mailbox] = await Promise.all([startPaymentSimulator(), openMailbox()]);
    const env = { STRIPE_SECRET_KEY: 'sk_test_world', STRIPE_API_URL: payments.url, SMTP_URL: mailbox.url };
    world = await openWorld({ workers: false, env });
    clock = runtimeWith(world.runtime, {
      log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    });
  });
  after(async () => {
    await world?.close();
    await mailbox?.down();
    await payments?.stop();
  });
  beforeEach(async () => {
    const { phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '448', quiet: false });
    ann = phones.Ann ?? '';
    sid = await openSid(world, ann);
  });

  const call = async (url: string, params: Record<string, unknown>) => {
    const { body } = await world.call(url, { sid, ...params });
    expect(body).to.include({ status: 'OK' });
  };
  const useCard = (email: string) =>
    call('/account/set', { email, zip: '94107', cc_number: '4242424242424242', cc_expiration: nextYear });
  const lettersTo = (address: string) => mailbox.letters.filter(({ to }) => to === address).map(({ raw }) => raw);
  const waiting = () =>
    rows<{ id: number; tries: number; dueAt: Date; createdAt: Date }>(
      world.runtime.db,
      'SELECT id, tries, due_at AS dueAt, created_at AS createdAt FROM emails',
    );
  const in_ = (ms: number) => new Date(Date.now() + ms);
  const MINUTE = 60_000;

  it('are a receipt for each payment, once, whatever is asked again', async () => {
    await useCard('ann@example.com');
    await call('/account/charge', { amount: 1000, idempotency_key: 'once' });
    await call('/account/charge', { amount: 1000, idempotency_key: 'once' });
    const counts = await Promise.all([sendEmails(clock), sendEmails(clock)]);
    expect(counts.toSorted()).to.deep.equal([0, 1]);
    expect(await sendEmails(clock, in_(10 * MINUTE))).to.equal(0);
    const [letter = '', ...others] = lettersTo('ann@example.com');
    expect(others).to.deep.equal([]);
    expect(letter).to.match(/^Subject: Your payment of \$10\.00 for group texting\r$/m);
    expect(letter).to.match(/^From: Group Texting <no-reply@127\.0\.0\.1>\r$/m);
    expect(letter.replaceAll('=\r\n', '').replaceAll('\r\n', ' ')).to.match(
      /receipt: you paid \$10\.00 with Visa ending in 4242 on \d{4}-\d\d-\d\d \(UTC\)\..*now \$15\.00\./,
    );
    expect(letter).not.to.contain('4242424242424242');
  });

  it('are in the language of the owner', async () => {
    await useCard('ana@example.com');
    await run(world.runtime.db, 'UPDATE people SET language = ? WHERE phone = ?', ['es', ann]);
    await call('/account/charge', { amount: 1000 });
    await run(world.runtime.db, 'UPDATE people SET language = ? WHERE phone = ?', ['fr', ann]);
    await call('/account/charge', { amount: 2000 });
    await sendEmails(clock);
    const letters = lettersTo('ana@example.com').map((raw) => raw.replaceAll('=\r\n', '').replaceAll('\r\n', ' '));
    expect(letters[0]).to.match(/Subject: Tu pago de \$10\.00 .*con la Visa terminada en 4242 el /);
    expect(letters[1]).to.match(/Subject: Votre paiement de \$20\.00 .*avec la Visa se terminant par 4242 le /);
  });

  it('are none without an address, and nothing fails', async () => {
    await useCard('soon-gone@example.com');
    await run(world.runtime.db, 'UPDATE accounts SET email = NULL WHERE email = ?', ['soon-gone@example.com']);
    await call('/account/charge', { amount: 1000 });
    expect(await waiting()).to.deep.equal([]);
    expect(await sendEmails(clock)).to.equal(0);
  });

  it('are none for a payment that was declined', async () => {
    const card = { cc_number: '4000000000000341', cc_expiration: nextYear };
    await call('/account/set', { email: 'declined@example.com', zip: '94107', ...card });
    const { body } = await world.call('/account/charge', { sid, amount: 1000 });
    expect(body.error_type).to.equal('DECLINED');
    expect(await waiting()).to.deep.equal([]);
  });

  it('warn of a low balance, beside the text', async () => {
    await useCard('low@example.com');
    const { db } = world.runtime;
    await run(db, 'UPDATE accounts SET balance = 40, low_at = 100 WHERE email = ?', ['low@example.com']);
    await tellLowBalances(world.runtime);
    await sendEmails(clock);
    expect(lettersTo('low@example.com').join()).to.match(/^Subject: \$0\.40 left for group texting\r$/m);
    expect(await sendEmails(clock, in_(10 * MINUTE))).to.equal(0);
  });

  it('wait while the mail server is unavailable, go out when it is back, and the payment stands', async () => {
    await useCard('later@example.com');
    await mailbox.down();
    await call('/account/charge', { amount: 1000 });
    const triedAt = Date.now();
    expect(await sendEmails(clock)).to.equal(0);
    const [kept] = await waiting();
    expect(kept?.tries).to.equal(1);
    expect(kept?.dueAt.getTime()).to.be.within(triedAt + 2_500, Date.now() + 7_500);
    await mailbox.up();
    expect(await sendEmails(clock, in_(MINUTE))).to.equal(1);
    expect(lettersTo('later@example.com')).to.have.length(1);
    expect(await waiting()).to.deep.equal([]);
    const { body } = await world.call('/account/balance', { sid });
    expect(body).to.include({ balance: 1500, type: 'P' });
  });

  for (const [what, address, from] of [
    ['nobody at our host', '', 'no-reply@texting.example'],
    ['whoever logs in at the server', 'smtp://billing%40mail.example:secret@', 'billing@mail.example'],
    [
      'whom the address of the server names',
      'smtp://billing%40mail.example:secret@?from=us@mail.example',
      'us@mail.example',
    ],
  ] as const) {
    it(`are from ${what}`, async () => {
      const [user = '', query = ''] = address.split('?');
      const SMTP_URL = `${user === '' ? mailbox.url : mailbox.url.replace('smtp://', user)}?${query}`;
      const mailer = openMailer({
        config: { SMTP_URL, PUBLIC_URL: 'https://texting.example/', BRAND: 'Parish, East' },
      });
      await mailer.send({ to: 'from@example.com', subject: 'From', text: 'From', id: '1' });
      expect(mailbox.letters.at(-1)).to.include({ to: 'from@example.com', from });
      expect(mailbox.letters.at(-1)?.raw).to.include(`\r\nFrom: "Parish, East" <${from}>\r\n`);
    });
  }

  it('that a server refuses stand in no other’s way, and are given up after a day', async () => {
    mailbox.refuse('nobody@example.com');
    await useCard('nobody@example.com');
    await call('/account/charge', { amount: 1000 });
    await call('/account/set', { email: 'nobody@example.com', zip: '94107' });
    const [other = ''] = [Object.values((await startGroup(world, ['Cid', 'Dan'], { quiet: false })).phones)[0]];
    sid = await openSid(world, other);
    await useCard('cid@example.com');
    await call('/account/charge', { amount: 1200 });
    expect(await sendEmails(clock)).to.equal(1);
    expect(lettersTo('cid@example.com')).to.have.length(1);
    expect(await waiting()).to.have.length(1);
    expect(await sendEmails(clock, in_(23 * 60 * MINUTE))).to.equal(0);
    expect(await waiting()).to.have.length(1);
    expect(await sendEmails(clock, in_(25 * 60 * MINUTE))).to.equal(0);
    expect(await waiting()).to.deep.equal([]);
    expect(log.join(''))
      .to.contain('an email was given up')
      .and.not.to.match(/@example|\$12\.00/);
  });

  it('of which a clock died in the middle come again under the same name', async () => {
    await useCard('twice@example.com');
    await call('/account/charge', { amount: 1000 });
    const [row] = await waiting();
    await sendEmails(clock);
    await run(
      world.runtime.db,
      `INSERT INTO emails (id, account_id, subject, text, tries, due_at, created_at)
       SELECT ?, id, 'Again', 'Again', 1, NOW(3), ? FROM accounts WHERE email = 'twice@example.com'`,
      [row?.id ?? 0, row?.createdAt ?? null],
    );
    await sendEmails(clock);
    const names = lettersTo('twice@example.com').map((raw) => /^Message-ID: (.+)\r$/m.exec(raw)?.[1]);
    expect(names).to.have.length(2);
    expect(new Set(names).size).to.equal(1);
  });
});
