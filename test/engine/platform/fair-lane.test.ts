import { expect } from 'chai';
import { DomainError } from '../../../engine/platform/errors.ts';
import { openFairLane } from '../../../engine/platform/fair-lane.ts';

describe('a fair lane', () => {
  it('does so much at once, and lets those who wait take turns', async () => {
    const lane = openFairLane({ atOnce: 2, waitMs: 5_000 });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const ask = (key: string, name: string) =>
      lane.run(key, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1'].map((name) => ask(name.slice(0, 1), name));
    for (let ended = 0; ended < all.length; ended++) {
      expect(begun.length - ended).to.be.at.most(2);
      ends[ended]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(begun).to.deep.equal(['a1', 'a2', 'a3', 'b1', 'c1', 'a4']);
  });

  it('gives a place on where work fails, and begins nothing that has waited too long', async () => {
    const lane = openFairLane({ atOnce: 1, waitMs: 20 });
    await lane.run('a', () => Promise.reject(new Error('failed'))).catch(() => undefined);
    let end = (): void => undefined;
    const first = lane.run('a', () => new Promise<void>((resolve) => (end = resolve)));
    let isBegun = false;
    const late = await lane
      .run('b', async () => {
        isBegun = true;
      })
      .catch((error: unknown) => error);
    expect(late).to.be.instanceOf(DomainError).with.property('token', 'UNAVAILABLE');
    end();
    await first;
    expect(isBegun).to.equal(false);
    expect(await lane.run('b', async () => 'free again')).to.equal('free again');
  });
});
