import { randomInt, randomUUID } from 'node:crypto';
import { stringify } from 'node:querystring';
import { Pool } from 'undici';
import { signV3 } from '../../dev/simulator/signature.ts';
import type { Inbound, Order, Posted, PosterSettings } from './poster.ts';

/** The poster's own process: the first message holds its settings, each later one is an order. */
process.once('message', (settings: PosterSettings) => {
  const orders = openOrders(settings);
  process.on('message', async (order: Order) => process.send?.(await orders(order)));
  process.send?.('ready');
});
// Its parent is gone or needs it no more.
process.on('disconnect', () => process.exit(0));

function openOrders({ api, carrier, authId, authToken }: PosterSettings): (order: Order) => Promise<Posted> {
  const toCarrier = new Pool(carrier, { connections: 100, pipelining: 1 });
  const toApi = new Pool(api, { connections: 100, pipelining: 1 });
  const login = Buffer.from(`${authId}:${authToken}`).toString('base64');
  const headers = { authorization: `Basic ${login}`, 'content-type': 'application/json' };
  const path = `/v1/Account/${authId}/Message/`;

  async function post(at: number): Promise<boolean> {
    const dst = `+${14_150_000_000 + at}`;
    const body = JSON.stringify({ src: '+12015550101', dst, text: `Member 1: Who brings the ball tonight? (${at})` });
    const answer = await toCarrier.request({ method: 'POST', path, headers, body });
    await answer.body.text();
    return answer.statusCode === 202;
  }

  async function text(inbound: Inbound): Promise<boolean> {
    const { path: where, ...request } = webhook({ inbound, api, authToken });
    const answer = await toApi.request({ method: 'POST', path: where, ...request });
    await answer.body.text();
    return answer.statusCode === 200;
  }

  return (order) =>
    order.kind === 'post'
      ? timed(order.count, order.atOnce, post)
      : timed(order.inbound.length, order.atOnce, (at) => text(order.inbound[at] as Inbound));
}

async function timed(count: number, atOnce: number, work: (at: number) => Promise<boolean>): Promise<Posted> {
  const answersMs: number[] = [];
  let refused = 0;
  let next = 0;
  const start = performance.now();
  async function goOn(): Promise<void> {
    while (next < count) {
      const at = next++;
      const began = performance.now();
      if (!(await work(at))) refused++;
      answersMs.push(performance.now() - began);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, goOn));
  return { ms: performance.now() - start, answersMs, refused };
}

function webhook({ inbound, api, authToken }: { inbound: Inbound; api: string; authToken: string }) {
  const path = '/plivo/message';
  const nonce = String(randomInt(1e14));
  const params = {
    From: inbound.from.slice(1),
    To: inbound.to.slice(1),
    Type: 'sms',
    Text: inbound.text,
    MessageUUID: randomUUID(),
    Units: '1',
    TotalRate: '0.00000',
    TotalAmount: '0.00000',
    PowerpackUUID: '',
  };
  return {
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-plivo-signature-v3': signV3({ url: api + path, params, token: authToken, nonce }),
      'x-plivo-signature-v3-nonce': nonce,
    },
    body: stringify(params),
  };
}
