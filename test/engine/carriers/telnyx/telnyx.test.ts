import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { startTelnyxSimulator } from '../../../../dev/telnyx-simulator/simulator.ts';
import type { Webhook } from '../../../../engine/carriers/carrier.ts';
import { openTelnyxNumbers } from '../../../../engine/carriers/telnyx/numbers.ts';
import { verdictOf } from '../../../../engine/carriers/telnyx/send.ts';
import { openSignatures } from '../../../../engine/carriers/telnyx/signature.ts';
import { parse } from '../../../../engine/carriers/telnyx/webhooks.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const isSigned = openSignatures(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'));

function webhook(event: object, { ageSeconds = 0, sent = event } = {}): Webhook {
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
  const signature = sign(null, Buffer.from(`${timestamp}|${JSON.stringify(event)}`), privateKey).toString('base64');
  return {
    kind: 'message',
    method: 'POST',
    url: 'https://texts.example/telnyx/message?d=9-9-0-9',
    headers: { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': timestamp },
    body: Buffer.from(JSON.stringify(sent)),
  };
}

const report = (status: string, code?: string) =>
  webhook({
    data: {
      event_type: 'message.finalized',
      payload: {
        id: 'a-message',
        to: [{ phone_number: '+14447778888', status }],
        errors: code === undefined ? [] : [{ code }],
        parts: 2,
        webhook_url: 'https://texts.example/telnyx/report?d=1-2-0-1',
      },
    },
  });

describe('Telnyx', () => {
  it('is believed for five minutes, over the bytes that it signed and no others', () => {
    expect(isSigned(webhook({ a: 1 }))).to.equal(true);
    expect(isSigned(webhook({ a: 1 }, { ageSeconds: 290 }))).to.equal(true);
    expect(isSigned(webhook({ a: 1 }, { ageSeconds: 310 }))).to.equal(false);
    expect(isSigned(webhook({ a: 1 }, { ageSeconds: -310 }))).to.equal(false);
    expect(isSigned(webhook({ a: 1 }, { sent: { a: 2 } }))).to.equal(false);
    expect(isSigned({ ...webhook({ a: 1 }), method: 'GET' })).to.equal(false);
    expect(isSigned({ ...webhook({ a: 1 }), headers: {} })).to.equal(false);
  });

  it('names the try in what it signs, not in the address that anybody could change', () => {
    const [delivered] = parse(report('delivered')).reports;
    expect(delivered).to.include({ tryName: '1-2-0-1', status: 'delivered', units: 2, meaning: null });
  });

  it('reports an end with what it means', () => {
    const meanings = (status: string, code?: string) =>
      parse(report(status, code)).reports.map((one) => [one.status, one.meaning, one.unreachable]);
    expect(meanings('delivery_failed', '40300')).to.deep.equal([['undelivered', 'optout', false]]);
    expect(meanings('delivery_failed', '40001')).to.deep.equal([['undelivered', 'failed', true]]);
    expect(meanings('sending_failed', '40006')).to.deep.equal([['failed', 'retry', false]]);
    expect(meanings('delivery_unconfirmed')).to.deep.equal([['sent', null, false]]);
    expect(meanings('a word nobody knows')).to.deep.equal([]);
  });

  it('sells a number to our profile, which may text when it is active', async () => {
    const simulator = await startTelnyxSimulator({ apiKey: 'KEY', webhookBase: 'http://127.0.0.1:1' });
    try {
      const settings = { apiKey: 'KEY', apiUrl: simulator.url, profileId: 'our-profile', timeoutMs: 2_000 };
      const numbers = openTelnyxNumbers(settings);
      const { phone: number, isReady } = await numbers.buy({ country: 'US' });
      expect(isReady).to.equal(true);
      expect(number).to.match(/^\+1970555\d{4}$/);
      expect(simulator.bought).to.deep.equal([{ number, profileId: 'our-profile' }]);
      expect(await numbers.makeReady(number)).to.equal(true);
      expect(await numbers.makeReady('+19705559999')).to.equal(false);
      // Given back once, and again, which changes nothing.
      for (let time = 0; time < 2; time++) await numbers.release(number);
      expect(simulator.bought).to.deep.equal([]);
      expect(await numbers.makeReady(number)).to.equal(false);
      const stranger = openTelnyxNumbers({ ...settings, apiKey: 'another' });
      const refused = await stranger.buy({ country: 'US' }).catch(String);
      expect(refused).to.equal('Error: Telnyx refused with 401, code 10009');
    } finally {
      await simulator.stop();
    }
  });

  it('is asked again, waited for or given up, by its code', () => {
    const kind = (status: number, code?: string, title = 'No') =>
      verdictOf({
        status,
        body: code === undefined ? '' : JSON.stringify({ errors: [{ code, title }] }),
        retryAfter: undefined,
      });
    expect(kind(429, '10011')).to.include({ kind: 'retry', throttled: true });
    expect(kind(429, '40333')).to.include({ kind: 'paused', errorCode: 40333 });
    expect(kind(402, '20100')).to.include({ kind: 'paused', errorCode: 20100 });
    expect(kind(401)).to.include({ kind: 'paused', errorCode: 401 });
    expect(kind(401, '10009')).to.include({ kind: 'paused', errorCode: 10009 });
    expect(kind(403, '40399')).to.include({ kind: 'paused', errorCode: 40399 });
    expect(kind(403, '40399', 'Destination country not allowed')).to.include({ kind: 'failed' });
    expect(kind(403, '40300')).to.include({ kind: 'failed', optedOut: true });
    expect(kind(404, '10005')).to.include({ kind: 'paused' });
    expect(kind(405)).to.include({ kind: 'paused' });
    expect(kind(400, '40399', 'Messaging profile is disabled')).to.include({ kind: 'paused', errorCode: 40399 });
    expect(kind(422, '40399', 'Account suspended')).to.include({ kind: 'paused' });
    expect(kind(408, '40399')).to.include({ kind: 'retry' });
    expect(kind(400, '40300')).to.include({ kind: 'failed', optedOut: true });
    expect(kind(422, '40009')).to.include({ kind: 'failed' });
    expect(kind(503)).to.include({ kind: 'retry', throttled: false });
    expect(kind(408)).to.include({ kind: 'retry' });
  });
});
