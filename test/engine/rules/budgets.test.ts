import { expect } from 'chai';
import { type FirstText, limitsOf, networkOf, prefixOf, takeFirstTexts } from '../../../engine/rules/budgets.ts';

const settings = {
  FIRST_TEXTS_PER_PHONE: 3,
  FIRST_TEXTS_PER_ADDRESS: 30,
  FIRST_TEXTS_PER_MEMBER: 250,
  FIRST_TEXTS_PER_PREFIX: 100,
  FIRST_TEXTS_PER_HOUR: 1_000,
};
const HOUR = 3_600_000;
const now = 1_000 * HOUR;

describe('the budgets of first texts', () => {
  it('hold what the settings say: ten a month to a phone, four times as much for a /48 and for who is not on trial', () => {
    const trial = limitsOf(settings, { isTrial: true });
    expect(trial).to.deep.equal({
      ...{ phone: 3, phoneMonth: 10, address: 30, network: 120, member: 250, prefix: 100, hour: 1_000 },
    });
    expect(limitsOf(settings, { isTrial: false }).member).to.equal(1_000);
    expect(limitsOf({ ...settings, FIRST_TEXTS_PER_PHONE: 20 }, { isTrial: true }).phoneMonth).to.equal(20);
    const none = limitsOf({ ...settings, FIRST_TEXTS_PER_PHONE: 0 }, { isTrial: true });
    expect([none.phone, none.phoneMonth]).to.deep.equal([0, 0]);
  });

  it('take a text from all of its budgets or from none, and say when there is room', () => {
    const to = (phone: string): FirstText => ({
      subjects: { phone, phoneMonth: phone, address: 'a', network: null, member: null, prefix: 'p', hour: 'all' },
      limits: { ...limitsOf(settings, { isTrial: true }), phone: 1, address: 2 },
    });
    const verdicts = takeFirstTexts([to('Ann'), to('Ann'), to('Bob'), to('Cid')], () => undefined, now);
    expect(verdicts).to.deep.equal([
      null,
      { budget: 'phone', roomAt: now + 24 * HOUR },
      null,
      { budget: 'address', roomAt: now + HOUR },
    ]);
    const taken = { count: 2, oldest: now - HOUR / 2 };
    const [later] = takeFirstTexts([to('Dee')], (budget) => (budget === 'address' ? taken : undefined), now);
    expect(later).to.deep.equal({ budget: 'address', roomAt: now + HOUR / 2 });
  });

  it('know no limit where one is 0', () => {
    const text: FirstText = {
      subjects: { phone: 'Ann', phoneMonth: 'Ann', address: 'a', network: 'n', member: null, prefix: 'p', hour: 'all' },
      limits: { phone: 0, phoneMonth: 0, address: 0, network: 0, member: 0, prefix: 0, hour: 0 },
    };
    expect(takeFirstTexts([text, text], () => ({ count: 1e9, oldest: now }), now)).to.deep.equal([null, null]);
  });

  it('count a phone’s neighbours by its prefix, and the /64s of one /48 together', () => {
    expect(prefixOf('+12125551234')).to.equal('+1212555');
    expect(networkOf('2001:db8:1:2::/64')).to.equal('2001:db8:1::/48');
    expect(networkOf('10.0.0.1')).to.equal(null);
  });
});
