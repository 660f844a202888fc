import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Found, Question } from '../support/heavy-requests-process.ts';

/** `npm run test:fuzz` sets FUZZ_REQUESTS to 10,000 and measures CPU; FUZZ_SEED=… repeats a run. */
const long = process.env.FUZZ_REQUESTS;
const runs = Number(long ?? 200);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`${runs} requests as heavy as they can be (FUZZ_SEED=${seed})`, () => {
  it(
    long === undefined
      ? 'take at most ten times as much work where they are four times as long'
      : 'take less than 100 ms of CPU',
    async function () {
      this.timeout(300_000 + runs * 500);
      expect(await ask({ measure: long === undefined ? 'work' : 'cpu', seed, runs })).to.deep.equal({
        made: runs,
        tooHeavy: [],
      });
    },
  );
});

async function ask(question: Question): Promise<Found> {
  const file = fileURLToPath(new URL('../support/heavy-requests-process.ts', import.meta.url));
  // The count of a pattern's steps is a recursion.
  const measuring = fork(file, { execArgv: ['--stack-size=6000', '--import', 'tsx'] });
  try {
    await once(measuring, 'message');
    measuring.send(question);
    const [found] = (await once(measuring, 'message')) as [Found];
    return found;
  } finally {
    measuring.kill();
  }
}
