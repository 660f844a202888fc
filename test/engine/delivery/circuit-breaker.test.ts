import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import {
  type CircuitBreaker,
  HELD,
  openCircuitBreaker,
  type Passed,
} from '../../../engine/delivery/circuit-breaker.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('the circuit breaker of a sender that has just started', () => {
  let world: World;
  let numberId: number;
  let breaker: CircuitBreaker;
  before(async () => {
    world = await openWorld({ workers: false });
    numberId = (await row<{ id: number }>(world.runtime.db, 'SELECT MIN(id) AS id FROM numbers'))?.id ?? 0;
  });
  beforeEach(async () => {
    await run(
      world.runtime.db,
      "REPLACE INTO carrier_pauses (carrier, error_code, since, until) VALUES ('plivo', 900, NOW(3), NOW(3) + INTERVAL 300000 MICROSECOND)",
    );
    breaker = openCircuitBreaker(world.runtime);
  });
  afterEach(() => breaker.stop());
  after(() => world.close());

  /** Those of twenty texts that may go, as they come. */
  function askAll(): Passed[] {
    const passed: Passed[] = [];
    for (let at = 0; at < 20; at++)
      void breaker.pass(numberId).then(
        (one) => one !== HELD && passed.push(one),
        () => {},
      );
    return passed;
  }
  const refused = { kind: 'paused', errorCode: 900, reason: 'no credit' } as const;
  const accepted = { kind: 'accepted', carrierId: 'one' } as const;

  it('lets one text tell whether a pause is over, however many ask before it is known', async () => {
    const passed = askAll();
    await until('one may go', async () => passed.length > 0);
    const [first] = passed;
    expect(first?.halfOpen).to.equal(true);
    // One that ends without having been sent has told nothing: the next one goes.
    first?.end();
    await until('the next may go', async () => passed.length > 1);
    const second = passed[1];
    expect(passed.map(({ halfOpen }) => halfOpen)).to.deep.equal([true, true]);
    await breaker.record(numberId, accepted, true);
    second?.end();
    await until('all may go', async () => passed.length === 20);
    expect(passed.slice(2).some(({ halfOpen }) => halfOpen)).to.equal(false);
  });

  it('holds all others when that one is refused, and who passed before and waited', async () => {
    const passed = askAll();
    await until('one may go', async () => passed.length > 0);
    const [first] = passed;
    expect(first !== undefined && breaker.isClosed(first)).to.equal(true);
    await breaker.record(numberId, refused, true);
    first?.end();
    expect(first !== undefined && breaker.isClosed(first)).to.equal(false);
    const { until: end } = (await row<{ until: Date }>(world.runtime.db, 'SELECT until FROM carrier_pauses')) ?? {};
    expect(end?.getTime()).to.be.greaterThan(Date.now() + 60_000);
    expect(passed).to.have.length(1);
  });
});
