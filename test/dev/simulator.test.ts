import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'node:querystring';
import { expect } from 'chai';
import fc from 'fast-check';
import { Client, validateSignature, validateV3Signature } from 'plivo';
import { SegmentedMessage } from 'sms-segments-calculator';
import { type Fault, type FaultKind, faultKinds } from '../../dev/simulator/faults.ts';
import { signV3 } from '../../dev/simulator/signature.ts';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator, SimulatorOptions } from '../../dev/simulator/types.ts';
import { countUnits } from '../../dev/simulator/units.ts';

const authId = 'MASIMULATEDACCOUNT00';
const authToken = 'a-token-of-the-simulated-account';
const [sister, free, otherFree] = ['+12025550177', '+18885550100', '+18885550101'];
const [ours, alice, bob] = ['+12025550100', '+12125550101', '+12125550102'];

describe('the carrier simulator', () => {
  let engine: Engine;
  let simulator: Simulator;
  let withinMs: number;

  beforeEach(async () => {
    withinMs = 20_000;
    engine = await startEngine();
  });
  afterEach(async () => {
    await simulator.stop();
    await engine.stop();
  });

  async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    const webhookBase = engine.url;
    simulator = await startSimulator({ authId, authToken, webhookBase, keep: Infinity, timeScale: 0.0005, ...options });
  }

  function send(fields: object = {}, token = authToken): Promise<Response> {
    return fetch(`${simulator.url}/v1/Account/${authId}/Message/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}`,
      },
      body: JSON.stringify({
        src: ours,
        dst: alice,
        text: 'hello',
        url: `${engine.url}/plivo/status?d=7-3`,
        ...fields,
      }),
      signal: AbortSignal.timeout(withinMs),
    });
  }

  function api(method: string, path: string, body?: object, token = authToken): Promise<Response> {
    return fetch(`${simulator.url}/v1/Account/${authId}/${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}`,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  function control(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${simulator.url}${path}`, {
      method,
      ...(method === 'POST'
        ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }
        : {}),
    });
  }

  it('takes a text in the query from a gateway that can only GET, and none without a login', async () => {
    await start();
    const ask = (token: string) =>
      fetch(`${simulator.url}/forward?${new URLSearchParams({ src: ours, dst: alice, text: 'Größe & more' })}`, {
        headers: { Authorization: `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}` },
      });
    expect((await ask('wrong')).status).to.equal(401);
    expect((await ask(authToken)).status).to.equal(202);
    expect(simulator.accepted.map(({ from, to, text }) => ({ from, to, text }))).to.deep.equal([
      { from: ours, to: alice, text: 'Größe & more' },
    ]);
  });

  it('takes a text, answers as Plivo does, and reports sent and delivered with signatures that the SDK accepts', async () => {
    await start();
    const answer = await send();
    const body = (await answer.json()) as { api_id: string; message: string; message_uuid: string[] };
    expect(answer.status).to.equal(202);
    expect(body.message).to.equal('message(s) queued');
    expect(body.message_uuid).to.have.length(1);
    await simulator.settled();
    expect(simulator.accepted).to.have.length(1);
    expect(simulator.accepted[0]).to.include({ from: ours, to: alice, text: 'hello', uuid: body.message_uuid[0] });
    expect(engine.heard.map(({ fields }) => [fields.Status, fields.Sequence, fields.ErrorCode])).to.deep.equal([
      ['sent', '1', ''],
      ['delivered', '2', '000'],
    ]);
    expect(engine.heard[1]?.fields).to.include({ MessageUUID: body.message_uuid[0], From: '12025550100', Units: '1' });
    expect(engine.heard[1]?.fields).to.include({
      MCC: '310',
      MNC: '260',
      TotalRate: '0.00770',
      TotalAmount: '0.00770',
    });
    expect(engine.heard[1]?.fields).to.include({ CarrierFeesRate: '0.00450', CarrierFees: '0.00450' });
    expect(engine.heard.every(({ genuine, url }) => genuine && url.endsWith('/plivo/status?d=7-3'))).to.equal(true);
  });

  it('takes what the official SDK sends', async () => {
    await start({ reporting: 'none' });
    const sdk = new Client(authId, authToken, { url: `${simulator.url}/v1/Account/${authId}` });
    const answer = (await sdk.messages.create(ours, `${alice}<${bob}`, 'hi both')) as unknown as {
      messageUuid: string[];
    };
    expect(answer.messageUuid).to.have.length(2);
    expect(simulator.accepted.map(({ to }) => to)).to.deep.equal([alice, bob]);
  });

  const wrongSends: [string, object, number, RegExp][] = [
    ['no src', { src: '' }, 400, /src/],
    ['no dst', { dst: undefined }, 400, /dst/],
    ['no text', { text: '' }, 400, /text/],
    ['a number that is none', { dst: '+1' }, 400, /'1' is not a valid phone number/],
    ['a text to itself', { dst: ours }, 400, /same/],
    ['media in an SMS', { media_urls: ['https://example.com/a.jpg'] }, 400, /mms/],
    ['a report address that is none', { url: 'nowhere' }, 400, /url/],
    ['a method that is none', { method: 'PUT' }, 400, /method/],
    ['eleven media', { type: 'mms', media_urls: Array(11).fill('https://example.com/a.jpg') }, 400, /at most 10/],
    ['an expiry of no time', { message_expiry: 4 }, 400, /message_expiry/],
    ['an expiry of too long', { message_expiry: 10_801 }, 400, /message_expiry/],
    ['a log that is none', { log: 'some' }, 400, /log/],
  ];
  it('refuses a send with the wrong token, or with something wrong in it, and keeps no text of it', async () => {
    await start();
    expect((await send({}, 'guessed')).status).to.equal(401);
    for (const [what, fields, status, error] of wrongSends) {
      const answer = await send(fields);
      expect(answer.status, what).to.equal(status);
      expect(((await answer.json()) as { error: string }).error, what).to.match(error);
    }
    expect(simulator.accepted).to.have.length(0);
    expect(
      ((await (await send({ dst: `${alice}<12<${alice}` })).json()) as { invalid_number: string[] }).invalid_number,
    ).to.deep.equal(['12']);
  });

  type Seen = {
    status?: number;
    kept?: number;
    statuses?: string[];
    codes?: string[];
    stays?: string;
    says?: RegExp;
  };
  const faultRows: Record<Exclude<FaultKind, `webhook_${string}`>, Seen & { details?: Partial<Fault> }> = {
    '400': { status: 400, kept: 0, statuses: [] },
    '401': { status: 401, kept: 0, statuses: [] },
    '402': { status: 402, kept: 0, statuses: [] },
    '403': { status: 403, kept: 0, statuses: [], says: /^Forbidden$/ },
    '403_geo': { status: 403, kept: 0, statuses: [], says: /country/ },
    '404': { status: 404, kept: 0, statuses: [] },
    '405': { status: 405, kept: 0, statuses: [] },
    '408': { status: 408, kept: 0, statuses: [] },
    '429': { status: 429, kept: 0, statuses: [] },
    '500': { status: 500, kept: 0, statuses: [] },
    '502': { status: 502, kept: 0, statuses: [] },
    '503': { status: 503, kept: 0, statuses: [] },
    '504': { status: 504, kept: 0, statuses: [] },
    no_credit: { details: { code: '400' }, status: 400, kept: 0, statuses: [], says: /Insufficient Credit/ },
    account_disabled: { status: 403, kept: 0, statuses: [], says: /disabled/ },
    outbound_disabled: { status: 403, kept: 0, statuses: [], says: /Outbound messages are disabled/ },
    caller_id: { status: 400, kept: 0, statuses: [], says: /caller ID is not allowed/ },
    error_in_200: { status: 200, kept: 0, statuses: [] },
    timeout_before: { stays: 'TimeoutError', kept: 0, statuses: [] },
    timeout_after: { stays: 'TimeoutError', kept: 1, statuses: ['sent', 'delivered'] },
    reset_before: { stays: 'TypeError', kept: 0, statuses: [] },
    reset_after: { stays: 'TypeError', kept: 1, statuses: ['sent', 'delivered'] },
    slow: { details: { ms: 60 }, status: 202, kept: 1, statuses: ['sent', 'delivered'] },
    trickle: { details: { ms: 60 }, status: 202, kept: 1, statuses: ['sent', 'delivered'] },
    wrong_json: { stays: 'SyntaxError', kept: 1, statuses: ['sent', 'delivered'] },
    report_lost: { status: 202, kept: 1, statuses: [] },
    report_skips_sent: { status: 202, kept: 1, statuses: ['delivered'] },
    report_stays_sent: { status: 202, kept: 1, statuses: ['sent'] },
    report_queued_first: { status: 202, kept: 1, statuses: ['queued', 'sent', 'delivered'] },
    report_read: { status: 202, kept: 1, statuses: ['sent', 'delivered', 'read'] },
    report_unknown: { status: 202, kept: 1, statuses: ['sent', 'buffered', 'delivered'] },
    report_rejected: { status: 202, kept: 1, statuses: ['rejected'], codes: ['100'] },
    held: { details: { ms: 20 }, status: 202, kept: 1, statuses: ['sent', 'delivered'] },
    report_doubled: { status: 202, kept: 1, statuses: ['sent', 'sent', 'delivered', 'delivered'] },
    report_reversed: { status: 202, kept: 1, statuses: ['delivered', 'sent'] },
    report_first: { status: 202, kept: 1, statuses: ['sent', 'delivered'] },
    report_late: { details: { ms: 60 }, status: 202, kept: 1, statuses: ['sent', 'delivered'] },
    failed: { details: { code: '50' }, status: 202, kept: 1, statuses: ['failed'], codes: ['50'] },
    undelivered: { status: 202, kept: 1, statuses: ['sent', 'undelivered'], codes: ['', '300'] },
    opted_out: { status: 202, kept: 1, statuses: ['failed'], codes: ['200'] },
    campaign_rejected: { status: 202, kept: 1, statuses: ['failed'], codes: ['40'] },
    number_not_linked: { details: { number: ours }, status: 202, kept: 1, statuses: ['failed'], codes: ['40'] },
  };
  for (const [kind, { details = {}, status, kept, statuses, codes, stays, says }] of Object.entries(faultRows)) {
    it(`does ${kind} once to the phone that it was asked for, and then behaves`, async () => {
      await start();
      simulator.fault({ kind: kind as FaultKind, phone: alice, times: 1, ...details });
      const spared = await send({ dst: bob, url: '' });
      expect(spared.status).to.equal(202);
      if (stays === 'TimeoutError') withinMs = 300;

      const began = Date.now();
      const answer = await send()
        .then(async (res) => ({
          status: res.status,
          body: (await res.json()) as { error?: string },
          retryAfter: res.headers.get('retry-after'),
        }))
        .catch((error: Error) => error);
      withinMs = 20_000;
      const reportsBefore = engine.heard.length;
      const took = Date.now() - began;
      await simulator.settled();
      if (answer instanceof Error) expect(answer.name).to.equal(stays);
      else expect(answer.status).to.equal(status);
      if (says && !(answer instanceof Error)) expect(answer.body.error).to.match(says);
      if (kind === '429') expect(answer).to.include({ retryAfter: '1' });
      if (kind === 'slow' || kind === 'trickle') expect(took).to.be.at.least(50);
      if (kind === 'report_first') expect(reportsBefore).to.equal(2);
      expect(simulator.textsTo(alice)).to.have.length(kept ?? 0);
      expect(engine.heard.map(({ fields }) => fields.Status)).to.deep.equal(statuses);
      if (codes) expect(engine.heard.map(({ fields }) => fields.ErrorCode)).to.deep.equal(codes);
      expect((await send({ url: '' })).status, 'the next one').to.equal(202);
    });
  }

  it('strikes with the probability that was asked for, and the same seed strikes the same sends', async () => {
    const struck: string[] = [];
    for (const seed of [7, 7]) {
      await start({ seed, reporting: 'none' });
      simulator.fault({ kind: '503', probability: 0.5 });
      const statuses = [];
      for (let n = 0; n < 40; n += 1) statuses.push((await send()).status);
      struck.push(statuses.join());
      if (struck.length === 1) await simulator.stop();
    }
    expect(struck[0]).to.equal(struck[1]).and.to.match(/503/).and.to.match(/202/);
  });

  it('brings a text from a handset to the engine, and an MMS with Body and media', async () => {
    await start();
    const heard = await simulator.text({ from: alice, to: ours, text: 'hi & bye – 100%+' });
    expect(heard).to.include({ status: 200, attempts: 1 });
    expect(engine.heard[0]).to.include({ url: `${engine.url}/plivo/message`, genuine: true });
    expect(engine.heard[0]?.fields).to.include({ From: '12125550101', To: '12025550100', Text: 'hi & bye – 100%+' });
    expect(engine.heard[0]?.fields).to.include({ MessageUUID: heard.messageUuid, Type: 'sms' });
    expect(engine.heard[0]?.fields).to.include({ MessageIntent: '' });
    await simulator.text({ from: alice, to: ours, text: 'look', media: ['https://example.com/a.jpg'] });
    expect(engine.heard[1]?.fields).to.include({ Type: 'mms', Body: 'look', Media0: 'https://example.com/a.jpg' });
    expect(engine.heard[1]?.fields).not.to.have.property('Text');
  });

  it('takes the numbers, the expiry and the log setting of a send as they are written', async () => {
    await start({ reporting: 'none' });
    await send({ src: '1 (202) 555-0100', dst: '1-212-555.0101', message_expiry: 600, log: false });
    await send({ src: '24273' });
    expect(simulator.accepted[0]).to.include({ from: ours, to: alice, expiry: 600, log: 'false' });
    expect(simulator.accepted[1]).to.include({ from: '24273', expiry: undefined, log: undefined });
  });

  const failures: [string, Partial<SimulatorOptions>, object, string][] = [
    ['a text of 1,600 GSM characters', {}, { text: 'a'.repeat(1600) }, 'delivered 000'],
    ['one of 1,601', {}, { text: 'a'.repeat(1601) }, 'failed 110'],
    ['one of 801 characters that count twice', {}, { text: '€'.repeat(801) }, 'failed 110'],
    ['one of 737 others', {}, { text: 'ы'.repeat(737) }, 'delivered 000'],
    ['one of 738 others', {}, { text: 'ы'.repeat(738) }, 'failed 110'],
    ['toll-free to the US', {}, { src: free }, 'delivered 000'],
    ['toll-free to Canada', {}, { src: free, dst: '+14165550101' }, 'failed 201'],
    ['a number that is linked to no campaign', { campaign: null }, {}, 'delivered 000'],
    ['one where that is barred', { campaign: null, unlinked: 'barred' }, {}, 'failed 40'],
    ['a text that the credit covers', { credit: 0.0122 }, {}, 'delivered 000'],
    ['one that it does not cover', { credit: 0.0121 }, {}, 'failed 900'],
  ];
  for (const [what, options, fields, expected] of failures) {
    it(`reports ${what} as ${expected}`, async () => {
      await start({ reporting: 'final', ...options });
      expect((await send(fields)).status).to.equal(202);
      await simulator.settled();
      const [report] = engine.heard;
      expect(`${report?.fields.Status} ${report?.fields.ErrorCode}`).to.equal(expected);
      if (expected.startsWith('failed'))
        expect(report?.fields).to.include({ TotalAmount: '0.00000', CarrierFees: '0.00000', SentTime: '' });
    });
  }

  it('fails a text that waits longer than its expiry with 420, and shows it to nobody', async () => {
    await start({ timeScale: 0.001, reporting: 'final' });
    await control('POST', '/handsets', { name: 'Alice', phone: alice });
    simulator.fault({ kind: 'held', ms: 30 });
    for (const message_expiry of [5, 60]) await send({ message_expiry, text: `in ${message_expiry} s` });
    await simulator.settled();
    expect(engine.heard.map(({ fields }) => `${fields.Status} ${fields.ErrorCode}`).sort()).to.deep.equal([
      'delivered 000',
      'failed 420',
    ]);
    expect(simulator.handsets.snapshot().handsets[0]?.bubbles.map(({ text }) => text)).to.deep.equal(['in 60 s']);
  });

  it('charges more for a number that is not registered, by unit, and by picture', async () => {
    await start({ reporting: 'final', campaign: null });
    await send({ text: 'a'.repeat(161) });
    await send({ type: 'mms', media_urls: ['https://example.com/a.jpg'], text: 'a'.repeat(161) });
    await send({ dst: '+14165550101' });
    await simulator.settled();
    const found = engine.heard.map(({ fields }) => [fields.Type, fields.Units, fields.TotalAmount, fields.CarrierFees]);
    expect(found).to.have.deep.members([
      ['sms', '2', '0.01540', '0.01600'],
      ['mms', '1', '0.01800', '0.01000'],
      ['sms', '1', '0.00770', '0.00970'],
    ]);
  });

  it('refuses every send for two minutes after the credit ran out, and takes them again once it is there', async () => {
    await start({ credit: 0, timeScale: 1 });
    expect((await send()).status).to.equal(202);
    const refused = await send();
    expect([refused.status, ((await refused.json()) as { error: string }).error]).to.deep.equal([
      402,
      'Insufficient Credit',
    ]);
    const account = (await (await api('GET', '')).json()) as { cash_credits: string };
    expect(account.cash_credits).to.equal('0.00000');
    simulator.recharge(5);
    expect((await send()).status).to.equal(202);
  });

  it('answers 429 to more requests than the account may make in five seconds', async () => {
    await start({ requestsPer5s: 3, timeScale: 1, reporting: 'none' });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await send()).status);
    expect(statuses).to.deep.equal([202, 202, 202, 429, 429]);
  });

  it('reports by GET where a send asks for it, and brings texts by GET where the application says so', async () => {
    await start({ messageMethod: 'GET', reporting: 'final' });
    await send({ method: 'GET' });
    await simulator.settled();
    await simulator.text({ from: alice, to: ours, text: 'hi & bye – 100%+' });
    expect(engine.heard.map(({ method, genuine }) => [method, genuine])).to.deep.equal([
      ['GET', true],
      ['GET', true],
    ]);
    expect(engine.heard[0]?.fields).to.include({ d: '7-3', Status: 'delivered' });
    expect(engine.heard[1]?.fields).to.include({ Text: 'hi & bye – 100%+', From: '12125550101' });
  });

  for (const [signing, v3, ma, v2] of [
    ['main', false, true, false],
    ['account', true, true, false],
    ['rotating', true, true, false],
    ['v2', false, false, true],
    ['forged', false, false, false],
  ] as const) {
    it(`signs webhooks as ${signing}`, async () => {
      await start({ signing });
      await simulator.text({ from: alice, to: ours, text: 'hi' });
      expect(engine.heard[0]?.signatures).to.deep.equal({ v3, ma, v2 });
    });
  }

  it('offers numbers that can text and show pictures, rents them, lists them and takes them back', async () => {
    await start({ reporting: 'final' });
    const offers = async (query: string) =>
      ((await (await api('GET', `PhoneNumber/?country_iso=US&${query}`)).json()) as { objects: Offer[] }).objects;
    type Offer = { number: string; sms_enabled: boolean; mms_enabled: boolean; sub_type: string };
    expect((await offers('services=sms&limit=2')).map((offer) => offer.mms_enabled)).to.deep.equal([true, false]);
    expect((await offers('services=sms,mms&limit=2')).map((offer) => offer.mms_enabled)).to.deep.equal([true, true]);
    expect((await offers('type=tollfree&limit=1'))[0]).to.include({ number: '18885551000', sub_type: 'tollfree' });
    expect((await offers('limit=50')).length).to.equal(20);
    const [first] = await offers('services=sms,mms&limit=1');
    const number = first?.number ?? '';
    const order = await api('POST', `PhoneNumber/${number}/`, { app_id: 'app-7' });
    expect(order.status).to.equal(201);
    expect(await order.json()).to.deep.include({ numbers: [{ number, status: 'Success' }], status: 'fulfilled' });
    expect((await api('POST', `PhoneNumber/${number}/`, {})).status, 'the same one again').to.equal(404);
    expect(simulator.bought).to.deep.equal([{ number: `+${number}`, appId: 'app-7' }]);
    expect(await listed('tendlc_registration_status=unregistered')).to.deep.equal([`${number} UNREGISTERED`]);
    expect((await api('DELETE', `Number/${number}/`)).status).to.equal(204);
    expect(await listed('')).to.deep.equal([]);
    const refused = await send({ src: `+${number}` });
    expect(((await refused.json()) as { error: string }).error).to.match(/not allowed for outbound message/);
  });

  async function listed(query: string): Promise<string[]> {
    const answer = await api('GET', `Number/?${query}`);
    const { objects } = (await answer.json()) as { objects: { number: string; tendlc_registration_status: string }[] };
    return objects.map((found) => `${found.number} ${found.tendlc_registration_status}`);
  }

  it('lets a number text once it is linked to a campaign, where that is asked for', async () => {
    await start({ numbers: [ours], unlinked: 'barred', linkMs: 1_000, timeScale: 1, reporting: 'final' });
    await api('POST', 'PhoneNumber/16285551000/', {});
    const report = async () => {
      await send({ src: '+16285551000' });
      await simulator.settled();
      return engine.heard.at(-1)?.fields.ErrorCode;
    };
    expect(await report()).to.equal('40');
    expect((await send({ src: '+12025550999' })).status, 'no number of the account').to.equal(400);
    const link = await api('POST', '10dlc/Campaign/CUOGHIN/Number/', { numbers: ['+16285551000'] });
    expect(link.status).to.equal(202);
    expect(((await link.json()) as { message: string }).message).to.match(
      /16285551000 to campaign CUOGHIN was received/,
    );
    expect(await listed('tendlc_registration_status=in_progress')).to.deep.equal(['16285551000 PROCESSING']);
    for (const end = Date.now() + 20_000; (await listed('tendlc_registration_status=registered')).length < 2; )
      if (Date.now() > end) throw new Error('it is never linked');
    expect(await report()).to.equal('000');
    const campaign = (await (await api('GET', '10dlc/Campaign/CUOGHIN/Number/')).json()) as object;
    expect(campaign).to.deep.include({ phone_numbers: [{ number: '16285551000', status: 'COMPLETED' }] });
    expect((await api('DELETE', '10dlc/Campaign/CUOGHIN/Number/16285551000/')).status).to.equal(202);
    expect(await report()).to.equal('40');
  });

  it('says it where a link fails, and where there is nothing to link', async () => {
    await start({ linkGranted: false });
    await api('POST', 'PhoneNumber/16285551000/', {});
    await api('POST', '10dlc/Campaign/CUOGHIN/Number/', { numbers: ['+16285551000'] });
    const link = (await (await api('GET', '10dlc/Campaign/CUOGHIN/Number/16285551000/')).json()) as object;
    expect(link).to.deep.include({ phone_numbers: [{ number: '16285551000', status: 'FAILED' }] });
    expect((await api('POST', '10dlc/Campaign/CUOGHIN/Number/', { numbers: ['+1999'] })).status).to.equal(400);
    expect((await api('GET', '10dlc/Campaign/CUOGHIN/Number/1999/')).status).to.equal(404);
  });

  for (const [buying, number, order] of [
    ['number_pending', 'pending', 'fulfilled'],
    ['order_pending', 'pending', 'pending'],
  ] as const) {
    it(`leaves a number pending: ${buying}`, async () => {
      await start({ buying, reporting: 'final' });
      const answer = (await (await api('POST', 'PhoneNumber/16285551000/', {})).json()) as object;
      expect(answer).to.deep.include({ numbers: [{ number: '16285551000', status: number }], status: order });
      for (const code of ['40', '000']) {
        await send({ src: '+16285551000' });
        await simulator.settled();
        expect(engine.heard.at(-1)?.fields.ErrorCode).to.equal(code);
        simulator.activateNumber('+16285551000');
      }
    });
  }

  it('answers 401, 404 and 405 to what is asked of the account in a wrong way', async () => {
    await start();
    expect((await api('GET', '', undefined, 'guessed')).status).to.equal(401);
    expect((await api('GET', 'Nothing/')).status).to.equal(404);
    expect((await api('DELETE', 'PhoneNumber/')).status).to.equal(405);
    expect((await api('GET', 'Number/12025550100/')).status).to.equal(404);
  });

  const inboundRows: [string, (number | 'silence')[], { status: number; attempts: number }][] = [
    ['taken at the second call', [503, 200], { status: 200, attempts: 2 }],
    ['taken at the last call', [500, 502, 503, 200], { status: 200, attempts: 4 }],
    ['given up after four', [503, 503, 503, 503], { status: 503, attempts: 4 }],
    ['called again after silence', ['silence', 200], { status: 200, attempts: 2 }],
  ];
  for (const [what, answers, expected] of inboundRows) {
    it(`repeats a text that the engine does not take, with the same uuid: ${what}`, async () => {
      await start({ webhookTimeoutMs: 1_000 });
      engine.answers.push(...answers);
      expect(await simulator.text({ from: alice, to: ours, text: 'hello?' })).to.include(expected);
      expect(engine.heard).to.have.length(expected.attempts);
      expect(new Set(engine.heard.map(({ fields }) => fields.MessageUUID)).size).to.equal(1);
    });
  }

  it('repeats a report that the engine does not take', async () => {
    await start();
    engine.answers.push(503, 200, 200);
    await send();
    await simulator.settled();
    expect(engine.heard.map(({ fields }) => fields.Status).sort()).to.deep.equal(['delivered', 'sent', 'sent']);
  });

  it('brings a text twice at once, again later, or with a wrong signature, when asked', async () => {
    await start();
    simulator.fault({ kind: 'webhook_doubled', times: 1 });
    await simulator.text({ from: alice, to: ours, text: 'twice' });
    expect(engine.heard).to.have.length(2);
    simulator.fault({ kind: 'webhook_repeated', times: 1 });
    const again = engine.next(4);
    await simulator.text({ from: alice, to: ours, text: 'later again' });
    await again;
    expect(new Set(engine.heard.map(({ fields }) => fields.MessageUUID)).size).to.equal(2);
    simulator.fault({ kind: 'webhook_forged', times: 1 });
    expect(await simulator.text({ from: alice, to: ours, text: 'forged' })).to.include({ status: 403 });
    expect(engine.heard.at(-1)).to.include({ genuine: false });
  });

  it('minds STOP, START and HELP by itself, and says so in MessageIntent', async () => {
    await start();
    const said: string[] = [];
    const say = async (text: string, more: object = {}) => {
      await simulator.text({ from: alice, to: ours, text, ...more });
      const { MessageIntent: intent } = engine.heard.at(-1)?.fields ?? {};
      said.push(`${text}: ${intent ?? 'no field'}`);
    };
    for (const text of [' Stop \n', 'stop', 'yes', 'YES', 'Yes!', 'info', 'hi']) await say(text);
    await say('STOP', { media: ['https://example.com/a.jpg'] });
    await say('STOP', { to: '24273' });
    expect(said).to.deep.equal([
      ' Stop \n: optout',
      'stop: optout',
      'yes: optin',
      'YES: optin',
      'Yes!: ',
      'info: help',
      'hi: ',
      'STOP: no field',
      'STOP: no field',
    ]);
    expect(simulator.repliesTo(alice).map(({ text }) => text.slice(0, 30))).to.deep.equal([
      'You have been unsubscribed and',
      'You have been resubscribed to ',
      'Text STOP to stop receiving me',
    ]);
  });

  it('minds nothing where that is turned off', async () => {
    await start({ optOuts: false });
    await simulator.text({ from: alice, to: ours, text: 'STOP' });
    await send();
    await simulator.settled();
    expect(engine.heard[0]?.fields).not.to.have.property('MessageIntent');
    expect(engine.heard.at(-1)?.fields).to.include({ Status: 'delivered' });
  });

  it('lets one text follow a STOP for five minutes, and fails the others with 200', async () => {
    await start({ timeScale: 1, reporting: 'final' });
    await simulator.text({ from: alice, to: ours, text: 'STOP' });
    for (const text of ['goodbye', 'too many']) await send({ text });
    await simulator.settled();
    const codes = engine.heard.slice(1).map(({ fields }) => `${fields.Status} ${fields.ErrorCode}`);
    expect(codes).to.have.members(['delivered 000', 'failed 200']);
  });

  const blockRows: [string, string, { says: string[]; blocked: string[] }][] = [
    ['a whole campaign', ours, { says: ['STOP'], blocked: [ours, sister] }],
    ['a pair of numbers on toll-free', free, { says: ['STOP'], blocked: [free] }],
    ['nobody after an opt-in', ours, { says: ['STOP', 'go'], blocked: [] }],
  ];
  for (const [what, to, { says, blocked }] of blockRows) {
    it(`blocks ${what}`, async () => {
      await start({ timeScale: 0, reporting: 'final' });
      for (const text of says) await simulator.text({ from: alice, to, text });
      const before = engine.heard.length;
      for (const src of [ours, sister, free, otherFree]) await send({ src });
      await send({ src: ours, dst: bob });
      await simulator.settled();
      const failed = engine.heard.slice(before).filter(({ fields }) => fields.ErrorCode === '200');
      expect(failed.map(({ fields }) => `+${fields.From}`).sort()).to.deep.equal([...blocked].sort());
    });
  }

  it('keeps the newest texts alone once there are many, and says when older ones were asked for', async () => {
    await start({ keep: 5, reporting: 'none' });
    for (let n = 1; n <= 12; n += 1) await send({ text: `text ${n}` });
    expect(simulator.accepted.length).to.be.at.most(10);
    expect(simulator.textsAfter(0)).to.include({ lost: true, next: 12 });
    expect(simulator.textsAfter(11).texts.map(({ text }) => text)).to.deep.equal(['text 12']);
    expect(simulator.textsAfter(12)).to.deep.equal({ texts: [], next: 12, lost: false });
  });

  it('waits for texts that are still to come, and says what was missing when they do not', async () => {
    await start({ reporting: 'none' });
    const both = simulator.waitForTexts({ to: alice, text: /hello/ }, { count: 2 });
    await send();
    await send({ text: 'hello again' });
    expect((await both).map(({ text }) => text)).to.deep.equal(['hello', 'hello again']);
    const never = await simulator.waitForTexts({ to: bob }, { timeoutMs: 20 }).catch((error: Error) => error.message);
    expect(never).to.equal(`0 of 1 texts came for to ${bob} in 20 ms`);
  });

  it('answers the controls: stats, texts, faults, and clear complaints', async () => {
    await start({ reporting: 'none' });
    expect((await control('POST', '/faults', { kind: '429', phone: bob, times: 2 })).status).to.equal(200);
    const listed = (await (await control('GET', '/faults')).json()) as { faults: Fault[]; kinds: unknown[] };
    expect(listed.faults[0]).to.include({ kind: '429', phone: bob, times: 2 });
    expect(listed.kinds).to.have.length(Object.keys(faultKinds).length);
    expect((await send({ dst: bob })).status).to.equal(429);
    await control('DELETE', '/faults');
    expect((await send({ dst: bob })).status).to.equal(202);
    const texts = (await (await control('GET', `/texts?to=${encodeURIComponent(bob)}`)).json()) as { texts: unknown[] };
    expect(texts.texts).to.have.length(1);
    const complaints: [string, string, object | undefined, number, RegExp][] = [
      ['POST', '/faults', { kind: 'nonsense' }, 400, /kind must be one of: 400/],
      ['POST', '/faults', { kind: '429', times: 'two' }, 400, /times must be a number/],
      ['POST', '/faults', { kind: '429', when: 1 }, 400, /when is unknown/],
      ['POST', '/handsets', { name: ' ', phone: alice }, 400, /name/],
      ['POST', '/handsets', { name: 'Al', phone: '12' }, 400, /"12" is no phone number/],
      ['POST', '/handsets/text', { from: alice, to: ours }, 400, /text must be a text/],
      ['GET', '/nowhere', undefined, 404, /not found/],
    ];
    for (const [method, path, body, status, error] of complaints) {
      const answer = await control(method, path, body);
      expect(answer.status, path).to.equal(status);
      expect(((await answer.json()) as { error: string }).error).to.match(error);
    }
    const typeless = await fetch(`${simulator.url}/handsets/text`, { method: 'POST', body: '{}' });
    expect(typeless.status, 'a body that another page could send').to.equal(400);
  });

  it('shows the alert of an app on the handset that has it, as no text', async () => {
    await start();
    await control('POST', '/handsets', { name: 'Alice', phone: alice });
    const push = async (to: string) =>
      (await control('POST', '/handsets/push', { from: ours, to, text: 'Friends\nBob: hello' })).json();
    expect([await push(alice), await push(bob)]).to.deep.equal([{ shown: true }, { shown: false }]);
    const bubble = simulator.handsets.snapshot().handsets[0]?.bubbles.at(-1);
    expect(bubble).to.include({ way: 'in', peer: ours, text: 'Friends\nBob: hello', state: 'pushed' });
    expect(simulator.textsTo(alice)).to.deep.equal([]);
  });

  it('streams what happens on handsets, and forgets a listener that has gone', async () => {
    await start();
    await control('POST', '/handsets', { name: 'Alice', phone: '(212) 555-0101' });
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write('GET /events?handsets HTTP/1.1\r\nHost: simulator\r\n\r\n');
    let streamed = '';
    socket.on('data', (chunk) => (streamed += chunk));
    await once(socket, 'data');
    await send();
    await simulator.settled();
    while (!streamed.includes('"state":"delivered"')) await once(socket, 'data');
    expect(streamed).to.match(/event: bubble\n.*"phone":"\+12125550101".*"text":"hello"/);
    socket.destroy();
    while (simulator.events.has('handsets')) await new Promise(setImmediate);
  });

  it('sets up a demo group of five and lets its creator answer YES', async () => {
    await start();
    const made = (await (await control('POST', '/demo/group')).json()) as { number: string };
    expect(made.number).to.equal(ours);
    expect(engine.created?.get('name')).to.equal('Alice');
    expect([0, 1, 2, 3].map((n) => engine.created?.get(`name_${n}`))).to.deep.equal(['Bob', 'Carol', 'Dave', 'Erin']);
    const yes = engine.next(1);
    await send({ text: 'Reply YES to start', url: '' });
    await yes;
    expect(engine.heard[0]?.fields).to.include({ From: '12125550101', To: '12025550100', Text: 'YES' });
    expect(simulator.handsets.snapshot().handsets).to.have.length(5);
  });

  it('says it when the engine is not there to make the demo group', async () => {
    await start({ webhookBase: 'http://127.0.0.1:1' });
    const answer = await control('POST', '/demo/group');
    expect(answer.status).to.equal(502);
    expect(((await answer.json()) as { error: string }).error).to.match(/does not answer at http:\/\/127.0.0.1:1/);
  });

  describe('with a folder of its own', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    });
    after(() => rm(folder, { recursive: true }));

    it('has each text on disk before it answers', async () => {
      const logFile = join(folder, 'texts.log');
      await start({ logFile, reporting: 'none' });
      await Promise.all(Array.from({ length: 20 }, (_, n) => send({ text: `text ${n}` })));
      const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
      expect(new Set(lines.map((line) => (JSON.parse(line) as { text: string }).text)).size).to.equal(20);
    });

    it('knows its handsets and numbers again after a restart', async () => {
      const stateFile = join(folder, 'handsets.json');
      await start({ stateFile, reporting: 'none' });
      await control('POST', '/handsets', { name: 'Alice', phone: alice });
      await send();
      await simulator.stop();
      await start({ stateFile, serviceNumber: '+12025550199' });
      expect(simulator.handsets.snapshot()).to.deep.equal({
        handsets: [{ phone: alice, name: 'Alice', bubbles: [] }],
        numbers: [
          { number: ours, label: '' },
          { number: '+12025550199', label: 'Service number' },
        ],
      });
    });
  });

  const programs: [string, Record<string, string>, RegExp][] = [
    [
      'in production',
      { NODE_ENV: 'production', PLIVO_AUTH_ID: 'a', PLIVO_AUTH_TOKEN: 'b', WEBHOOK_BASE: 'c' },
      /not for production/,
    ],
    ['without its settings', { PLIVO_AUTH_ID: 'a' }, /missing settings: PLIVO_AUTH_TOKEN, WEBHOOK_BASE/],
  ];
  for (const [when, env, said] of programs) {
    it(`does not start as a program ${when}`, async () => {
      await start();
      const main = join(import.meta.dirname, '../../dev/simulator/main.ts');
      const child = spawn(process.execPath, ['--import=tsx', main], { env: { PATH: process.env.PATH, ...env } });
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += chunk));
      const [code] = await once(child, 'close');
      expect(code).to.equal(1);
      expect(errors).to.match(said);
    });
  }

  it('serves the page under a policy that allows nothing from elsewhere', async () => {
    await start();
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/app.js', 'text/javascript'],
      ['/style.css', 'text/css'],
    ] as const) {
      const answer = await fetch(simulator.url + path);
      expect(answer.status, path).to.equal(200);
      expect(answer.headers.get('content-type')).to.contain(type);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).to.contain("default-src 'none'").and.to.contain("script-src 'self'");
      expect(policy).not.to.match(/unsafe|http/);
      expect(await answer.text(), 'no address of elsewhere').not.to.match(
        /(src|href|url)\s*[=(]\s*["']?(https?:)?\/\//,
      );
    }
    expect((await fetch(`${simulator.url}/..%2Fsimulator.ts`)).status).to.equal(404);
  });
});

describe('the carrier simulator’s arithmetic', () => {
  it('signs every shape of address and fields as the SDK checks it', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__proto__');
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string(), { minLength: 1, maxLength: 3 }));
    const query = fc.array(fc.tuple(key, fc.string({ unit: 'grapheme' })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.dictionary(key, value), query, fc.string({ minLength: 1 }), (made, pairs, nonce) => {
        const params = { ...made };
        const search = new URLSearchParams(pairs).toString();
        const url = `http://127.0.0.1:3000/plivo/status${search ? `?${search}` : ''}`;
        const signature = signV3({ url, params, token: authToken, nonce: encodeURIComponent(nonce) });
        const checked = validateV3Signature('POST', url, encodeURIComponent(nonce), authToken, signature, params);
        expect(checked).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('counts the units of a text as other calculators do', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc xyz €[]{}^éüñ@\n', 'ç', '😀', '–'), maxLength: 400 });
    fc.assert(
      fc.property(text, (written) => {
        const expected = new SegmentedMessage(written, 'auto', false);
        // a carrier may keep an extended character or an emoji whole, which can take one unit more
        expect(Math.max(1, expected.segmentsCount) - countUnits(written)).to.be.within(0, 1);
      }),
    );
  });
});

