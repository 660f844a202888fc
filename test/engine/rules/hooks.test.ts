import { expect } from 'chai';
import { readHookUrl, restAfterMs, retryAfterMs } from '../../../engine/rules/hooks.ts';

describe('webhooks of apps', () => {
  it('are tried ever more seldom, and never all in the same moment', () => {
    const waits = Array.from({ length: 10 }, (_, at) => retryAfterMs(at + 1, 0));
    expect(waits.slice(0, 3)).to.deep.equal([1_000, 5_000, 30_000]);
    expect(waits).to.deep.equal(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).to.equal(7_200_000);
    expect(retryAfterMs(1, 1)).to.equal(800);
  });

  it('rest where nobody has answered for five times, at most 5 minutes', () => {
    expect([0, 4, 5, 6, 50].map(restAfterMs)).to.deep.equal([0, 0, 2_000, 4_000, 300_000]);
  });

  for (const [text, public_, local] of [
    ['https://example.com/events?a=1', true, true],
    ['http://example.com/', false, true],
    ['ftp://example.com/', false, false],
    ['https://user:pass@example.com/', false, false],
    ['https://example.com/#part', false, false],
    ['https://exa mple.com/', false, false],
    ['example.com', false, false],
    [`https://example.com/${'x'.repeat(1_000)}`, false, false],
  ] as const)
    it(`${public_ ? 'go' : 'do not go'} to ${text.slice(0, 40)}`, () => {
      expect(readHookUrl(text, { mayBeLocal: false }) !== null).to.equal(public_);
      expect(readHookUrl(text, { mayBeLocal: true }) !== null).to.equal(local);
    });
});
