import { expect } from 'chai';
import { createForm, gatherPeople } from '../../dev/demo/people.ts';
import { runDemo } from '../../dev/demo/run.ts';
import { openTally } from '../../dev/demo/tally.ts';

import { prefixOf } from '../../engine/rules/budgets.ts';
import { defaultBudgets } from '../support/default-budgets.ts';
import { openWorld } from '../support/world.ts';

describe('the demo', () => {
  const [crowd] = gatherPeople({ groups: 1, members: 3, run: 'r1' });
  if (!crowd) throw new Error('no group was gathered');
  const { creator, others } = crowd;
  const [bob, carol, dave] = others.map(({ phone }) => phone);

  it('gathers people with different phones and names, as /group/create wants them', () => {
    const many = gatherPeople({ groups: 3, members: 100, run: 'r2' });
    const people = many.flatMap((each) => [each.creator, ...each.others]);
    expect(new Set(people.map(({ phone }) => phone)).size).to.equal(303);
    expect(people.every(({ phone }) => /^\+1444[2-9]\d{6}$/.test(phone))).to.equal(true);
    const form = createForm(crowd);
    expect(Object.keys(form)).to.have.length(3 + 2 * 3);
    expect(form).to.include({ number: creator.phone, number_0: bob, name_0: others[0]?.name });
  });

  it('gives no prefix more phones than its budget holds', () => {
    const [hundred = { creator, others }] = gatherPeople({ groups: 1, members: 100, run: 'r3' });
    const prefixes = [hundred.creator, ...hundred.others].map(({ phone }) => prefixOf(phone));
    expect(new Set(prefixes).size).to.equal(101);
  });

  it('reaches a hundred handsets within the default budgets', async () => {
    const world = await openWorld({ env: defaultBudgets });
    try {
      const many = { members: 100, messages: 3, groups: 1, concurrency: 4, timeout: 75, json: true };
      const result = await runDemo({ ...many, api: world.url, simulator: world.simulator.url, mysqlUrl: null });
      expect(result).to.include({ texts: 3, refused: 0, delivered: 300, missing: 0, duplicated: 0, strayed: 0 });
    } finally {
      await world.close();
    }
  });

  const rows: [string, (string | undefined)[], object][] = [
    ['everybody once', [bob, carol, dave], { delivered: 3, missing: 0, duplicated: 0, strayed: 0 }],
    ['nobody', [], { delivered: 0, missing: 3, duplicated: 0, strayed: 0 }],
    ['one of them twice', [bob, carol, bob, dave], { delivered: 3, missing: 0, duplicated: 1, strayed: 0 }],
    ['one twice and one not', [bob, bob, dave], { delivered: 2, missing: 1, duplicated: 1, strayed: 0 }],
    ['its own sender too', [creator.phone, bob, carol, dave], { delivered: 3, missing: 0, strayed: 1 }],
    ['a stranger too', ['+14440000000', bob, carol, dave], { delivered: 3, missing: 0, strayed: 1 }],
  ];
  for (const [what, reached, counts] of rows) {
    it(`counts a text that reaches ${what}`, () => {
      const tally = openTally('r1');
      tally.going(7, crowd, creator);
      tally.taken(7);
      reached.forEach((to, seq) => {
        tally.arrived({
          seq,
          to: to ?? '',
          from: '+12025550100',
          text: `Ann: hi ${tally.markOf(7)}`,
          at: Date.now() + 40,
        });
      });
      tally.arrived({ seq: 9, to: bob ?? '', from: '+12025550100', text: 'of another run #r2-7', at: Date.now() });
      expect(tally.counts()).to.include({ expected: 3, ...counts });
      expect(tally.timesToLast()).to.have.length(reached.length > 0 ? 1 : 0);
    });
  }
});