type Signatures = { v3: boolean; ma: boolean; v2: boolean };
type HeardCall = {
  url: string;
  method: 'GET' | 'POST';
  fields: Record<string, string>;
  genuine: boolean;
  signatures: Signatures;
};
type Engine = Awaited<ReturnType<typeof startEngine>>;

/** What the engine would do with the carrier's calls: checks the signature with the SDK, answers as it is told. */
async function startEngine() {
  const heard: HeardCall[] = [];
  const answers: (number | 'silence')[] = [];
  const looking = new Set<() => void>();
  let created: URLSearchParams | undefined;

  const server = createServer(async (req: IncomingMessage, res: ServerResponse) => {
    let raw = '';
    for await (const chunk of req) raw += chunk;
    if (req.url === '/group/create') {
      created = new URLSearchParams(raw);
      res.end(JSON.stringify({ status: 'OK', number: ours, first_group: 1 }));
      return;
    }
    const method = req.method === 'GET' ? 'GET' : 'POST';
    const address = url + req.url;
    const posted = { ...parse(raw) } as Record<string, string>;
    const fields = method === 'GET' ? Object.fromEntries(new URL(address).searchParams) : posted;
    const signatures = checkSignatures(req, { method, address, posted });
    const genuine = signatures.ma || signatures.v2;
    heard.push({ url: address, method, fields, genuine, signatures });
    for (const look of looking) look();
    const answer = answers.shift() ?? (genuine ? 200 : 403);
    if (answer !== 'silence') res.writeHead(answer).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    heard,
    answers,
    get created() {
      return created;
    },
    /** Resolves when that many calls have come in all. */
    next(count: number): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (heard.length < count) return;
          looking.delete(look);
          resolve();
        };
        looking.add(look);
      });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Which of a webhook's signatures the official SDK takes for the account's. */
function checkSignatures(
  req: IncomingMessage,
  { method, address, posted }: { method: 'GET' | 'POST'; address: string; posted: Record<string, string> },
): Signatures {
  const header = (name: string) => String(req.headers[name] ?? '');
  const nonce = header('x-plivo-signature-v3-nonce');
  const v3 = (name: string): boolean => {
    const checked: unknown = validateV3Signature(method, address, nonce, authToken, header(name), posted);
    return checked === true;
  };
  const [nonceV2, signatureV2] = [header('x-plivo-signature-v2-nonce'), header('x-plivo-signature-ma-v2')];
  return {
    v3: v3('x-plivo-signature-v3'),
    ma: v3('x-plivo-signature-ma-v3'),
    v2: signatureV2 !== '' && validateSignature(address, nonceV2, signatureV2, authToken) === true,
  };
}
