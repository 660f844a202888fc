import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import { HELD, openCircuitBreaker } from '../../../engine/delivery/circuit-breaker.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('the circuit breaker of a sender that has just started', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  it('lets nothing pass in a pause, however many ask before it knows of the pause', async () => {
    const { db } = world.runtime;
    const number = await row<{ id: number }>(db, 'SELECT MIN(id) AS id FROM numbers');
    await run(
      db,
      "INSERT INTO carrier_pauses (carrier, error_code, since, until) VALUES ('plivo', 900, NOW(3), NOW(3) + INTERVAL 300000 MICROSECOND)",
    );
    const breaker = openCircuitBreaker(world.runtime);
    const passed = await Promise.all(Array.from({ length: 20 }, () => breaker.pass(number?.id ?? 0)));
    breaker.stop();
    expect(passed.filter((one) => one !== HELD && one.halfOpen)).to.have.length(20);
  });
});
