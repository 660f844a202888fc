import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import { holdNumber } from '../../../engine/delivery/fair-queue.ts';
import { watchSendable } from '../../../engine/delivery/oldest-sendable.ts';
import { dispatch } from '../../../engine/delivery/reservations.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Nobody works: what is there stays as it is. */
describe('the age of the oldest text that could be sent', () => {
  let world: World;
  let group: TestGroup;
  const queue = keys.fairQueue('plivo');
  const none = { message: 0, system_message: 0, pin: 0 };

  before(async () => {
    world = await openWorld({ workers: false, env: { OPS_PASSWORD: 'let me see it' } });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    // The texts of its start are queued by the API, and nobody else comes back for those that found no slot.
    await until('they are queued', async () => {
      await dispatch(world.runtime);
      const found = await row<{ open: number }>(
        world.runtime.db,
        'SELECT COUNT(*) AS open FROM deliveries WHERE batch IS NULL AND state = ?',
        ['queued'],
      );
      return found?.open === 0;
    });
  });
  after(() => world?.close());
  beforeEach(async () => {
    await run(world.runtime.db, 'DELETE FROM batches');
    await run(world.runtime.db, 'DELETE FROM deliveries');
    await run(world.runtime.db, 'DELETE FROM messages');
    await run(world.runtime.db, 'DELETE FROM carrier_pauses');
    await world.runtime.redis.del(`${queue}:next`, `${queue}:held`, `${queue}:hint`);
  });

  /** A text of this class, accepted ten minutes ago. */
  async function keep(kind: keyof typeof none, pending: number | null): Promise<number> {
    const { id } = await run(
      world.runtime.db,
      `INSERT INTO messages (kind, group_id, text, pending, redact_at, accepted_at) VALUES (?, ?, 'Hi', ?, ${kind === 'pin' ? 'NOW(3) + INTERVAL 5 MINUTE' : 'NULL'}, NOW(3) - INTERVAL 10 MINUTE)`,
      [kind === 'message' ? 'said' : 'system', group.id, pending],
    );
    return id;
  }
  async function deliver(messageId: number, batch: number | null): Promise<void> {
    await run(
      world.runtime.db,
      `INSERT INTO deliveries (message_id, person_id, number_id, state, batch, queued_at, created_at)
       SELECT ?, id, ?, 'queued', ?, IF(? IS NULL, NULL, NOW(3)), NOW(3) FROM people WHERE phone = ?`,
      [messageId, group.numberId, batch, batch, group.phones.Bob ?? ''],
    );
  }
  /** How many seconds ago its slot was. */
  async function slot(messageId: number, secondsAgo: number): Promise<void> {
    await run(
      world.runtime.db,
      'INSERT INTO batches (message_id, id, number_id, cost, slot_at, due_at) VALUES (?, 1, ?, 0, NOW(3) - INTERVAL ? SECOND, NOW(3) + INTERVAL 1 HOUR)',
      [messageId, group.numberId, secondsAgo],
    );
  }
  const paced = { NUMBER_MPS: 1, ACCOUNT_MPS: 5 };
  /** In whole minutes. */
  async function ages(limits: Partial<typeof paced> = {}): Promise<Record<string, number>> {
    const config = { ...world.runtime.config, ...limits };
    const read = await watchSendable({ ...world.runtime, config }).read();
    return Object.fromEntries(Object.entries(read).map(([one, ms]) => [one, Math.floor(ms / 60_000)]));
  }
  const pause = () =>
    run(
      world.runtime.db,
      "INSERT INTO carrier_pauses (carrier, error_code, since, until) VALUES ('plivo', 900, NOW(3), NOW(3) + INTERVAL 1 MINUTE)",
    );

  it('is nothing where nothing waits', async () => {
    expect(await ages()).to.deep.equal(none);
  });

  it('counts a message that is not fanned out, from when it was accepted', async () => {
    await keep('message', 1);
    expect(await ages(paced)).to.deep.equal({ ...none, message: 10 });
  });

  for (const kind of ['message', 'system_message', 'pin'] as const) {
    it(`counts a ${kind} whose slot has passed, from its slot`, async () => {
      const id = await keep(kind, null);
      await deliver(id, 1);
      await slot(id, 180);
      expect(await ages(paced)).to.deep.equal({ ...none, [kind]: 3 });
    });

    it(`counts a ${kind} that waits for a slot of a number that has one to give, from when it had`, async () => {
      await deliver(await keep(kind, 2), null);
      expect(await ages(), 'without limits').to.deep.equal({ ...none, [kind]: 10 });
      expect(await ages(paced), 'a number that was never used').to.deep.equal({ ...none, [kind]: 10 });
      await world.runtime.redis.hset(`${queue}:next`, group.numberId, Date.now() - 250_000);
      expect(await ages(paced), 'one that is idle').to.deep.equal({ ...none, [kind]: 4 });
    });
  }

  it('counts nothing that waits for its turn, or through a number that the carrier wants silent', async () => {
    await deliver(await keep('message', 2), null);
    await world.runtime.redis.hset(`${queue}:next`, group.numberId, Date.now() + 4_000);
    expect(await ages(paced)).to.deep.equal(none);
    await world.runtime.redis.del(`${queue}:next`);
    await holdNumber(world.runtime, { carrier: 'plivo', numberId: group.numberId, untilMs: Date.now() + 60_000 });
    expect(await ages(paced)).to.deep.equal(none);
  });

  it('believes no moment that is further ahead than anybody may reserve', async () => {
    const { redis } = world.runtime;
    await deliver(await keep('message', 2), null);
    const anHourAhead = Date.now() + 3_600_000;
    await redis.hset(`${queue}:next`, group.numberId, anHourAhead);
    expect(await ages(paced), 'of the number').to.deep.equal({ ...none, message: 10 });
    for (const key of [`${queue}:hint`, `${queue}:sent:${group.numberId}`, `${queue}:sent:account`]) {
      await redis.set(key, anHourAhead);
      expect(await ages(paced), key).to.deep.equal({ ...none, message: 10 });
      await redis.set(key, Date.now() + 3_000);
      expect(await ages(paced), `${key}, soon`).to.deep.equal(none);
      await redis.del(key);
    }
  });

  it('counts nothing that waits for its campaign', async () => {
    await deliver(await keep('message', 2), null);
    const { config, redis } = world.runtime;
    const campaignPaces = async () => new Map([['CAMP', 1]]);
    const read = async () =>
      (await watchSendable({ ...world.runtime, config: { ...config, ...paced }, campaignPaces }).read()).message;
    await redis.hset(`${queue}:campaign`, group.numberId, 'CAMP');
    expect(await read()).to.be.at.least(600_000);
    await redis.set(`${queue}:campaign-hint:CAMP`, Date.now() + 3_000);
    expect(await read()).to.equal(0);
    await redis.del(`${queue}:campaign`, `${queue}:campaign-hint:CAMP`);
  });

  it('counts nothing whose slot is to come, and nothing that somebody has claimed', async () => {
    const id = await keep('message', null);
    await slot(id, -60);
    expect(await ages()).to.deep.equal(none);
    await run(world.runtime.db, "UPDATE batches SET slot_at = NOW(3) - INTERVAL 1 HOUR, claim = 'somebody'");
    expect(await ages()).to.deep.equal(none);
  });

  it('counts nothing that a pause of its carrier holds', async () => {
    await deliver(await keep('message', 2), null);
    const id = await keep('system_message', null);
    await slot(id, 180);
    await pause();
    expect(await ages()).to.deep.equal(none);
  });

  it('is a metric, and degrades /readyz where it is long', async () => {
    await deliver(await keep('pin', 2), null);
    const { body, http } = await world.call('/readyz', {}, { method: 'GET' });
    expect({ http, degraded: body.degraded }).to.deep.equal({ http: 200, degraded: ['pin'] });
    const auth = `Basic ${Buffer.from('ops:let me see it').toString('base64')}`;
    const text = await (await fetch(`${world.url}/ops/metrics`, { headers: { authorization: auth } })).text();
    expect(Number(/texting_system_oldest_sendable_seconds\{class="pin"\} (\S+)/.exec(text)?.[1])).to.be.within(
      600,
      700,
    );
    expect(text).to.include('texting_system_oldest_sendable_seconds{class="message"} 0');
  });
});
