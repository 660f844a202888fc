import { expect } from 'chai';
import { singleFlight } from '../../../engine/platform/single-flight.ts';

describe('those who ask at once', () => {
  it('share one answer; the next who asks after it gets a new one', async () => {
    let asked = 0;
    const ask = singleFlight(async () => ++asked);
    expect(await Promise.all([ask(), ask(), ask()])).to.deep.equal([1, 1, 1]);
    expect(await ask()).to.equal(2);
  });

  it('share a failure, which is not kept', async () => {
    let asked = 0;
    const ask = singleFlight(async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return asked;
    });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await ask()).to.equal(2);
  });

  it('about different things get an answer each', async () => {
    const asked: string[] = [];
    const ask = singleFlight(
      async (name: string, value: number) => {
        asked.push(name);
        return value;
      },
      (name) => name,
    );
    expect(await Promise.all([ask('a', 1), ask('b', 2), ask('a', 3)])).to.deep.equal([1, 2, 1]);
    expect(asked).to.deep.equal(['a', 'b']);
  });
});
