import { expect } from 'chai';
import { batched } from '../../../engine/platform/batch.ts';

describe('a batcher', () => {
  /** A flush that the test lets go on when it wants. */
  function openFlush() {
    const batches: number[][] = [];
    const gates: (() => void)[] = [];
    return {
      batches,
      release: () => gates.shift()?.(),
      async flush(items: number[]): Promise<string[]> {
        batches.push(items);
        await new Promise<void>((resolve) => gates.push(resolve));
        return items.map((item) => `did ${item}`);
      },
    };
  }

  it('hands on at once what is full, and the rest a moment later', async () => {
    const batches: number[][] = [];
    const batch = batched<number, number>({
      max: 3,
      lingerMs: 1,
      flush: async (items) => {
        batches.push(items);
        return items;
      },
    });
    const added = [1, 2, 3, 4].map((item) => batch.add(item));
    expect(batches).to.deep.equal([[1, 2, 3]]);
    expect(await Promise.all(added)).to.deep.equal([1, 2, 3, 4]);
    expect(batches).to.deep.equal([[1, 2, 3], [4]]);
  });

  it('without a time to linger hands on what came in the same instant', async () => {
    const { batches, release, flush } = openFlush();
    const batch = batched({ max: 9, lingerMs: 0, flush });
    const added = [1, 2, 3].map((item) => batch.add(item));
    expect(batches).to.deep.equal([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).to.deep.equal([[1, 2, 3]]);
    release();
    expect(await Promise.all(added)).to.deep.equal(['did 1', 'did 2', 'did 3']);
  });

  it('lets who comes alone wait for nobody, and gathers those who come one after the other', async () => {
    const batches: { items: number[]; at: number }[] = [];
    const everyMs = 40;
    const batch = batched<number, number>({
      max: 99,
      lingerMs: 0,
      everyMs,
      flush: async (items) => {
        batches.push({ items, at: performance.now() });
        return items;
      },
    });
    const began = performance.now();
    const alone = batch.add(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches.map(({ items }) => items)).to.deep.equal([[1]]);
    await alone;
    const others = [2, 3].map((item) => batch.add(item));
    await new Promise((resolve) => setImmediate(resolve));
    others.push(batch.add(4));
    await Promise.all(others);
    // Where a busy machine let the time pass in between, the last came too late for the others.
    expect(batches.slice(1).flatMap(({ items }) => items)).to.deep.equal([2, 3, 4]);
    expect(batches[1]?.items.slice(0, 2)).to.deep.equal([2, 3]);
    // Timers may be a millisecond early.
    expect((batches[1]?.at ?? 0) - began).to.be.at.least(everyMs - 2);
  });

  it('runs only so many at once, and what comes meanwhile makes the next batch larger', async () => {
    const { batches, release, flush } = openFlush();
    const batch = batched({ max: 2, lingerMs: 1, parallel: 1, flush });
    const added = [1, 2, 3].map((item) => batch.add(item));
    expect(batches).to.deep.equal([[1, 2]]);
    added.push(batch.add(4));
    release();
    expect(await added[1]).to.equal('did 2');
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    release();
    expect(await Promise.all(added)).to.deep.equal(['did 1', 'did 2', 'did 3', 'did 4']);
  });

  it('a flush that fails, fails all of its items and none of the others', async () => {
    const batch = batched<number, number>({
      max: 2,
      lingerMs: 1,
      flush: async (items) => {
        if (items.includes(2)) throw new Error('this batch');
        return items;
      },
    });
    const ends = await Promise.allSettled([1, 2, 3, 4].map((item) => batch.add(item)));
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('is closed when all that was added has been flushed', async () => {
    const { release, flush } = openFlush();
    const batch = batched({ max: 1, lingerMs: 1, parallel: 1, flush });
    const ends: string[] = [];
    const added = [1, 2].map((item) => batch.add(item).then((end) => ends.push(end)));
    const closed = batch.close().then(() => ends.push('closed'));
    release();
    await added[0];
    release();
    await Promise.all([...added, closed, batch.close()]);
    expect(ends).to.deep.equal(['did 1', 'did 2', 'closed']);
  });
});
