import { expect } from 'chai';
import { type KeyedQueue, openKeyedQueue } from '../../../engine/platform/keyed-queue.ts';

describe('work on one key', () => {
  let queue: KeyedQueue<string>;
  let begun: string[];
  let ends: Map<string, { keep: () => void; fail: (why: Error) => void }>;

  beforeEach(() => {
    begun = [];
    ends = new Map();
  });

  /** Work that goes on until the test ends it. */
  function work(key: string, name: string): Promise<string> {
    return queue.run(key, (waited) => {
      begun.push(waited ? `${name} waited` : name);
      return new Promise((keep, fail) => ends.set(name, { keep: () => keep(name), fail }));
    });
  }
  const messageOf = (failing: Promise<unknown>) => failing.then(String, (error: Error) => error.message);

  describe('together', () => {
    beforeEach(() => {
      queue = openKeyedQueue({ together: true, waitMs: 60_000 });
    });

    it('waits for the earlier, and then goes together, whatever became of those', async () => {
      const first = work('ann', 'one');
      const others = [work('ann', 'two'), work('ann', 'three')];
      const bobs = work('bob', 'his');
      expect(begun).to.deep.equal(['one', 'his']);

      ends.get('one')?.fail(new Error('MySQL is unavailable'));
      expect(await messageOf(first)).to.equal('MySQL is unavailable');
      expect(begun).to.deep.equal(['one', 'his', 'two waited', 'three waited']);

      const last = work('ann', 'four');
      ends.get('two')?.keep();
      await others[0];
      expect(begun).to.not.include('four waited');
      ends.get('three')?.keep();
      await others[1];
      ends.get('four')?.keep();
      ends.get('his')?.keep();
      expect(await Promise.all([last, bobs])).to.deep.equal(['four', 'his']);

      const later = work('ann', 'five');
      ends.get('five')?.keep();
      expect(await later).to.equal('five');
    });
  });

  describe('one at a time', () => {
    beforeEach(() => {
      queue = openKeyedQueue({ together: false, waitMs: 60_000 });
    });

    it('goes in the order of asking, whatever became of the earlier', async () => {
      const all = [work('ann', 'one'), work('ann', 'two'), work('ann', 'three'), work('bob', 'his')];
      expect(begun).to.deep.equal(['one', 'his']);
      ends.get('one')?.fail(new Error('refused'));
      expect(await messageOf(all[0] as Promise<string>)).to.equal('refused');
      expect(begun).to.deep.equal(['one', 'his', 'two waited']);
      ends.get('two')?.keep();
      await all[1];
      ends.get('three')?.keep();
      ends.get('his')?.keep();
      expect(await Promise.all(all.slice(1))).to.deep.equal(['two', 'three', 'his']);
    });
  });

  it('that has waited too long is refused and never begun, and those behind it go on', async () => {
    queue = openKeyedQueue({ together: false, waitMs: 5 });
    const stuck = work('ann', 'stuck');
    const refused = work('ann', 'late');
    expect(await messageOf(refused)).to.match(/^UNAVAILABLE/);
    const next = work('ann', 'next');
    ends.get('stuck')?.keep();
    await stuck;
    expect(begun).to.deep.equal(['stuck', 'next waited']);
    ends.get('next')?.keep();
    expect(await next).to.equal('next');
  });
});
