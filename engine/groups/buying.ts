import {
  addToPool,
  aloneInBuying,
  countOrderedSince,
  findOrdered,
  insertOrdered,
  type OurNumber,
  poolSize,
} from '../../db/groups/numbers.ts';
import { campaignOf } from '../platform/carrier-settings.ts';
import type { Runtime } from '../platform/runtime.ts';
import { maskPhone } from '../rules/phone.ts';
import { OutOfNumbers } from './numbers.ts';

/**
 * Does `work`, a transaction. If the pool has no number for somebody who is added, or whose group is turned on, and
 * AUTO_BUY_NUMBERS is on, buys one at the main carrier and does the work again. Throws OutOfNumbers, with nothing done, if that fails or takes longer than the caller
 * can wait.
 */
export async function withNumbers<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      const mayBuy = runtime.config.AUTO_BUY_NUMBERS && error instanceof OutOfNumbers && error.mayBuy;
      if (!mayBuy || round > ROUNDS) throw error;
      await growPool(runtime, error);
      if (performance.now() - started > TIMEOUT_MS) throw error;
    }
  }
}

/** A phone that joins several groups in the same instant needs a number for each. */
const ROUNDS = 3;
/** Below the time limit of a request: a call that was answered with an error must not happen after all. */
const TIMEOUT_MS = 2_000;

/**
 * One purchase at a time, and none if the pool has grown since `lack` was thrown, or while an order is under way. A
 * number is remembered as soon as it is ordered, because it is paid for then, and handed out when it may text.
 */
async function growPool(runtime: Runtime, lack: OutOfNumbers): Promise<void> {
  const { db, log, carriers, config } = runtime;
  await aloneInBuying(db, async () => {
    if ((await poolSize(db)) > lack.poolSize) return;
    const ordered = await findOrdered(db);
    if (ordered.length > 0) {
      if ((await readyAmong(runtime, ordered)) === 0) throw lack;
      return;
    }
    const limit = await limitReached(runtime, lack.poolSize);
    if (limit !== null) {
      log.error({ limit }, 'the pool was used up and no more numbers may be bought');
      throw lack;
    }
    const { phone, isReady } = await carriers.numbers.buy({ country: config.DEFAULT_REGION }).catch((err: unknown) => {
      log.error({ err }, 'the pool was used up and no number could be bought');
      throw lack;
    });
    const number = { phone, carrier: carriers.main };
    await insertOrdered(db, { ...number, campaign: campaignOf(config, number), now: new Date() });
    log.warn({ bought: maskPhone(phone) }, 'a number was bought');
    if (isReady) await addToPool(db, phone);
    else if ((await readyAmong(runtime, await findOrdered(db))) === 0) throw lack;
  });
}

/** The setting that forbids one more purchase, if any. */
async function limitReached({ db, config }: Runtime, size: number): Promise<string | null> {
  const { AUTO_BUY_POOL: most, AUTO_BUY_PER_DAY: perDay } = config;
  if (most > 0 && size >= most) return 'AUTO_BUY_POOL';
  const today = await countOrderedSince(db, new Date(Date.now() - 86_400_000));
  return perDay > 0 && today >= perDay ? 'AUTO_BUY_PER_DAY' : null;
}

/** Hands out the ordered numbers that have become ready. Returns how many. */
export async function readyOrdered(runtime: Runtime): Promise<number> {
  const ordered = await findOrdered(runtime.db);
  return ordered.length === 0 ? 0 : readyAmong(runtime, ordered);
}

async function readyAmong({ db, log, carriers }: Runtime, ordered: readonly OurNumber[]): Promise<number> {
  let ready = 0;
  for (const { phone, carrier } of ordered) {
    const isReady = await carriers.all
      .get(carrier)
      ?.numbers.makeReady(phone)
      .catch((err: unknown) =>
        log.warn({ err, ordered: maskPhone(phone) }, 'an ordered number could not be looked at'),
      );
    if (isReady !== true) continue;
    await addToPool(db, phone);
    log.info({ ordered: maskPhone(phone) }, 'an ordered number is ready');
    ready += 1;
  }
  return ready;
}
