import { expect } from 'chai';
import { DatabaseUnavailable } from '../../../db/connect.ts';
import { togetherOrAlone } from '../../../engine/platform/together.ts';

describe('work on many together', () => {
  async function tried(fails: (items: readonly number[]) => unknown) {
    const calls: number[][] = [];
    const ends = await togetherOrAlone([1, 2, 3], async (items) => {
      calls.push([...items]);
      const error = fails(items);
      if (error !== undefined) throw error;
      return items.map((item) => item * 10);
    });
    return { calls, ends };
  }
  const error = new Error('bad');

  it('is done once where it succeeds', async () => {
    expect(await tried(() => undefined)).to.deep.equal({ calls: [[1, 2, 3]], ends: [10, 20, 30] });
  });

  it('is done for each alone where it fails, so that a bad one fails no others', async () => {
    const { calls, ends } = await tried((items) => (items.includes(2) ? error : undefined));
    expect(calls).to.deep.equal([[1, 2, 3], [1], [2], [3]]);
    expect(ends).to.deep.equal([10, { error }, 30]);
  });

  it('fails for all at once where the database is unavailable', async () => {
    const unavailable = new DatabaseUnavailable('gone');
    const { calls, ends } = await tried(() => unavailable);
    expect(calls).to.deep.equal([[1, 2, 3]]);
    expect(ends).to.deep.equal(Array(3).fill({ error: unavailable }));
  });
});
