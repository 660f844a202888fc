import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Bubble } from '../../dev/simulator/bubble.ts';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator } from '../../dev/simulator/types.ts';

const [ours, other, alice, bob, carol] = [
  '+12025550100',
  '+12025550101',
  '+12125550101',
  '+12125550102',
  '+12125550103',
];
const [authId, authToken, opsPassword] = ['MASIMULATEDACCOUNT00', 'a-token', 'Correct-Horse-9'];

/** What the simulator offers the page of handsets beyond the carrier itself. */
describe('the handsets of the carrier simulator', () => {
  let engine: Server;
  let webhookBase: string;
  let simulator: Simulator;
  let metrics: string;
  let spoken = '';

  before(async () => {
    engine = createServer((req, res) => {
      req.resume();
      if (req.url === '/plivo/call') return void res.writeHead(spoken === '' ? 503 : 200).end(spoken);
      if (req.url !== '/ops/metrics') return void res.end('<Response/>');
      const knows = req.headers.authorization === `Basic ${Buffer.from(`ops:${opsPassword}`).toString('base64')}`;
      res.writeHead(knows ? 200 : 401).end(metrics);
    }).listen(0, '127.0.0.1');
    await once(engine, 'listening');
    webhookBase = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  });
  after(() => engine.close());
  beforeEach(() => start());
  afterEach(() => simulator.stop());

  async function start(options: { opsPassword?: string; campaign?: string | null } = {}): Promise<void> {
    simulator = await startSimulator({
      authId,
      authToken,
      webhookBase,
      serviceNumber: ours,
      timeScale: 0.001,
      ...options,
    });
    for (const [name, phone] of Object.entries({ Alice: alice, Bob: bob, Carol: carol }))
      simulator.handsets.add({ name, phone });
  }

  const send = (dst: string, text: string, src = ours, media: string[] = []) =>
    fetch(`${simulator.url}/v1/Account/${authId}/Message/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
      },
      body: JSON.stringify({
        src,
        dst,
        text,
        url: `${webhookBase}/plivo/status`,
        ...(media.length > 0 ? { type: 'mms', media_urls: media } : {}),
      }),
    });
  const control = async (method: string, path: string, body?: object) => {
    const init = body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {};
    const answer = await fetch(simulator.url + path, { method, ...init });
    return { http: answer.status, said: (await answer.json()) as Record<string, unknown> };
  };
  const bubblesOf = (phone: string): Bubble[] =>
    simulator.handsets.snapshot().handsets.find((each) => each.phone === phone)?.bubbles ?? [];

  it('say of one’s own text to how many it went, how many have it, and what that cost', async () => {
    await simulator.text({ from: alice, to: ours, text: 'See you – at “7”' });
    expect(bubblesOf(alice)[0]).to.include({ state: 'taken', units: 1 }).and.not.to.have.property('spread');
    simulator.fault({ kind: 'failed', phone: carol });
    simulator.fault({ kind: 'report_stays_sent', phone: '+12125550104' });
    for (const to of [bob, carol, '+12125550104']) await send(to, 'Alice: See you - at "7"', to === bob ? ours : other);
    await send(bob, 'Bob: See you');
    await simulator.settled();
    const spread = bubblesOf(alice)[0]?.spread;
    expect(spread).to.deep.include({ to: 3, delivered: 1, failed: 1 });
    expect(spread?.dollars).to.be.closeTo(2 * (bubblesOf(bob)[0]?.dollars ?? 0), 0.01);
    expect(bubblesOf(bob)[0]).to.include({ state: 'delivered', units: 1 });
  });

  it('tell the same words of two people apart by who said them', async () => {
    await simulator.text({ from: alice, to: ours, text: 'ok' });
    await simulator.text({ from: bob, to: ours, text: 'ok' });
    await send(carol, 'Bob: ok');
    await send(alice, 'Bob: ok');
    await send(carol, 'Alice: ok');
    await simulator.settled();
    expect(bubblesOf(bob)[0]?.spread).to.deep.include({ to: 2, delivered: 2 });
    expect(bubblesOf(alice)[0]?.spread).to.deep.include({ to: 1, delivered: 1 });
  });

  it('count the parts of a long text as one', async () => {
    await simulator.text({ from: alice, to: ours, text: 'first half, second half' });
    for (const part of ['Alice (1/2): first half,', 'Alice (2/2): second half']) await send(bob, part);
    await simulator.settled();
    expect(bubblesOf(alice)[0]?.spread).to.deep.include({ to: 1, delivered: 1, failed: 0 });
  });

  it('send pictures, which are served from an address of their own', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    const { said } = await control('POST', '/media', { type: 'image/png', base64: png.toString('base64') });
    const address = String(said.address);
    const answer = await fetch(address);
    expect(answer.headers.get('content-type')).to.equal('image/png');
    expect(answer.headers.get('content-security-policy')).to.equal("default-src 'none'");
    expect(Buffer.from(await answer.arrayBuffer()).equals(png)).to.equal(true);
    await control('POST', '/handsets/text', { from: alice, to: ours, text: '', media: [address] });
    await send(bob, 'Alice: ', ours, [address]);
    await simulator.settled();
    expect(bubblesOf(bob)[0]).to.deep.include({ media: [address] });
    expect(bubblesOf(alice)[0]?.spread).to.deep.include({ to: 1, delivered: 1 });
    const drawing = await control('POST', '/media', { type: 'image/svg+xml', base64: png.toString('base64') });
    expect(drawing.http).to.equal(400);
  });

  it('call a number, and show what is read aloud, or that nothing is', async () => {
    spoken = '<Response><Speak voice="WOMAN" loop="2">Hello &amp; 1</Speak><Speak>2</Speak><Hangup/></Response>';
    const call = () => control('POST', '/handsets/call', { from: alice, to: ours });
    expect(await call()).to.deep.equal({ http: 200, said: { status: 200, said: 'Hello & 1 2' } });
    spoken = '';
    expect((await call()).said).to.deep.equal({ status: 503, said: '' });
    const heard = bubblesOf(alice).map(({ peer, text, state }) => ({ peer, text, state }));
    const state = 'heard';
    expect(heard).to.deep.equal([
      { peer: ours, text: 'Hello & 1 2', state },
      { peer: ours, text: 'The call could not be answered.', state },
    ]);
  });

  it('show which number a STOP blocks: all of a campaign, or the one', async () => {
    simulator.handsets.learn(other);
    await simulator.text({ from: alice, to: ours, text: 'STOP' });
    const blocked = async () => (await control('GET', '/handsets')).said.blocks;
    expect(await blocked()).to.deep.equal(
      [ours, other].map((number) => ({ number, phone: alice, campaign: 'CSIMULATED' })),
    );
    await simulator.text({ from: alice, to: other, text: 'START' });
    expect(await blocked()).to.deep.equal([]);
    await simulator.stop();
    await start({ campaign: null });
    simulator.handsets.learn(other);
    await simulator.text({ from: alice, to: ours, text: 'STOP' });
    expect(await blocked()).to.deep.equal([{ number: ours, phone: alice, campaign: null }]);
  });

  it('switch single faults on and off', async () => {
    await control('POST', '/faults', { kind: 'slow', ms: 1 });
    await control('POST', '/faults', { kind: 'number_not_linked', number: other });
    await control('DELETE', '/faults?kind=slow');
    expect(simulator.faults()).to.deep.equal([{ kind: 'number_not_linked', number: other, hits: 0 }]);
    await send(bob, 'from another', ours);
    await send(bob, 'from this', other);
    await simulator.settled();
    expect(simulator.faults()[0]).to.include({ hits: 1 });
    expect(bubblesOf(bob).map(({ text }) => text)).to.deep.equal(['from another']);
  });

  it('reject a campaign for its long codes alone', async () => {
    simulator.fault({ kind: 'campaign_rejected' });
    await send(bob, 'long', ours);
    await send(bob, 'free', '+18885550100');
    await simulator.settled();
    expect(bubblesOf(bob).map(({ text }) => text)).to.deep.equal(['free']);
  });

  it('show the flow through engine and carrier, and say what is not known', async () => {
    const flow = async () => (await control('GET', '/flow')).said as { engine: object; carrier: object };
    expect((await flow()).engine).to.deep.equal({ missing: 'the simulator was not given OPS_PASSWORD' });
    await simulator.stop();
    await start({ opsPassword });
    metrics = [
      'texting_system_messages_accepted_total 7',
      'texting_system_messages_pending{stage="accepted"} 2',
      'texting_system_messages_pending_oldest_seconds{stage="accepted"} 41',
      'texting_system_messages_pending{stage="waiting"} 1',
      'texting_system_queue_jobs{queue="fanout",state="waiting"} 3',
      'texting_system_queue_jobs{queue="send-0",state="waiting"} 4',
      'texting_system_deliveries_total{state="sent"} 20',
      'texting_system_deliveries_total{state="delivered"} 18',
      'carrier_paused 1',
    ].join('\n');
    await send(bob, 'hello');
    await simulator.settled();
    const { engine: inside, carrier } = await flow();
    expect(inside).to.deep.equal({
      accepted: 7,
      notFannedOut: { pending: 2, oldestSeconds: 41 },
      waiting: { pending: 1, oldestSeconds: null },
      jobs: { waiting: 7, active: null, delayed: null },
      delivered: 18,
      failed: 0,
      carrierPaused: true,
    });
    expect(carrier).to.deep.include({ taken: 1, refused: 0 });
    expect(carrier).to.deep.nested.include({ 'reports.open': 0, 'reports.taken': 2 });
  });
});
