import { expect } from 'chai';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { type Listening, listen } from '../../api/listen.ts';
import { type PaymentSimulator, startPaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { eventsOf } from '../support/events.ts';
import { startGroup } from '../support/group.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openSid } from '../support/session.ts';
import { openWorld } from '../support/world.ts';

const contact = { email: 'ann@example.com', zip: '94107' };
const declining = { ...contact, cc_token: 'pm_card_chargeDeclinedInsufficientFunds' };
const paying = { ...contact, cc_token: 'pm_card_visa' };

/** Thieves find out which of their stolen cards work by saving and charging them somewhere: not here. */
describe('who tries cards', () => {
  const closing: (() => unknown)[] = [];
  let payments: PaymentSimulator;
  before(async () => {
    payments = await startPaymentSimulator();
    closing.push(() => payments.stop());
  });
  after(async () => {
    for (const close of closing.toReversed()) await close();
  });

  /** Calls of owners from any address, and the error lines that came of them. */
  async function open(limits: Record<string, string>) {
    const env = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_URL: payments.url, TRUST_PROXY: '1' };
    const world = await openWorld({ workers: false, env: { ...env, ...limits } });
    closing.push(() => world.close());
    const errors: { budget?: string }[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(JSON.parse(line)) });
    const api: Listening = await listen(createApp(runtimeWith(world.runtime, { log })), {
      ...{ port: 0, host: '127.0.0.1', keepAliveSeconds: 5 },
    });
    closing.push(() => api.stop());
    const call = async (path: string, params: Record<string, unknown>, address = '10.0.0.1') => {
      const answer = await fetch(`http://127.0.0.1:${api.port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify(params),
      });
      const body = (await answer.json()) as Record<string, unknown>;
      const retryAfter = Number(answer.headers.get('retry-after'));
      if (body.error_type === 'UNAVAILABLE') expect([answer.status, retryAfter > 0]).to.deep.equal([503, true]);
      return String(body.error_type ?? body.status);
    };
    const owner = async () =>
      openSid(world, (await startGroup(world, ['Ann', 'Bob'], { quiet: false })).phones.Ann ?? '');
    return { world, call, owner, errors };
  }

  const countOf = (answers: readonly string[], what: string) => answers.filter((one) => one === what).length;

  it('on one account saves a few an hour, refused ones counted, and one alarm says so', async () => {
    const { world, call, owner, errors } = await open({ CARD_TRIES_PER_ACCOUNT: '5' });
    const sid = await owner();
    const tries = [paying, { ...contact, cc_token: 'pm_card_discover' }];
    const answers: string[] = [];
    for (let at = 0; at < 12; at++)
      answers.push(await call('/account/set', { sid, ...(tries[at % 2] ?? paying) }, `10.0.1.${at}`));
    expect(answers.slice(0, 5)).to.deep.equal(['OK', 'INVALID_CC_TYPE', 'OK', 'INVALID_CC_TYPE', 'OK']);
    expect(countOf(answers, 'UNAVAILABLE')).to.equal(7);
    expect(await call('/account/set', { sid, ...contact, zip: '94108' }), 'an address alone').to.equal('OK');
    expect(await call('/account/set', { sid: await owner(), ...paying }), 'somebody else').to.equal('OK');
    expect(errors.map(({ budget }) => budget)).to.deep.equal(['cards']);
    expect(await eventsOf(world.runtime, 'budget:cards', 7)).to.equal(7);
  });

  it('has a few charges declined an hour, at once or in turn; what is paid does not count', async () => {
    const { world, call, owner, errors } = await open({ CARD_TRIES_PER_ACCOUNT: '3' });
    const sid = await owner();
    const charge = (params: object = {}) => call('/account/charge', { sid, amount: 1000, ...params });
    await call('/account/set', { sid, ...paying });
    for (let at = 0; at < 5; at++) expect(await charge()).to.equal('OK');
    await call('/account/set', { sid, ...declining });
    const before = payments.payments.length;
    for (let at = 0; at < 5; at++)
      expect(await charge({ idempotency_key: 'the same' }), 'asked once').to.equal('DECLINED');
    const answers = await Promise.all(Array.from({ length: 20 }, () => charge()));
    expect(new Set(answers)).to.deep.equal(new Set(['DECLINED', 'UNAVAILABLE']));
    expect(countOf(answers, 'DECLINED')).to.equal(2);
    expect(await charge()).to.equal('UNAVAILABLE');
    expect(payments.payments.length - before).to.equal(3);
    expect(errors.map(({ budget }) => budget)).to.deep.equal(['declines']);
    expect(await eventsOf(world.runtime, 'budget:declines', 19)).to.equal(19);
  });

  it('with many accounts from one address, or from many, meets the limits of the address and of all', async () => {
    const { call, owner, errors } = await open({ CARD_TRIES_PER_ADDRESS: '2', CARD_TRIES_PER_HOUR: '4' });
    const sids = await Promise.all(Array.from({ length: 8 }, owner));
    const from = (at: number, address: string) => call('/account/set', { sid: sids[at], ...paying }, address);
    expect([await from(0, '10.0.0.1'), await from(1, '10.0.0.1'), await from(2, '10.0.0.1')]).to.deep.equal([
      ...['OK', 'OK', 'UNAVAILABLE'],
    ]);
    expect([await from(3, '10.0.0.2'), await from(4, '10.0.0.3'), await from(5, '10.0.0.4')]).to.deep.equal([
      ...['OK', 'OK', 'UNAVAILABLE'],
    ]);
    expect(errors.map(({ budget }) => budget)).to.deep.equal(['cards']);
  });

  it('is not counted where the payment provider could not be asked', async () => {
    const { call, owner } = await open({ CARD_TRIES_PER_ACCOUNT: '2' });
    const sid = await owner();
    // The SDK asks twice.
    payments.fault({ kind: 'down', times: 6 });
    for (let at = 0; at < 3; at++) expect(await call('/account/set', { sid, ...paying })).to.equal('UNAVAILABLE');
    expect(await call('/account/set', { sid, ...paying })).to.equal('OK');
  });
});
