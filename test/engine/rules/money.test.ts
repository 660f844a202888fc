import { expect } from 'chai';
import fc from 'fast-check';
import { costOf, isSuspended } from '../../../engine/rules/money.ts';

const prices = { pricePerSegment: 1, pricePerMms: 3 };

describe('what a delivery costs', () => {
  const rows: [what: string, segments: number, media: number, pennies: number][] = [
    ['a short text', 1, 0, 1],
    ['a text of four segments', 4, 0, 4],
    ['a picture', 1, 1, 3],
    ['ten pictures with a long text', 4, 10, 3],
  ];
  for (const [what, segments, media, pennies] of rows) {
    it(`${what}: ${pennies}`, () => expect(costOf({ segments, media, ...prices })).to.equal(pennies));
  }

  it('is a whole number of pennies that is never negative', () => {
    const count = fc.nat(1_000);
    fc.assert(
      fc.property(count, count, count, count, (segments, media, pricePerSegment, pricePerMms) => {
        const cost = costOf({ segments, media, pricePerSegment, pricePerMms });
        expect(Number.isSafeInteger(cost) && cost >= 0).to.equal(true);
      }),
    );
  });
});

describe('a suspended account', () => {
  const rows: [type: 'F' | 'T' | 'P', balance: number, suspended: boolean][] = [
    ['T', 1, false],
    ['T', 0, true],
    ['T', -5, true],
    ['P', 1, false],
    ['P', 0, true],
    ['P', -5, true],
    ['F', 0, false],
    ['F', -5, false],
  ];
  for (const [type, balance, suspended] of rows) {
    it(`of type ${type} with ${balance} is ${suspended ? '' : 'not '}suspended`, () => {
      expect(isSuspended({ type, balance })).to.equal(suspended);
    });
  }
});
