import { expect } from 'chai';
import { openSendOrder } from '../../../engine/delivery/send-order.ts';

describe('the order of sends in a process', () => {
  const number = 7;
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
});
