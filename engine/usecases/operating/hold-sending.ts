import type { Sql } from '../../../db/connect.ts';
import { BY_OPERATOR, endPause, writePause } from '../../../db/deliveries/pauses.ts';
import { addHold, endHold, listHolds, type SendingHold } from '../../../db/deliveries/sending-holds.ts';
import { findNumberSettings, listNumbers } from '../../../db/groups/number-settings.ts';
import { type CarrierName, carrierNames } from '../../rules/carriers.ts';

/** What an operator can hold: all texts through a carrier, from a number, or from the numbers of a campaign. */
export type Holdable = { kind: 'carrier'; name: CarrierName } | Pick<SendingHold, 'kind' | 'name'>;

/** Holds it until `resumeSending`. False where an operator holds it already. */
export async function pauseSending(sql: Sql, what: Holdable, now: Date): Promise<boolean> {
  if (what.kind !== 'carrier') return addHold(sql, { ...what, since: now });
  await writePause(sql, { carrier: what.name, errorCode: BY_OPERATOR, now, until: UNTIL_RESUMED });
  return true;
}

/** Ends a pause, whatever began it. False where it does not pause. */
export async function resumeSending(sql: Sql, what: Holdable): Promise<boolean> {
  return what.kind === 'carrier' ? endPause(sql, what.name) : endHold(sql, what);
}

/** Later than any try. */
export const UNTIL_RESUMED = new Date(Date.UTC(9999, 0, 1));

/** What has this name; null where nothing of ours has. A campaign that has no number left can still be resumed. */
export async function findHoldable(sql: Sql, { kind, name }: { kind: string; name: string }): Promise<Holdable | null> {
  if (kind === 'carrier') {
    const carrier = carrierNames.find((one) => one === name);
    return carrier === undefined ? null : { kind, name: carrier };
  }
  if (kind === 'number') return (await findNumberSettings(sql, name)) === undefined ? null : { kind, name };
  if (kind !== 'campaign') return null;
  const held = (await listHolds(sql)).filter((hold) => hold.kind === 'campaign').map((hold) => hold.name);
  const known = [...(await listNumbers(sql)).map(({ campaign }) => campaign), ...held];
  return known.includes(name) ? { kind, name } : null;
}

/** The carriers that have a number of ours. */
export async function carriersInUse(sql: Sql): Promise<Set<CarrierName>> {
  return new Set((await listNumbers(sql)).map(({ carrier }) => carrier));
}
