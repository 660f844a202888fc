import { expect } from 'chai';
import { row } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import type { World } from '../support/world.ts';

describe('an operator and the counts of numbers', () => {
  let world: World;
  let env: Record<string, string>;
  let hikers: TestGroup;
  let rowers: TestGroup;
  before(async () => {
    ({ world, env, group: hikers } = await openOperated(['Ann', 'Bob', 'Cy'], { name: 'Hikers' }));
    rowers = await startGroup(world, ['Dee', 'Eve'], { name: 'Rowers' });
    await type(`number set ${hikers.number} --campaign CONE`, env);
    await type(`number set ${rowers.number} --campaign CONE`, env);
    world.simulator.fault({ kind: 'failed', code: '30', phone: hikers.phones.Cy ?? '' });
    for (const text of ['One', 'Two']) await say(hikers, 'Ann', text);
    world.simulator.clearFaults();
    await say(hikers, 'Bob', 'STOP');
    await say(rowers, 'Dee', 'Three');
  });
  after(() => world.close());

  async function say(of: TestGroup, name: string, text: string): Promise<void> {
    expect(await world.text(of.phones[name] ?? '', of.number, text)).to.equal(200);
    await world.quiet();
  }
  type Stat = { name: string; went: number; delivered: number; failed: Record<string, number>; stops: number };
  const stats = async (args: string) =>
    new Map(((await typeJson(`number stats ${args}`, env)).stats as Stat[]).map((one) => [one.name, one]));
  /** What the table says itself. */
  async function countOf(of: TestGroup, condition: string): Promise<number> {
    const found = await row<{ texts: number }>(
      world.runtime.db,
      `SELECT COUNT(*) AS texts FROM deliveries WHERE number_id = ? AND ${condition}`,
      [of.numberId],
    );
    return Number(found?.texts);
  }

  it('are by number: taken, delivered, failed by code, STOPs, last use', async () => {
    const found = await stats('--from 1h');
    for (const group of [hikers, rowers])
      expect(found.get(group.number), group.number).to.deep.include({
        went: await countOf(group, 'sent_at IS NOT NULL'),
        delivered: await countOf(group, "state = 'delivered'"),
        failed: group === hikers ? { 30: 2 } : {},
        stops: group === hikers ? 1 : 0,
      });
    const { out } = await type('number stats --from 1h', env);
    expect(out).to.match(/│ \+1201\d+ │ 20\S+Z │ 30 × 2 +│ +\d+ │ +\d+ │ +\d+\.\d % │ +\d+\.\d % │/);
  });

  it('are by campaign and by network', async () => {
    const byNumber = await stats('');
    const one = (await stats('--by campaign')).get('CONE');
    const sum = (of: keyof Pick<Stat, 'went' | 'delivered' | 'stops'>) =>
      (byNumber.get(hikers.number)?.[of] ?? 0) + (byNumber.get(rowers.number)?.[of] ?? 0);
    expect(one).to.include({ went: sum('went'), delivered: sum('delivered'), stops: 1 });
    const networks = [...(await stats('--by network')).values()];
    expect(networks.reduce((all, { delivered }) => all + delivered, 0)).to.be.at.least(sum('delivered'));
  });

  it('are of a time: nothing of before it counts', async () => {
    const { texts, isWhole, stats: none } = await typeJson('number stats --from 2020-01-01 --until 2020-01-02', env);
    expect({ texts, isWhole, none }).to.deep.equal({ texts: 0, isWhole: true, none: [] });
    expect((await type('number stats --by colour', env)).code).to.equal(2);
  });
});
