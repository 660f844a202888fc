import { expect } from 'chai';
import { rows, run } from '../db/connect.ts';
import type { FaultKind } from '../dev/simulator/faults.ts';
import { keys } from '../engine/platform/keys.ts';
import { admin } from '../workers/admin.ts';
import { deliveryOf, until } from './support/rows.ts';
import { openWorld, type World } from './support/world.ts';

const ann = '+14445550001';
const bob = '+14445550002';
const cy = '+14445550003';

/** What Plivo does by its pages that is out of the ordinary, and what becomes of the texts. */
describe('Plivo in service', () => {
  let world: World;
  let number = '';
  let texts = 0;

  before(async () => {
    world = await openWorld();
    const { body } = await world.call('/group/create', {
      group: 'Chess',
      name: 'Ann',
      number: ann,
      name_0: 'Bob',
      number_0: bob,
    });
    number = String(body.number);
    await world.text(ann, number, 'YES');
    await world.quiet();
  });
  after(() => world?.close());
  afterEach(() => world.simulator.clearFaults());

  /** Ann says something new; returns it as Bob reads it. */
  async function say(): Promise<string> {
    const text = `Move ${++texts}`;
    expect(await world.text(ann, number, text)).to.equal(200);
    return `Ann: ${text}`;
  }
  /** The two minutes are over that a refused number keeps silent. */
  const endSilence = () => world.runtime.redis.del(`${keys.fairQueue('plivo')}:held`);
  const gotten = (text: string) => world.textsTo(bob).filter((one) => one.text === text).length;
  const lastDelivery = async () =>
    (
      await rows<{ state: string; errorCode: number | null }>(
        world.runtime.db,
        'SELECT state, error_code AS errorCode FROM deliveries ORDER BY message_id DESC LIMIT 1',
      )
    )[0];

  const pausing: [FaultKind, string?][] = [
    ['401'],
    ['403'],
    ['404'],
    ['405'],
    ['no_credit', '400'],
    ['account_disabled', '400'],
    ['outbound_disabled'],
  ];
  it('a refusal that concerns the account keeps every text until the account is in order', async () => {
    for (const [kind, code] of pausing) {
      const before = world.simulator.stats().answered as Record<string, number>;
      world.simulator.fault({ kind, ...(code === undefined ? {} : { code }) });
      const text = await say();
      await until(`sending pauses for ${kind}`, async () => {
        return (await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).length === 1;
      });
      expect(world.simulator.stats().answered, kind).to.deep.equal(before);
      world.simulator.clearFaults();
      // Two minutes have passed. The next text tells that the carrier takes texts again.
      await run(world.runtime.db, 'UPDATE carrier_pauses SET until = NOW(3)');
      const next = await say();
      await until(`what was refused with ${kind} goes out`, async () => {
        await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued' AND attempt > 0");
        return gotten(text) > 0 && gotten(next) > 0;
      });
      await world.quiet();
      expect([gotten(text), gotten(next)], kind).to.deep.equal([1, 1]);
      expect(await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).to.deep.equal([]);
    }
  });

  it('a number that was taken back keeps its own texts, and no others, until it is in order', async () => {
    const { body } = await world.call('/group/create', {
      ...{ group: 'Choir', name: 'Cy', number: cy, name_0: 'Bob', number_0: bob },
    });
    const other = String(body.number);
    expect(other).not.to.equal(number);
    await world.text(cy, other, 'YES');
    await world.quiet();
    world.simulator.fault({ kind: 'caller_id', number });
    const kept = await say();
    await until('the text was refused', async () => (await lastDelivery())?.errorCode === 400);
    await world.text(cy, other, 'Sing');
    await until('another number sends', async () => gotten('Cy: Sing') === 1);
    expect(await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).to.deep.equal([]);
    world.simulator.clearFaults();
    await endSilence();
    await until('the text that was kept goes out', async () => {
      await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued' AND attempt > 0");
      return gotten(kept) > 0;
    });
    await world.quiet();
    expect(gotten(kept)).to.equal(1);
  });

  it('a country that is over its hourly limit keeps its texts until an operator has raised it', async () => {
    world.simulator.fault({ kind: 'failed', code: '451', phone: bob });
    const text = await say();
    await until('sending pauses', async () => {
      return (await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses WHERE error_code = 451')).length === 1;
    });
    world.simulator.clearFaults();
    await run(world.runtime.db, 'UPDATE carrier_pauses SET until = NOW(3)');
    await until('the next texts tell that the carrier takes texts again', async () => {
      await say();
      return (await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).length === 0;
    });
    await until('what was refused goes out', async () => {
      await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued' AND attempt > 0");
      return (await deliveryOf(world, { phone: bob, text }))?.state === 'delivered';
    });
    await world.quiet();
  });

  it('a request that timed out at the carrier is made again', async () => {
    world.simulator.fault({ kind: '408', times: 1, phone: bob });
    const text = await say();
    await until('the second try arrives', async () => {
      await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued' AND attempt > 0");
      return gotten(text) > 0;
    });
    await world.quiet();
    expect(await deliveryOf(world, { phone: bob, text })).to.include({ state: 'delivered', attempt: 2 });
    expect(gotten(text)).to.equal(1);
  });

  it('a country that is barred ends that text alone', async () => {
    world.simulator.fault({ kind: '403_geo', times: 1 });
    await say();
    await world.quiet();
    expect((await lastDelivery())?.state).to.equal('failed');
    expect(await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).to.deep.equal([]);
    const text = await say();
    await world.quiet();
    expect(gotten(text)).to.equal(1);
  });

  it('a PIN is not kept by the carrier and lapses in ten minutes, a message in an hour', async () => {
    const { body } = await world.call('/member/find', { number: ann });
    expect(body.status).to.equal('OK');
    const text = await say();
    await world.quiet();
    const pin = world.textsTo(ann).find((one) => /PIN is \d{6}/.test(one.text) && one.from === world.serviceNumber);
    expect(pin).to.include({ expiry: 600, log: 'false' });
    expect(world.textsTo(bob).find((one) => one.text === text)).to.include({ expiry: 3_600, log: undefined });
  });

  const reports: [FaultKind, state: string, errorCode: number | null][] = [
    ['report_read', 'delivered', null],
    ['report_unknown', 'delivered', null],
    ['report_skips_sent', 'delivered', null],
    ['report_rejected', 'failed', 100],
  ];
  for (const [kind, state, errorCode] of reports) {
    it(`reports that an older or a newer page would have are taken: ${kind}`, async () => {
      const refused = () => (world.simulator.stats().reports as { refused: number }).refused;
      const before = refused();
      world.simulator.fault({ kind, times: 1 });
      await say();
      await world.quiet();
      expect(await lastDelivery()).to.deep.equal({ state, errorCode });
      expect(refused()).to.equal(before);
    });
  }

  it('what it charges is kept with each delivery, and the books show it with the margin', async () => {
    const text = await say();
    await world.quiet();
    const [kept] = await rows<{ cost: number; network: string }>(
      world.runtime.db,
      `SELECT d.carrier_cost AS cost, d.network FROM deliveries d JOIN messages m ON m.id = d.message_id
       WHERE m.text = ? AND d.state = 'delivered'`,
      [text],
    );
    expect(kept?.cost).to.be.within(77, 200);
    expect(kept?.network).to.match(/^\d{5,6}$/);
    const [all] = await rows<{ texts: number; cost: string }>(
      world.runtime.db,
      'SELECT COUNT(*) AS texts, SUM(carrier_cost) AS cost FROM deliveries WHERE carrier_cost > 0',
    );
    let out = '';
    const io = { out: (line: string) => (out += line), err: () => '' };
    await admin(['books', '--json'], { MYSQL_URL: world.runtime.config.MYSQL_URL }, io);
    const books = JSON.parse(out) as {
      lines: { account: string; amount: number }[];
      carriers: { texts: number; cost: number; margin: number };
    };
    const revenue = books.lines.reduce((sum, { account, amount }) => sum + (account === 'revenue' ? amount : 0), 0);
    expect(revenue).to.be.greaterThan(0);
    expect(books.carriers.texts).to.equal(all?.texts);
    expect(books.carriers.cost).to.be.closeTo(Number(all?.cost) / 100, 0.001);
    expect(books.carriers.margin).to.be.closeTo(revenue - Number(all?.cost) / 100, 0.001);
  });

  it('a text that took two tries costs what both of them did', async () => {
    world.simulator.fault({ kind: 'undelivered', times: 1, phone: bob });
    const text = await say();
    const cost = () =>
      rows<{ state: string; attempt: number; cost: number }>(
        world.runtime.db,
        `SELECT d.state, d.attempt, d.carrier_cost AS cost FROM deliveries d JOIN messages m ON m.id = d.message_id
         WHERE m.text = ?`,
        [text],
      );
    const first = await until('the first try is over', async () => {
      const [now] = await cost();
      return now?.state === 'queued' && now.cost > 0 && now.attempt === 1 ? now : undefined;
    });
    await until('the second has arrived', async () => {
      await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued' AND attempt > 0");
      return (await cost())[0]?.state === 'delivered';
    });
    await world.quiet();
    expect(await cost()).to.deep.equal([{ state: 'delivered', attempt: 2, cost: 2 * first.cost }]);
  });
});
