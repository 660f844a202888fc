import { clearPause, readPauses, writePause } from '../../db/deliveries/pauses.ts';
import { readHeld } from '../../db/deliveries/sending-holds.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { PAUSE_MS } from '../rules/status.ts';

/**
 * A carrier refuses everything (no credit, account disabled): all sending through it stops, and is tried again every two
 * minutes. The pause is a row, so that every sender knows it and a restart does not forget it.
 */
export async function pauseCarrier(runtime: Runtime, carrier: CarrierName, errorCode: number): Promise<void> {
  const now = new Date();
  await writePause(runtime.db, { carrier, errorCode, now, until: new Date(now.getTime() + PAUSE_MS) });
  runtime.log.error(
    { carrier, errorCode },
    'the carrier refuses all texts: sending pauses, the next try is in two minutes',
  );
}

/** The carrier took a text again. */
export async function resumeCarrier(runtime: Runtime, carrier: CarrierName): Promise<void> {
  if (await clearPause(runtime.db, carrier)) runtime.log.info({ carrier }, 'the carrier takes texts again');
}

/**
 * What holds the texts of a carrier. `waitMs`: milliseconds until sending through it may be tried again, 0 when that moment has
 * come, null when it does not pause; `numberIds`: those of our numbers that an operator holds.
 */
export async function whatHolds(
  runtime: Runtime,
  carrier: CarrierName,
): Promise<{ waitMs: number | null; numberIds: ReadonlySet<number> }> {
  const held = await readHeld(runtime.db, carrier);
  const until = held.find(({ numberId }) => numberId === null)?.until ?? null;
  return {
    waitMs: until === null ? null : Math.max(0, until.getTime() - Date.now()),
    numberIds: new Set(held.flatMap(({ numberId }) => (numberId === null ? [] : [numberId]))),
  };
}

/** Some carrier refuses everything. */
export async function isAnyPaused(runtime: Runtime): Promise<boolean> {
  return (await readPauses(runtime.db)).length > 0;
}
