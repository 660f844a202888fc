import { addToPool, aloneInBuying, poolSize } from '../../db/groups/numbers.ts';
import type { Runtime } from '../platform/runtime.ts';
import { maskPhone } from '../rules/phone.ts';
import { OutOfNumbers } from './numbers.ts';

/**
 * Does `work`, a transaction. Where the pool has no number for somebody and AUTO_BUY_NUMBERS is on, one is bought at the
 * main carrier and the work done again; where that cannot be, or takes longer than the caller can wait, OutOfNumbers is thrown
 * and nothing was done.
 */
export async function withNumbers<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!runtime.config.AUTO_BUY_NUMBERS || !(error instanceof OutOfNumbers) || round > ROUNDS) throw error;
      await growPool(runtime, error);
      if (performance.now() - started > PATIENCE_MS) throw error;
    }
  }
}

/** A phone that joins several groups in the same instant needs a number for each. */
const ROUNDS = 3;
/** Below the time limit of a request: what was answered with an error must not happen after all. */
const PATIENCE_MS = 2_000;

/** One purchase at a time, and none where somebody else's has come since: `lack` says how large the pool was. */
async function growPool(runtime: Runtime, lack: OutOfNumbers): Promise<void> {
  const { db, log, carriers, config } = runtime;
  await aloneInBuying(db, async () => {
    if ((await poolSize(db)) > lack.poolSize) return;
    const phone = await carriers.numbers.buy({ country: config.DEFAULT_REGION }).catch((err: unknown) => {
      log.error({ err }, 'the pool is used up and no number could be bought');
      throw lack;
    });
    log.warn({ number: maskPhone(phone) }, 'a number was bought');
    await addToPool(db, { phone, carrier: carriers.main, now: new Date() });
  });
}
