import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../../db/connect.ts';

/** A step of an operator, who does it again where a busy MySQL did not answer: up to this often. It has to bear that. */
export async function doStep<T>(step: () => Promise<T>, { times = 20, everyMs = 1_000 } = {}): Promise<T> {
  for (let time = 1; ; time++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || time === times) throw error;
      await sleep(everyMs);
    }
  }
}
