import { randomInt, randomUUID } from 'node:crypto';
import { stringify } from 'node:querystring';
import { Pool } from 'undici';
import { signV3 } from '../../dev/simulator/signature.ts';
import type { Call, Inbound, Order, Orders, Posted, PosterSettings } from './poster.ts';
import { timed } from './rhythm.ts';

/** The poster's own process: the first message holds its settings, each later one is an order. */
process.once('message', (settings: PosterSettings) => {
  const carryOut = openOrders(settings);
  process.on('message', async ({ number, order }: { number: number; order: Order }) => {
    process.send?.({ order: number, posted: await carryOut(order) });
  });
  process.send?.({ order: 'ready' });
});
// Its parent is gone or needs it no more.
process.on('disconnect', () => process.exit(0));

function openOrders({ api, carrier, authId, authToken }: PosterSettings): (order: Order) => Promise<Posted> {
  const open = (address: string) => new Pool(address, { connections: CONNECTIONS, pipelining: 1 });
  const toCarrier = open(carrier);
  const toApi = open(api);
  const gateways = new Map<string, Pool>();
  const login = Buffer.from(`${authId}:${authToken}`).toString('base64');
  const headers = { authorization: `Basic ${login}`, 'content-type': 'application/json' };
  const path = `/v1/Account/${authId}/Message/`;

  async function post({ asks }: Orders['post'], at: number): Promise<boolean> {
    // Key by key what a sender posts.
    const report = asks ? { url: `${api}/plivo/status?d=1-${at}-0-1`, method: 'POST' } : {};
    const body = JSON.stringify({ ...report, src: OURS, dst: phoneOf(at), text: wordsOf(at) });
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

  async function call({ path: where, params }: Call): Promise<boolean> {
    const answer = await toApi.request({
      method: 'POST',
      path: where,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: stringify(params),
    });
    const { status } = (await answer.body.json()) as { status: string };
    return status === 'OK';
  }

  async function forward({ url, count, each }: Orders['gateway'], at: number): Promise<boolean> {
    const pool = gateways.get(url) ?? open(url);
    gateways.set(url, pool);
    const from = at * each;
    const to = Array.from({ length: Math.min(each, count - from) }, (_, place) => phoneOf(from + place)).join(' ');
    const asked = stringify({ username: 'bench', password: 'bench', from: OURS, to, text: wordsOf(at) });
    const answer = await pool.request({ method: 'GET', path: `/cgi-bin/sendsms?${asked}` });
    await answer.body.text();
    return answer.statusCode === 202;
  }

  return (order) => {
    switch (order.kind) {
      case 'post':
        return timed(order.count, order.rhythm, (at) => post(order, at));
      case 'text':
        return timed(order.inbound.length, order.rhythm, (at) => text(order.inbound[at] as Inbound));
      case 'call':
        return timed(order.calls.length, order.rhythm, (at) => call(order.calls[at] as Call));
      case 'gateway':
        return timed(Math.ceil(order.count / order.each), order.rhythm, (at) => forward(order, at));
    }
  };
}

const CONNECTIONS = 100;
const OURS = '+12015550101';
const phoneOf = (at: number) => `+${14_150_000_000 + at}`;
const wordsOf = (at: number) => `Member 1: Who brings the ball tonight? (${at})`;

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
