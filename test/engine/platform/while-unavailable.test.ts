import { expect } from 'chai';
import { DatabaseUnavailable } from '../../../db/connect.ts';
import { whileUnavailable } from '../../../engine/platform/while-unavailable.ts';

describe('work that needs MySQL', () => {
  const goesOn = new AbortController().signal;

  /** Fails so often with this error. */
  function failing(times: number, error: Error) {
    let made = 0;
    return {
      made: () => made,
      async work() {
        made += 1;
        if (made <= times) throw error;
      },
    };
  }

  it('is done again until MySQL is back', async () => {
    const { work, made } = failing(3, new DatabaseUnavailable('gone'));
    await whileUnavailable(work, { stopping: goesOn });
    expect(made()).to.equal(4);
  });

  it('fails at once with any other error', async () => {
    const { work, made } = failing(1, new Error('of its own'));
    expect(await reasonOf(whileUnavailable(work, { stopping: goesOn }))).to.equal('of its own');
    expect(made()).to.equal(1);
  });

  it('fails once its patience is over', async () => {
    const { work, made } = failing(Number.POSITIVE_INFINITY, new DatabaseUnavailable('gone for long'));
    expect(await reasonOf(whileUnavailable(work, { stopping: goesOn, patienceMs: 0 }))).to.equal('gone for long');
    expect(made()).to.be.at.most(2);
  });

  it('lets go at once when its process stops', async () => {
    const stopping = new AbortController();
    const { work, made } = failing(Number.POSITIVE_INFINITY, new DatabaseUnavailable('gone'));
    const waiting = reasonOf(whileUnavailable(work, { stopping: stopping.signal }));
    stopping.abort();
    expect(await waiting).to.equal('gone');
    expect(made()).to.equal(1);
  });
});

async function reasonOf(ends: Promise<unknown>): Promise<string> {
  return ends.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}
