import { addToPool, aloneInBuying, poolSize } from '../../db/groups/numbers.ts';
import type { Runtime } from '../platform/runtime.ts';
import { maskPhone } from '../rules/phone.ts';
import { OutOfNumbers } from './numbers.ts';

/**
 * Does `work`, a transaction. If the pool has no number for somebody and AUTO_BUY_NUMBERS is on, buys one at the main
 * carrier and does the work again. Throws OutOfNumbers, with nothing done, if that fails or takes longer than the caller
 * can wait.
 */
export async function withNumbers<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!runtime.config.AUTO_BUY_NUMBERS || !(error instanceof OutOfNumbers) || round > ROUNDS) throw error;
      await growPool(runtime, error);
      if (performance.now() - started > TIMEOUT_MS) throw error;
    }
  }
}

/** A phone that joins several groups in the same instant needs a number for each. */
const ROUNDS = 3;
/** Below the time limit of a request: a call that was answered with an error must not happen after all. */
const TIMEOUT_MS = 2_000;

/** One purchase at a time, and none if the pool has grown since `lack` was thrown. */
async function growPool(runtime: Runtime, lack: OutOfNumbers): Promise<void> {
  const { db, log, carriers, config } = runtime;
  await aloneInBuying(db, async () => {
    if ((await poolSize(db)) > lack.poolSize) return;
    const phone = await carriers.numbers.buy({ country: config.DEFAULT_REGION }).catch((err: unknown) => {
      log.error({ err }, 'the pool was used up and no number could be bought');
      throw lack;
    });
    log.warn({ number: maskPhone(phone) }, 'a number was bought');
    await addToPool(db, { phone, carrier: carriers.main, now: new Date() });
  });
}
