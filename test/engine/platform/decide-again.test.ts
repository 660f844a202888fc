import { expect } from 'chai';
import { decideAgain } from '../../../engine/platform/decide-again.ts';

describe('a decision', () => {
  it('is made again while what it was made on has changed', async () => {
    let tries = 0;
    const done = await decideAgain(async () => (++tries < 3 ? 'stale' : `done at try ${tries}`));
    expect(done).to.equal('done at try 3');
  });

  it('that is always stale ends: with what the caller has for it, or refused for now', async () => {
    let tries = 0;
    async function attempt(): Promise<'stale' | 'done' | 'given up'> {
      tries += 1;
      return 'stale';
    }
    expect(await decideAgain(attempt, () => 'given up')).to.equal('given up');
    expect(tries).to.equal(20);
    expect(await decideAgain(attempt).catch(String)).to.match(/UNAVAILABLE/);
  });

  it('that fails is not made again', async () => {
    let tries = 0;
    const failing = async () => {
      tries += 1;
      throw new Error('refused');
    };
    expect(await decideAgain(failing).catch(String)).to.equal('Error: refused');
    expect(tries).to.equal(1);
  });
});
