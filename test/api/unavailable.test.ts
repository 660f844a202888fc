import { expect } from 'chai';
import { sign } from '../../dev/payment-simulator/events.ts';
import { signV3 } from '../../engine/carriers/plivo/signature.ts';
import { type GatedWeb, openGatedWeb } from '../support/gated-web.ts';
import { uuidOf } from '../support/uuid.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '+14445550001';

describe('when a server is unavailable or frozen', () => {
  let world: World;
  let number: string;
  let sid: string;
  let gates: GatedWeb['gates'];
  let web: GatedWeb;
  let texts = 0;
  before(async () => {
    world = await openWorld({ env: { STRIPE_WEBHOOK_SECRET: 'whsec_away' } });
    const { body } = await world.call('/group/create', {
      ...{ group: 'Hikers', name: 'Ann', number: ann, name_0: 'Bob', number_0: '+14445550002' },
    });
    number = String(body.number);
    await world.text(ann, number, 'YES');
    await world.quiet();
    sid = await world.logIn(ann);
    web = await openGatedWeb(world);
    gates = web.gates;
  });
  after(async () => {
    await web.close();
    await world.close();
  });

  afterEach(() => {
    for (const gate of [gates.mysql, gates.redis]) gate.open();
  });

  const post = async (path: string, params: Record<string, string> | string, headers: Record<string, string> = {}) => {
    const start = performance.now();
    const url = `${web.url}${path}`;
    const answer = await fetch(url, {
      method: 'POST',
      body: typeof params === 'string' ? params : new URLSearchParams(params),
      headers,
    });
    const body = await answer.text();
    // Within 3 s, on a machine that has time; what nobody gives up would be longer.
    expect(performance.now() - start, path).to.be.lessThan(8_000);
    return { http: answer.status, headers: answer.headers, body };
  };
  const read = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${web.url}${path}`);
    return { http: answer.status, ...((await answer.json()) as object) };
  };
  const hook = () => {
    const fields = {
      From: ann.slice(1),
      To: number.slice(1),
      Text: `Hi ${++texts}`,
      MessageUUID: uuidOf(`unavailable ${texts}`),
    };
    const url = `${world.url}/plivo/message`;
    const nonce = String(texts);
    const signature = signV3({ method: 'POST', url, fields, nonce, authToken: 'test-token' });
    return post('/plivo/message', fields, { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce });
  };
  const paymentHook = () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', amount_refunded: 100 };
    const body = JSON.stringify({ id: 'evt_1', type: 'charge.refunded', created: 1, data: { object: charge } });
    return post('/stripe/webhook', body, { 'stripe-signature': sign(body, 'whsec_away') });
  };
  const isUnavailable = ({ http, headers, body }: Awaited<ReturnType<typeof post>>, what: RegExp) => {
    expect(http, body).to.equal(503);
    expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
    const { error_type, error_subtype, request_id } = JSON.parse(body) as Record<string, string>;
    expect([error_type, request_id]).to.deep.equal(['UNAVAILABLE', headers.get('x-request-id')]);
    expect(error_subtype).to.match(what);
    expect(body).not.to.match(/at .*:\d+|ECONN|SELECT/);
  };
  const untilReady = async () => {
    for (;;) {
      const { http, degraded } = await read('/readyz');
      if (http === 200 && String(degraded) === '') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  for (const fault of ['freeze', 'cut'] as const) {
    it(`Redis (${fault}): what counts tries is refused, everything else is taken`, async () => {
      await untilReady();
      gates.redis[fault]();
      isUnavailable(await post('/member/find', { number: ann }), /redis/);
      isUnavailable(await post('/member/login', { number: ann, pin: '123456' }), /redis/);
      isUnavailable(await post('/group/set', { pin: '123456', pin_number: ann, number }), /redis/);
      expect((await post('/member/login', { number: '12', pin: '1' })).body).to.contain('INVALID_NUMBER');
      expect((await post('/message/send', { sid, number, message: 'Hello' })).http).to.equal(200);
      expect((await post('/member/groups', { sid })).http).to.equal(200);
      expect((await hook()).http).to.equal(200);
      expect(await read('/readyz'))
        .to.include({ http: 200 })
        .and.to.have.deep.property('degraded', ['redis']);
      gates.redis.open();
      await untilReady();
      expect((await post('/member/login', { number: ann, pin: '123456' })).body).to.contain('INVALID_PIN');
    });

    it(`MySQL (${fault}): every call and every webhook is 503 in time, and the next ones are taken`, async () => {
      await untilReady();
      gates.mysql[fault]();
      const calls = [
        post('/member/groups', { sid }),
        post('/message/send', { sid, number, message: 'Hello' }),
        post('/member/find', { number: ann }),
        post('/member/login', { number: ann, pin: '123456' }),
        post('/group/create', { group: 'A', name: 'B', number: ann, name_0: 'C', number_0: '+14445550009' }),
        hook(),
        paymentHook(),
      ];
      for (const answer of await Promise.all(calls)) isUnavailable(answer, /mysql|time|redis/);
      expect(await read('/readyz')).to.include({ http: 503, error_subtype: 'mysql' });
      expect(await read('/healthz')).to.include({ http: 200 });
      gates.mysql.open();
      await untilReady();
      expect((await post('/message/send', { sid, number, message: 'Hello again' })).http).to.equal(200);
      expect((await hook()).http).to.equal(200);
      expect((await paymentHook()).http).to.equal(200);
    });
  }

  it('does not lock a member out for tries that could not be looked at', async () => {
    await untilReady();
    gates.mysql.cut();
    for (let tries = 0; tries < 8; tries++)
      expect((await post('/member/login', { number: ann, pin: '1' })).http).to.equal(503);
    gates.mysql.open();
    await untilReady();
    expect((await post('/member/login', { number: ann, pin: '1' })).body).to.contain('INVALID_PIN');
  });
});
