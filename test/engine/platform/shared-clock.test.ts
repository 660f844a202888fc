import { expect } from 'chai';
import { pino } from 'pino';
import { openDb } from '../../../db/connect.ts';
import { followClock, type SharedClock } from '../../../engine/platform/shared-clock.ts';
import { openGate } from '../../support/gate.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a process on a machine', () => {
  let world: World;
  let clock: SharedClock | undefined;
  let lines: { level: number; aheadMs?: number }[] = [];
  let aheadMs = 0;
  const RightDate = Date;
  const rightly = () => RightDate.now();
  const often = { askEveryMs: 30, lookEveryMs: 5 };

  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world?.close());
  beforeEach(() => {
    lines = [];
    aheadMs = 0;
    globalThis.Date = class extends RightDate {
      constructor(...parts: [] | [number | string]) {
        super(parts.length === 0 ? RightDate.now() + aheadMs : parts[0]);
      }
      static override now = () => RightDate.now() + aheadMs;
    } as DateConstructor;
  });
  afterEach(() => {
    clock?.close();
    globalThis.Date = RightDate;
  });

  async function follow(db = world.runtime.db, asks = often): Promise<void> {
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    clock = followClock({ db, log }, asks);
    await clock.ready;
  }
  const isRight = () => Math.abs(Date.now() - rightly()) < 500;

  for (const [what, by] of [
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
    ['20 seconds behind', -20_000],
  ] as const) {
    it(`whose clock is ${what} goes by MySQL's, and says so once`, async () => {
      aheadMs = by;
      await follow();
      expect(Math.abs(Date.now() - rightly())).to.be.lessThan(500);
      const made = new Date();
      expect(Math.abs(made.getTime() - rightly())).to.be.lessThan(500);
      expect(new Date(5).getTime()).to.equal(5);
      expect(made).to.be.instanceOf(Date);
      const [line, ...more] = lines;
      expect(line?.level).to.equal(50);
      expect(Math.abs((line?.aheadMs ?? 0) - by)).to.be.lessThan(500);
      expect(more).to.deep.equal([]);
    });
  }

  it('whose clock is wrong goes by MySQL’s also where the first answer of that is slow, as when all processes start', async () => {
    const gate = await openGate(world.runtime.config.MYSQL_URL);
    const db = openDb(gate.url, { size: 1 });
    const slow = [500, 600];
    gate.delay(/NOW\(3\)/, () => slow.shift() ?? 0);
    aheadMs = 3_600_000;
    await follow(db, { askEveryMs: 3_600_000, lookEveryMs: 5 });
    expect(slow).to.deep.equal([]);
    expect(isRight()).to.equal(true);
    await db.destroy();
    await gate.close();
  });

  it('whose clock is set meanwhile goes by MySQL’s from that moment on, and by its own again when that is right', async () => {
    await follow();
    expect(lines).to.deep.equal([]);
    aheadMs = 3_600_000;
    expect(isRight(), 'before anything has looked').to.equal(true);
    const made = new Date();
    expect(Math.abs(made.getTime() - rightly())).to.be.lessThan(500);
    await until('it says so', async () => lines.length > 0 || undefined);
    expect(isRight()).to.equal(true);
    aheadMs = 0;
    await until('it says that it is right again', async () => lines.length > 1 || undefined);
    expect(lines.map(({ level }) => level)).to.deep.equal([50, 30]);
    aheadMs = 700;
    const before = rightly();
    expect(Date.now(), 'its own').to.be.within(before + 700, rightly() + 700);
  });
});
