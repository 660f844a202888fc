import { expect } from 'chai';
import { classOf as classAtCarrier } from '../../../dev/simulator/number-class.ts';
import { classOf } from '../../../engine/rules/number-class.ts';

describe('the class of a number', () => {
  const tollFree = ['800', '833', '844', '855', '866', '877', '888'].map((area) => `+1${area}5550100`);
  const rows = {
    tollfree: tollFree,
    short: ['12345', '123456'],
    // 822 and 880 are no toll-free codes, and +44 800 is no number of the North American plan.
    long: ['+12015550100', '+18225550100', '+18805550100', '+448005550100', '+18005550', '1234', '1234567'],
  } as const;
  for (const [wanted, numbers] of Object.entries(rows)) {
    it(`is ${wanted} by its digits`, () => {
      for (const number of numbers) expect(classOf(number), number).to.equal(wanted);
    });
  }

  it('is the same to the carrier, which knows no rule of ours', () => {
    const real = [...tollFree, ...rows.short, '+12015550100', '+18225550100', '+448005550100'];
    for (const number of real) expect(classAtCarrier(number), number).to.equal(classOf(number));
  });
});
