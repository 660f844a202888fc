import { expect } from 'chai';
import { pino } from 'pino';
import { row, rows, run } from '../../../db/connect.ts';
import { requeueWaiting } from '../../../db/deliveries/deliveries.ts';
import type { FaultKind } from '../../../dev/push-simulator/desk.ts';
import { type PushSimulator, startPushSimulator } from '../../../dev/push-simulator/simulator.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { openPushing, type Pushing } from '../../../engine/delivery/push.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import { openRuntime, type Runtime } from '../../../engine/platform/runtime.ts';
import { runClock } from '../../../workers/clock.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { pushed, pushesTo, wantPushes } from '../../support/pushes.ts';
import { booksOf, deliveryIn, deliveryOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openSid } from '../../support/session.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

/** From the fan-out to the device, through services that speak Apple’s and Google’s protocols. */
describe('a message by push', () => {
  let world: World;
  let services: PushSimulator;

  before(async () => {
    services = await startPushSimulator();
    world = await openWorld({ env: { ...services.settings, TRIAL_BALANCE: '10000', OPS_PASSWORD: 'Correct-Horse' } });
  });
  after(async () => {
    await world?.close();
    await services?.stop();
  });
  afterEach(() => services.clearFaults());

  const textsTo = (phone: string | undefined) => world.simulator.textsTo(phone ?? '').map(({ text }) => text);
  const devicesOf = async (phone: string) =>
    (await rows<{ token: string }>(world.runtime.db, 'SELECT token FROM devices WHERE phone = ?', [phone])).map(
      ({ token }) => token,
    );
  const viaOf = async (phone: string, text: string) =>
    rows<{ via: string; state: string; part: number; charged: number }>(
      world.runtime.db,
      `SELECT d.via, d.state, d.part, d.charged FROM deliveries d JOIN messages m ON m.id = d.message_id
       JOIN people p ON p.id = d.person_id WHERE p.phone = ? AND m.text LIKE ? ORDER BY d.part`,
      [phone, `%${text}%`],
    );

  for (const [type, service, extra] of [
    ['iphone', 'apns', (number: string) => ({ group: { name: 'Friends', number }, sender: 'Ann', message_id: 1 })],
    [
      'android',
      'fcm',
      (number: string) => ({ group_name: 'Friends', group_number: number, sender: 'Ann', message_id: '1' }),
    ],
  ] as const) {
    it(`says on an ${type} who said what in which group, costs nothing, and no text is sent`, async () => {
      const { number, phones } = await startGroup(world, ['Ann', 'Bob']);
      const [ann = '', bob = ''] = Object.values(phones);
      const [token] = await wantPushes(world, { phone: bob, number, types: [type] });
      const before = textsTo(bob);
      await world.text(ann, number, 'Lunch?');
      await world.quiet();
      const [push] = pushesTo(services, token);
      expect(push).to.deep.include({ service, title: 'Friends', text: 'Ann: Lunch?', extra: extra(number) });
      expect(pushesTo(services, token)).to.have.length(1);
      expect(textsTo(bob)).to.deep.equal(before);
      expect(await viaOf(bob, 'Lunch?')).to.deep.equal([{ via: 'push', state: 'sent', part: 0, charged: 0 }]);
      const { balance, trial } = await booksOf(world, ann);
      expect(balance).to.equal(trial);
    });
  }

  describe('that no service takes', () => {
    /** `lost`: the device is forgotten; `times`: how often the service does that. */
    type Met = { type: 'iphone' | 'android'; fault: FaultKind; times?: number; text: boolean; lost: boolean };
    const met: readonly Met[] = (['iphone', 'android'] as const).flatMap((type): Met[] => [
      { type, fault: 'refuse', text: true, lost: false },
      { type, fault: 'throttle', text: true, lost: false },
      { type, fault: 'unauthorized', text: true, lost: false },
      { type, fault: 'unauthorized', times: 1, text: false, lost: false },
      { type, fault: 'gone', text: true, lost: true },
      { type, fault: 'malformed', text: true, lost: true },
      { type, fault: 'reset', times: 2, text: false, lost: false },
    ]);
    const nameOf = ({ type, fault, times }: Met) => `${type} ${fault}${times === undefined ? '' : ` ${times}`}`;
    let group: TestGroup;
    let trial: number;

    before('one message meets them all, each at another device', async () => {
      group = await startGroup(world, ['Ann', ...met.map(nameOf)], { areaCode: '445' });
      trial = (await booksOf(world, group.phones.Ann ?? '')).trial;
      for (const one of met) {
        const phone = group.phones[nameOf(one)] ?? '';
        const [token = ''] = await wantPushes(world, { phone, number: group.number, types: [one.type] });
        const { fault: kind, times } = one;
        services.fault({ kind, token, ...(times === undefined ? {} : { times }) });
      }
      await world.text(group.phones.Ann ?? '', group.number, 'Hello services');
      await world.quiet();
    });

    for (const one of met) {
      const what = one.text ? 'becomes a text, once' : 'is pushed after all';
      it(`${nameOf(one)}: ${what}${one.lost ? ', and the device is forgotten' : ''}`, async () => {
        const phone = group.phones[nameOf(one)] ?? '';
        expect(textsTo(phone).filter((text) => text === 'Ann: Hello services')).to.have.length(one.text ? 1 : 0);
        expect(await viaOf(phone, 'Hello services')).to.deep.equal([
          one.text
            ? { via: 'sms', state: 'delivered', part: 0, charged: 1 }
            : { via: 'push', state: 'sent', part: 0, charged: 0 },
        ]);
        expect(await devicesOf(phone)).to.have.length(one.lost ? 0 : 1);
      });
    }

    it('costs the owner the texts and no more', async () => {
      const texts = met.filter(({ text }) => text).length;
      const { balance, ledger } = await booksOf(world, group.phones.Ann ?? '');
      expect([balance, ledger]).to.deep.equal([trial - texts, trial - texts]);
    });

    it('goes by push again when the service takes it again, over new connections', async () => {
      services.cut();
      const phone = group.phones['iphone refuse'] ?? '';
      services.clearFaults();
      await world.text(group.phones.Ann ?? '', group.number, 'Again');
      await world.quiet();
      expect(await viaOf(phone, 'Again')).to.deep.include({ via: 'push', state: 'sent', part: 0, charged: 0 });
    });
  });

  for (const [who, types, taken, text] of [
    ['no device', [], 0, 1],
    ['a device that gets no alerts', ['iphone_no_notify'], 0, 1],
    ['a device of each kind', ['iphone', 'iphone_no_notify', 'android'], 2, 0],
  ] as const) {
    it(`to a member with ${who} is ${taken} alerts and ${text} texts`, async () => {
      const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '446' });
      const [ann = '', bob = ''] = Object.values(phones);
      const tokens = await wantPushes(world, { phone: bob, number, types });
      await world.text(ann, number, 'Count');
      await world.quiet();
      expect(tokens.flatMap((token) => pushesTo(services, token))).to.have.length(taken);
      expect(textsTo(bob).filter((one) => one === 'Ann: Count')).to.have.length(text);
    });
  }

  it('that one of several devices shows is no text, and a dead one is forgotten', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '446' });
    const [ann = '', bob = ''] = Object.values(phones);
    const [dead = '', alive = ''] = await wantPushes(world, { phone: bob, number, types: ['iphone', 'android'] });
    services.fault({ kind: 'gone', token: dead });
    await world.text(ann, number, 'One is enough');
    await world.quiet();
    expect(pushesTo(services, alive)).to.have.length(1);
    expect(textsTo(bob)).not.to.include('Ann: One is enough');
    expect(await devicesOf(bob)).to.deep.equal([alive]);
  });

  it('is a copy for the sender too, as they want it: push, text, or nothing', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid'], { areaCode: '446' });
    const [ann = '', bob = '', cid = ''] = Object.values(phones);
    const [token] = await wantPushes(world, { phone: ann, number, types: ['iphone'] });
    const cidsSid = await openSid(world, cid);
    await world.call('/member/set', { sid: cidsSid, group: number, sms: 0 });
    for (const [phone, message] of [
      [ann, 'By push'],
      [bob, 'By text'],
      [cid, 'Not at all'],
    ] as const) {
      const { body } = await world.call('/message/send', { sid: await openSid(world, phone), number, message, cc: 1 });
      expect(body.status).to.equal('OK');
    }
    await world.quiet();
    const own = (phone: string, text: string) => textsTo(phone).filter((one) => one.endsWith(text)).length;
    expect(pushesTo(services, token).map(({ text }) => text)).to.have.members([
      'Ann: By push',
      'Bob: By text',
      'Cid: Not at all',
    ]);
    expect([own(ann, 'By push'), own(bob, 'By text'), own(cid, 'Not at all')]).to.deep.equal([0, 1, 0]);
  });

  it('is cut where it is long, while the text instead of it is whole', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid'], { areaCode: '446' });
    const [ann = '', bob = '', cid = ''] = Object.values(phones);
    const [shown] = await wantPushes(world, { phone: bob, number, types: ['iphone'] });
    const [refused = ''] = await wantPushes(world, { phone: cid, number, types: ['android'] });
    services.fault({ kind: 'refuse', token: refused });
    const long = `Long "${'woman 👩‍👩‍👧 '.repeat(150)}end"`;
    await world.text(ann, number, long);
    await world.quiet();
    const [push] = pushesTo(services, shown);
    expect(push?.text).to.match(/^Ann: Long "woman .*…$/su);
    const parts = await viaOf(cid, 'Long');
    expect(parts.map(({ via, state, part }) => `${via} ${state} ${part}`)).to.deep.equal(
      parts.map((_, at) => `sms delivered ${at}`),
    );
    const texts = textsTo(cid).slice(-parts.length);
    const names = texts.map((text) => /^Ann \(\d+\/\d+\): /.exec(text)?.[0] ?? '');
    expect(names).to.deep.equal(parts.map((_, at) => `Ann (${at + 1}/${parts.length}): `));
    expect(texts.map((text, at) => text.slice(names[at]?.length)).join(' ')).to.equal(long);
    expect(parts.length).to.be.greaterThan(1);
  });

  it('with pictures says so and has their addresses; the text instead has the pictures', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid'], { areaCode: '446' });
    const [ann = '', bob = '', cid = ''] = Object.values(phones);
    const [shown] = await wantPushes(world, { phone: bob, number, types: ['iphone'] });
    const [refused = ''] = await wantPushes(world, { phone: cid, number, types: ['iphone'] });
    services.fault({ kind: 'refuse', token: refused });
    const media = ['https://media.example/1.jpg', 'https://media.example/2.jpg'];
    await world.text(ann, number, 'Look', media);
    await world.quiet();
    expect(pushesTo(services, shown)[0]).to.deep.include({ text: 'Ann: Look\n[2 attachments]' });
    expect(pushesTo(services, shown)[0]?.extra.media).to.deep.equal(media);
    expect(world.simulator.textsTo(cid).at(-1)).to.deep.include({ text: 'Ann: Look', media });
    await world.text(bob, number, '*language français');
    await world.quiet();
    await world.text(ann, number, 'Regarde', media);
    await world.quiet();
    expect(pushesTo(services, shown).at(-1)).to.deep.include({ text: 'Ann: Regarde\n[2 fichiers joints]' });
  });

  it('are messages alone: answers to commands stay texts', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '446' });
    const bob = phones.Bob ?? '';
    const [token] = await wantPushes(world, { phone: bob, number, types: ['iphone'] });
    const before = textsTo(bob).length;
    await world.text(bob, number, '*count');
    await world.quiet();
    expect(textsTo(bob)).to.have.length(before + 1);
    expect(pushesTo(services, token)).to.deep.equal([]);
  });

  it('costs nothing in a preview either', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid'], { areaCode: '446' });
    const [ann = '', bob = ''] = Object.values(phones);
    await wantPushes(world, { phone: bob, number, types: ['iphone'] });
    const sid = await openSid(world, ann);
    const { body } = await world.call('/message/send', { sid, number, message: 'What would it cost?', preview: 1 });
    expect(body).to.deep.equal({ status: 'OK', recipients: 2, segments: 1, cost: 1, skipped: [] });
  });

  it('is there for the owner’s digest without waiting for a report', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '446', replyToOwner: true });
    const [ann = '', bob = ''] = Object.values(phones);
    await wantPushes(world, { phone: bob, number, types: ['iphone'] });
    await world.text(ann, number, '*digest on');
    await world.quiet();
    await world.text(ann, number, 'To all');
    await until('the digest is there', async () =>
      textsTo(ann).some((text) => /1 delivered|delivered to 1/i.test(text)),
    );
  });

  it('is seen by the operator: in the trace, and in the metrics', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { areaCode: '446' });
    const [ann = '', bob = ''] = Object.values(phones);
    const [token] = await wantPushes(world, { phone: bob, number, types: ['android'] });
    await world.text(ann, number, 'Seen');
    await world.quiet();
    await pushed(services, token);
    const headers = { authorization: `Basic ${Buffer.from('ops:Correct-Horse').toString('base64')}` };
    const query = new URLSearchParams({ phone: bob, number, message_id: '1' });
    const trace = await fetch(`${world.url}/ops/trace?${query}`, { headers });
    const { deliveries } = (await trace.json()) as { deliveries: Record<string, unknown>[] };
    expect(deliveries).to.have.length(1);
    expect(deliveries[0]).to.include({ phone: bob, state: 'sent', via: 'push', attempts: 0, reason: null });
    await until('the pushes are counted', async () => {
      const text = await (await fetch(`${world.url}/ops/metrics`, { headers })).text();
      return ['taken', 'refused', 'gone', 'text'].every((outcome) =>
        text.includes(`texting_system_pushes_total{outcome="${outcome}"}`),
      );
    });
  });
});

