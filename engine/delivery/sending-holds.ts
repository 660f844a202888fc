import { findHeldNumbers } from '../../db/deliveries/sending-holds.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { freeNumber, holdNumber } from './fair-queue.ts';

/**
 * Keeps the numbers that an operator holds out of the fair queue's turns: their texts stay in line, in their order. Each time
 * for some seconds from now, so that nothing is held for ever where nobody is left to end it; a number that is held no more is
 * free at once. A sender that meets a text of such a number puts it back in line. Returns how many numbers are held.
 */
export async function keepHolds(runtime: Runtime): Promise<number> {
  const known = runtime.use(openKnown);
  const held = new Map((await findHeldNumbers(runtime.db)).map(({ numberId, carrier }) => [numberId, carrier]));
  for (const [numberId, carrier] of held) await holdForNow(runtime, { carrier, numberId });
  const ended = [...known].filter(([numberId]) => !held.has(numberId));
  for (const [numberId, carrier] of ended) await freeNumber(runtime, { carrier, numberId });
  for (const [numberId] of ended) known.delete(numberId);
  for (const [numberId, carrier] of held) known.set(numberId, carrier);
  return held.size;
}

/** For longer than anybody may reserve ahead, or the slots after it would be handed out. */
export async function holdForNow(
  { redis, config }: Pick<Runtime, 'redis' | 'config'>,
  of: { carrier: CarrierName; numberId: number },
): Promise<void> {
  await holdNumber({ redis, config }, { ...of, untilMs: Date.now() + config.HORIZON_SECONDS * 1_000 + SPARE_MS });
}
const SPARE_MS = 5_000;

/** The numbers that this process has held. */
function openKnown(): Map<number, CarrierName> {
  return new Map();
}
