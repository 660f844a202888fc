import { expect } from 'chai';
import { openOperated, type, typeJson } from '../support/operator.ts';
import type { World } from '../support/world.ts';

describe('an operator and the limits of campaigns', () => {
  let world: World;
  let env: Record<string, string>;
  let number: string;
  before(async () => {
    const operated = await openOperated(['Ann', 'Bob'], { name: 'Hikers' });
    ({ world, env } = operated);
    ({ number } = operated.group);
  });
  after(() => world.close());

  it('lists none before there are any', async () => {
    expect((await type('campaign list', env)).out).to.match(/none has a limit/);
  });

  it('sets and ends a pace and caps, with a row each in the audit log', async () => {
    await type(`number set ${number} --campaign C1`, env);
    await type('campaign set C1 --pace 0.2 --network 310260 --cap 2000', env);
    await type('campaign set C1 --network 30272 --cap 10', env);
    const caps = [
      { network: '30272', segmentsADay: 10, used: 0, waiting: 0 },
      { network: 'tmobile', segmentsADay: 2_000, used: 0, waiting: 0 },
    ];
    const limits = { name: 'C1', numbers: 1, segmentsASecond: 0.2 };
    expect((await typeJson('campaign list', env)).campaigns).to.deep.equal([{ ...limits, caps }]);
    expect((await type('campaign list', env)).out).to.match(/C1 .* 0\.2 .* tmobile .* 2000/);
    expect((await typeJson('campaign set C1 --pace none', env)).campaigns).to.deep.equal([
      { ...limits, segmentsASecond: null, caps },
    ]);
    await type('campaign set C1 --network tmobile --cap none', env);
    const { campaigns } = await typeJson('campaign set C1 --network 30272 --cap none', env);
    expect(campaigns).to.deep.equal([{ ...limits, segmentsASecond: null, caps: [] }]);
    expect((await type('audit', env)).out.match(/campaign set/g)).to.have.length(5);
  });

  for (const line of [
    'campaign set C1',
    'campaign set C1 --network tmobile',
    'campaign set C1 --cap 5',
    'campaign set C1 --pace 0',
    'campaign set C1 --pace fast',
    'campaign set C1 --network sprintel --cap 5',
    'campaign set C1 --network tmobile --cap 0',
    'campaign set C1 --network tmobile --cap 1.5',
    `campaign set ${'C'.repeat(65)} --pace 5`,
  ])
    it(`does not take: ${line.slice(0, 60)}`, async () => {
      const { code, err } = await type(line, env);
      expect([code, err.includes('Usage:')]).to.deep.equal([2, true]);
    });

  it('still prints what a registration asks for', async () => {
    expect((await type('campaign', env)).out).to.match(/optin_keywords/);
    expect((await type('campaign lst', env)).code).to.equal(2);
  });
});