/** Here the test is the worker, so that things happen between the steps. */
describe('a push under way', () => {
  let world: World;
  let services: PushSimulator;
  let workers: Workers;
  let stopClock: (() => Promise<void>) | undefined;
  let sender: Runtime;
  let pushing: Pushing;
  let group: TestGroup;
  let token: string;
  let ann: string;
  let bob: string;
  const log: string[] = [];

  before(async () => {
    services = await startPushSimulator();
    world = await openWorld({ env: { ...services.settings }, workers: false });
    const opened = await openRuntime(world.runtime.config, { process: 'sender' });
    sender = runtimeWith(opened, { log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }) });
    // Its senders leave the pushes to the test.
    workers = await openWorkers(world, { pushes: false });
    stopClock = runClock(sender);
  });
  after(async () => {
    await stopClock?.();
    await workers?.close();
    await sender?.close();
    await world?.close();
    await services?.stop();
  });
  beforeEach(async () => {
    pushing = openPushing(sender, { beginMs: 9_000 });
    group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '447' });
    [ann = '', bob = ''] = Object.values(group.phones);
    [token = ''] = await wantPushes(world, { phone: bob, number: group.number, types: ['iphone'] });
  });
  afterEach(() => {
    services.clearFaults();
  });

  /** Ann says something; its delivery waits for its push. */
  async function say(text: string): Promise<{ messageId: number; to: number[] }> {
    await world.text(ann, group.number, text);
    const { messageId, personId } = await deliveryIn(world, { phone: bob, text }, { state: 'queued' });
    return { messageId, to: [personId] };
  }
  const heard = (text: string) => world.simulator.textsTo(bob).filter((one) => one.text === `Ann: ${text}`).length;
  const alerts = (text: string) => pushesTo(services, token).filter((one) => one.text === `Ann: ${text}`).length;
  async function overdue({ messageId }: { messageId: number }): Promise<void> {
    await run(world.runtime.db, 'UPDATE deliveries SET due_at = NOW(3) WHERE message_id = ?', [messageId]);
    await sweep(world.runtime);
  }

  it('is made once, however often its job runs and the message is fanned out', async () => {
    const job = await say('Once');
    await Promise.all([pushing.push(job), pushing.push(job), fanOut(world.runtime, [job.messageId])]);
    await pushing.push(job);
    expect([alerts('Once'), heard('Once')]).to.deep.equal([1, 0]);
  });

  for (const [what, change, reason] of [
    ['said STOP', () => world.text(bob, group.number, 'STOP'), 'blocked'],
    ['left the group', () => world.text(bob, group.number, '*bye'), 'gone'],
  ] as const) {
    it(`is skipped when its member ${what} before it is made`, async () => {
      const job = await say('Too late');
      await change();
      await pushing.push(job);
      expect(await deliveryIn(world, { phone: bob, text: 'Too late' }, { state: 'skipped' })).to.include({ reason });
      await sweep(world.runtime);
      expect([alerts('Too late'), heard('Too late')]).to.deep.equal([0, 0]);
      if (reason === 'blocked') await world.text(bob, group.number, 'START');
    });
  }

  it('is made for a member who muted the group after the message was accepted', async () => {
    const job = await say('Still heard');
    await world.text(bob, group.number, '*mute 2');
    await pushing.push(job);
    expect([alerts('Still heard'), heard('Still heard')]).to.deep.equal([1, 0]);
  });

  it('is a text when the device was released meanwhile', async () => {
    const job = await say('No device');
    await run(world.runtime.db, 'DELETE FROM devices WHERE phone = ?', [bob]);
    await pushing.push(job);
    await deliveryIn(world, { phone: bob, text: 'No device' }, { state: 'delivered' });
    expect([alerts('No device'), heard('No device')]).to.deep.equal([0, 1]);
  });

  for (const kind of ['ignore', 'hang', 'reset'] as const) {
    it(`is a text, once, when the service does not answer in time (${kind})`, async () => {
      const job = await say(`Slow ${kind}`);
      services.fault({ kind, token });
      const deadline = Date.now() + 400;
      const impatient = openPushing(sender, { withinMs: deadline - (await queuedAt(job)), beginMs: 10_000 });
      await impatient.push(job);
      expect(Date.now(), 'it may still have been shown').to.be.at.least(deadline);
      await deliveryIn(world, { phone: bob, text: `Slow ${kind}` }, { state: 'delivered' });
      await impatient.push(job);
      expect(heard(`Slow ${kind}`)).to.equal(1);
    });
  }

  it('is not begun after its time', async () => {
    const job = await say('Stale');
    await openPushing(sender, { beginMs: 0 }).push(job);
    await deliveryIn(world, { phone: bob, text: 'Stale' }, { state: 'delivered' });
    expect([alerts('Stale'), heard('Stale')]).to.deep.equal([0, 1]);
  });

  it('is a text when its job is lost', async () => {
    const job = await say('Lost');
    await overdue(job);
    await deliveryIn(world, { phone: bob, text: 'Lost' }, { state: 'delivered' });
    await pushing.push(job);
    expect([alerts('Lost'), heard('Lost')]).to.deep.equal([0, 1]);
  });

  it('is no text as well when Redis was emptied right before it was begun', async () => {
    const job = await say('Emptied');
    services.fault({ kind: 'ignore', token });
    await requeueWaiting(world.runtime.db, new Date());
    const making = pushing.push(job);
    await deliveryIn(world, { phone: bob, text: 'Emptied' }, { state: 'sending' });
    await sweep(world.runtime);
    expect(await deliveryOf(world, { phone: bob, text: 'Emptied' })).to.include({ state: 'sending' });
    services.clearFaults();
    services.fault({ kind: 'refuse', token });
    services.cut();
    await making;
    await deliveryIn(world, { phone: bob, text: 'Emptied' }, { state: 'delivered' });
    expect([alerts('Emptied'), heard('Emptied')]).to.deep.equal([0, 1]);
  });

  it('is a text, once, when its worker dies in the middle, also if that one comes back', async () => {
    const job = await say('Died');
    services.fault({ kind: 'ignore', token });
    const dying = pushing.push(job);
    await deliveryIn(world, { phone: bob, text: 'Died' }, { state: 'sending' });
    await overdue(job);
    await deliveryIn(world, { phone: bob, text: 'Died' }, { state: 'delivered' });
    services.clearFaults();
    services.fault({ kind: 'refuse', token });
    services.cut();
    await dying;
    await sweep(world.runtime);
    expect(await deliveryIn(world, { phone: bob, text: 'Died' }, { state: 'delivered' })).to.include({ attempt: 1 });
    expect([alerts('Died'), heard('Died')]).to.deep.equal([0, 1]);
  });

  it('leaves ids and outcomes in the log, and neither devices nor what was said', async () => {
    services.fault({ kind: 'gone', token });
    await pushing.push(await say('Midnight'));
    expect(log.join('')).to.match(/"device":\d+,"message":\d+,"kind":"gone","reason":"410 Unregistered"/);
    for (const secret of [token, 'Midnight', bob.slice(1), services.settings.APNS_KEY.slice(40, 60)])
      expect(log.join(''), secret).not.to.contain(secret);
  });

  it('is a text when the services are unavailable', async () => {
    await wantPushes(world, { phone: bob, number: group.number, types: ['android'] });
    const job = await say('Nobody there');
    await services.stop();
    await pushing.push(job);
    await deliveryIn(world, { phone: bob, text: 'Nobody there' }, { state: 'delivered' });
    expect([alerts('Nobody there'), heard('Nobody there')]).to.deep.equal([0, 1]);
  });

  async function queuedAt({ messageId }: { messageId: number }): Promise<number> {
    const found = await row<{ at: Date }>(
      world.runtime.db,
      'SELECT queued_at AS at FROM deliveries WHERE message_id = ?',
      [messageId],
    );
    return found?.at.getTime() ?? 0;
  }
});
