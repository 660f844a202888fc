import { expect } from 'chai';
import { lookBack, openStandstill } from '../../../engine/delivery/standstill.ts';
import { openRuntime } from '../../../engine/platform/runtime.ts';
import { openGate } from '../../support/gate.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('time in which MySQL committed nothing', () => {
  const cases = [
    { of: 'none', spans: [], stoodMs: 0 },
    { of: 'one just now', spans: [[70, 100]], stoodMs: 30 },
    { of: 'one that settles', spans: [[70, 110]], stoodMs: 30 },
    { of: 'one a while ago', spans: [[40, 60]], stoodMs: 20 },
    { of: 'one that only began before', spans: [[10, 95]], stoodMs: 85 },
    { of: 'one so long ago that enough time worked since', spans: [[10, 50]], stoodMs: 0 },
    {
      of: 'several',
      spans: [
        [0, 5],
        [40, 60],
        [80, 90],
      ],
      stoodMs: 30,
    },
    {
      of: 'two that meet',
      spans: [
        [40, 75],
        [70, 90],
      ],
      stoodMs: 50,
    },
  ];
  for (const { of, spans, stoodMs } of cases)
    it(`${of}: ${stoodMs} of what it takes until 50 have worked`, () => {
      const looked = spans.map(([from = 0, until = 0]) => ({ from, until }));
      expect(lookBack(looked, { now: 100, ms: 50 }).stoodMs).to.equal(stoodMs);
    });

  describe('at a real server', () => {
    let world: World;
    before(async () => {
      world = await openWorld({ workers: false });
    });
    after(() => world?.close());

    it('is from the first look that failed, or took long, to what it needs to settle after the first that did not', async () => {
      const { config } = world.runtime;
      const gate = await openGate(config.MYSQL_URL);
      const runtime = await openRuntime({ ...config, MYSQL_URL: gate.url }, { process: 'clock' });
      const standstill = runtime.use(openStandstill);
      await standstill.look();
      expect(standstill.within(7_000)).to.be.a('number');
      const beganAt = performance.now();
      gate.cut();
      await standstill.look();
      await standstill.look();
      expect(standstill.within(7_000)).to.equal(null);
      gate.open();
      const stood = await until('it commits again', async () => {
        await standstill.look();
        return standstill.within(7_000) ?? undefined;
      });
      expect(stood).to.be.within(1, performance.now() - beganAt);
      gate.delay(/commit_probes/, () => 600);
      await standstill.look();
      expect(Number(standstill.within(7_000)) - stood, 'one that took long').to.be.at.least(500);
      await runtime.close();
      await gate.close();
    });
  });
});
