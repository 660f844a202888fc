import type { Db } from '../../db/connect.ts';
import {
  oldestUnclaimed,
  oldestUnwritten,
  oldestWaiting,
  type Sendable,
  type SlotWait,
  type TextClass,
} from '../../db/deliveries/sendable.ts';
import { findHeldNumbers } from '../../db/deliveries/sending-holds.ts';
import type { Runtime } from '../platform/runtime.ts';
import { singleFlight } from '../platform/single-flight.ts';
import { freeForMs } from './fair-queue.ts';
import { hasLimit, paceOf } from './pace.ts';

/** Of each class, for how many milliseconds its oldest text could have been sent and was not: 0 where none could. */
export type OldestSendable = { read(): Promise<Record<TextClass, number>> };

/**
 * For `runtime.use`. What could be sent: a message whose deliveries are not written yet, a text whose slot has passed, and
 * one that waits for a slot of a number that has one to give. What waits for its turn within the limits, for a backoff, or
 * for a carrier that is paused is not. Looked up at most once in `LOOK_EVERY_MS`; throws `DatabaseUnavailable`.
 */
export function openOldestSendable(runtime: Runtime): OldestSendable {
  return watchSendable(runtime);
}

/** The same over other connections than those of the runtime. */
export function watchSendable(from: Watched): OldestSendable {
  let known: { ages: Record<TextClass, number>; at: number } | null = null;
  const look = singleFlight(async () => {
    const ages = await oldest(from);
    known = { ages, at: performance.now() };
    return ages;
  });
  return {
    read: async () => (known !== null && performance.now() - known.at < LOOK_EVERY_MS ? known.ages : look()),
  };
}

const LOOK_EVERY_MS = 5_000;
type Watched = Pick<Runtime, 'config' | 'db' | 'redis' | 'campaignPaces'>;

async function oldest(from: Watched): Promise<Record<TextClass, number>> {
  const found = [
    ...(await oldestUnwritten(from.db)),
    ...(await oldestUnclaimed(from.db)),
    ...(await haveSlots(from, await notHeld(from.db, await oldestWaiting(from.db)))),
  ];
  const ages = { message: 0, system_message: 0, pin: 0 };
  for (const { class: of, ageMs } of found) ages[of] = Math.max(ages[of], Number(ageMs));
  return ages;
}

/** What an operator holds waits rightly. */
async function notHeld(db: Db, waits: readonly SlotWait[]): Promise<readonly SlotWait[]> {
  const held = new Set((await findHeldNumbers(db)).map(({ numberId }) => numberId));
  return waits.filter(({ numberId }) => !held.has(numberId));
}

/** Since when those that wait for a slot could have had one. While Redis is unavailable all could: nothing goes out then. */
async function haveSlots({ config, redis, campaignPaces }: Watched, waits: readonly SlotWait[]): Promise<Sendable[]> {
  const pace = paceOf(config, await campaignPaces());
  if (!hasLimit(pace)) return [...waits];
  const by = { pace, horizonMs: config.HORIZON_SECONDS * 1_000 };
  return Promise.all(
    waits.map(async (wait) => {
      const { carrier, numberId, isMms } = wait;
      const free = await freeForMs({ redis, config }, { ...by, carrier, numberId, isMms: isMms === 1 }).catch(
        () => Number.POSITIVE_INFINITY,
      );
      return { ...wait, ageMs: Math.max(0, Math.min(Number(wait.ageMs), free)) };
    }),
  );
}
