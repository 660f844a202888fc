import { expect } from 'chai';
import { openRun, openSendOrder } from '../../../engine/delivery/send-order.ts';

describe('the order of sends in a process', () => {
  const number = 7;
  const sendBy = performance.now() + 600_000;
  const batch = (messageId: number, part: number, to: number[]) => ({
    ...{ messageId, batch: 100 * messageId + part, part, attempt: 1, to },
  });

  async function hasCome({ come }: { come: Promise<unknown> }): Promise<boolean> {
    const soon = new Promise((resolve) => setImmediate(() => resolve('not yet')));
    return (await Promise.race([come.then(() => 'come'), soon])) === 'come';
  }

  for (const [what, first, second] of [
    ['a later message', batch(1, 0, [1, 2]), batch(2, 0, [2, 3])],
    ['a later part, which another job has,', batch(1, 0, [1, 2]), batch(1, 1, [2])],
  ] as const) {
    it(`${what} waits until the earlier one to the same phone has gone`, async () => {
      const order = openSendOrder();
      const earlier = order.join(number, first);
      const later = order.join(number, second);
      expect(await hasCome(later)).to.equal(false);
      earlier.sent();
      expect(await hasCome(later)).to.equal(true);
    });

    it(`${what} goes on where the earlier one did not go`, async () => {
      const order = openSendOrder();
      const earlier = order.join(number, first);
      const later = order.join(number, second);
      earlier.end();
      expect(await hasCome(later)).to.equal(true);
    });
  }

  it('others wait for nobody: an earlier part, another phone, another number', async () => {
    const order = openSendOrder();
    order.join(number, batch(2, 1, [1]));
    expect(await hasCome(order.join(number, batch(2, 0, [1])))).to.equal(true);
    expect(await hasCome(order.join(number, batch(3, 0, [2])))).to.equal(true);
    expect(await hasCome(order.join(number + 1, batch(3, 0, [1])))).to.equal(true);
  });

  describe('of a run, whose batches are claimed together,', () => {
    const run = () => openRun(['1-100', '2-200', '3-300']);

    it('one comes beside those before it, and is clear when these have gone', async () => {
      const [order, mine] = [openSendOrder(), run()];
      const earlier = order.join(number, batch(1, 0, [1]), mine);
      const later = order.join(number, batch(2, 0, [1]), mine);
      expect(await hasCome(later)).to.equal(true);
      expect(await hasCome({ come: later.isClear(sendBy) })).to.equal(false);
      earlier.sent();
      expect(await later.isClear(sendBy)).to.equal(true);
    });

    it('one waits for those before it of no run, and of another', async () => {
      const [order, mine] = [openSendOrder(), openRun(['3-300'])];
      const others = [order.join(number, batch(1, 0, [1])), order.join(number, batch(2, 0, [1]), openRun(['2-200']))];
      const later = order.join(number, batch(3, 0, [1]), mine);
      for (const other of others) {
        expect(await hasCome(later)).to.equal(false);
        other.sent();
      }
      expect(await hasCome(later)).to.equal(true);
    });

    it('one waits for no job that has one of it as well', async () => {
      const [order, mine] = [openSendOrder(), run()];
      order.join(number, batch(1, 0, [1]));
      const earlier = order.join(number, batch(1, 0, [1]), mine);
      const later = order.join(number, batch(2, 0, [1]), mine);
      expect(await hasCome(later)).to.equal(true);
      expect(order.isHere('1-100')).to.equal(true);
      earlier.sent();
      expect(await later.isClear(sendBy)).to.equal(true);
      expect([...order.sent()]).to.deep.equal(['1-100']);
      earlier.end();
      expect(order.isHere('1-100'), 'the job has it still').to.equal(true);
    });

    it('one is not clear where it could not go in time any more', async () => {
      const [order, mine] = [openSendOrder(), run()];
      order.join(number, batch(1, 0, [1]), mine);
      const later = order.join(number, batch(2, 0, [1]), mine);
      expect(await later.isClear(performance.now() + 510)).to.equal(false);
    });

    it('none is clear behind one that did not go', async () => {
      const [order, mine] = [openSendOrder(), run()];
      const earlier = order.join(number, batch(1, 0, [1]), mine);
      const later = order.join(number, batch(2, 0, [1]), mine);
      const last = order.join(number, batch(3, 0, [1]), mine);
      later.end();
      expect(await earlier.isClear(sendBy), 'before it').to.equal(true);
      earlier.sent();
      expect(await last.isClear(sendBy), 'behind it').to.equal(false);
    });
  });
});
