import { expect } from 'chai';
import { withTimeLimit } from '../../../engine/platform/time-limit.ts';

describe('a time limit', () => {
  const never = () => new Promise<string>(() => undefined);

  it('gives what the work returns in time, and its failure', async () => {
    expect(await withTimeLimit(60_000, Promise.resolve('done'), () => 'late')).to.equal('done');
    const failed = await withTimeLimit(60_000, Promise.reject(new Error('broken')), () => 'late').catch(String);
    expect(failed).to.equal('Error: broken');
  });

  it('gives what stands for the work when its time is over, or throws that', async () => {
    expect(await withTimeLimit(1, never(), () => 'late')).to.equal('late');
    const refuse = () => {
      throw new Error('too late');
    };
    expect(await withTimeLimit(1, never(), refuse).catch(String)).to.equal('Error: too late');
  });

  it('hears nothing of a failure that comes after its time', async () => {
    let fail = (_: Error) => {};
    const work = new Promise<string>((_, reject) => {
      fail = reject;
    });
    expect(await withTimeLimit(1, work, () => 'late')).to.equal('late');
    // Mocha fails a test in which a rejection is nobody's.
    fail(new Error('too late to matter'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
