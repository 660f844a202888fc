import { readClock } from '../../db/clock.ts';
import { isDuplicate, type Tx, transact } from '../../db/connect.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import {
  type Device,
  deleteDevices,
  deleteUnconfirmed,
  findUnconfirmed,
  lockDevice,
  putDevice,
  putUnconfirmed,
  setDeviceType,
} from '../../db/people/devices.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { serviceNumberOf } from '../platform/service-number.ts';
import type { Cause } from '../rules/budgets.ts';
import { type DeviceType, nameDevice } from '../rules/devices.ts';
import { texts } from '../rules/texts.ts';
import { meetPeople } from './forgotten.ts';
import { newCode } from './secrets.ts';
import { countDeviceText } from './throttle.ts';

/**
 * Registers a device. With a session of its phone the device is live at once, and the token leaves its previous owner.
 * Without one it stays silent, and a token that is live elsewhere stays there, until the phone answers our text with YES.
 * A blocked phone gets no text. Throws INVALID_NUMBER for a number of ours, and THROTTLE after too many texts to the
 * phone.
 */
export async function registerDevice(
  runtime: Runtime,
  device: Device,
  { session, address }: { session: { phone: string } | null; address: string },
): Promise<void> {
  if ((await ourNumbersAmong(runtime.db, [device.phone])).size > 0)
    throw new DomainError('INVALID_NUMBER', { subtype: device.phone });
  if (session?.phone === device.phone) return putLive(runtime, device);
  if (await transact(runtime.db, (tx) => isKnown(tx, device))) return;
  const counted = await countDeviceText(runtime, device.phone);
  try {
    if (!(await askPhone(runtime, device, { by: 'stranger', address, refusedWith: 'THROTTLE' })))
      await counted.giveBack();
  } catch (notAsked) {
    await counted.giveBack();
    throw notAsked;
  }
}

/** Releases the phone’s devices of one type; there may be none. */
export async function releaseDevices(runtime: Runtime, devices: { phone: string; type: DeviceType }): Promise<void> {
  await deleteDevices(runtime.db, devices);
}

/** Drops devices that were not confirmed in time. Returns how many. */
export async function dropUnconfirmed(runtime: Runtime): Promise<number> {
  return deleteUnconfirmed(runtime.db, { now: await readClock(runtime.db), limit: 500 });
}

function putLive(runtime: Runtime, device: Device): Promise<void> {
  return decideAgain(async () => {
    try {
      return await transact(runtime.db, (tx) => putDevice(tx, device, new Date()));
    } catch (error) {
      // Another call registered the same token in the same instant: now it can be moved from there.
      if (isDuplicate(error)) return 'stale';
      throw error;
    }
  });
}

/** Apps register at every start: a device that is live or awaits its YES needs no other text. */
async function isKnown(tx: Tx, device: Device): Promise<boolean> {
  const known = await lockDevice(tx, device);
  if (known === undefined) return false;
  const isWaiting = known.confirmUntil !== null && known.confirmUntil.getTime() > Date.now();
  if (known.live !== 1 && !isWaiting) return false;
  await setDeviceType(tx, device);
  return true;
}

/** From the contract. */
const CONFIRM_MS = 30 * 60_000;

/** Returns false if the phone is not asked: it is blocked, or was asked about this device in this very instant. */
async function askPhone(runtime: Runtime, device: Device, cause: Cause): Promise<boolean> {
  const service = await serviceNumberOf(runtime, runtime.db);
  const now = new Date();
  const until = new Date(now.getTime() + CONFIRM_MS);
  const ids = await transact(runtime.db, async (tx) => {
    // Locks the person, so that of many calls at once only the first one asks.
    const person = (await meetPeople(runtime, tx, [device.phone], now)).get(device.phone);
    if (person === undefined || person.blockedAt !== null || (await isKnown(tx, device))) return null;
    const to = [{ personId: person.id, membershipId: null, numberId: service.id }];
    const code = newCode((await findUnconfirmed(tx, { phone: device.phone, now })).map((other) => other.code));
    await putUnconfirmed(tx, { ...device, code, until, now });
    const text = () => texts.askDevice({ device: nameDevice(device.type), code });
    return writeSystemMessages(runtime, tx, {
      cause,
      messages: [{ groupId: null, text, to, urgent: true, asks: { about: 'device', groupId: null, wording: text } }],
      now,
    });
  });
  if (ids === null) return false;
  void startSystemMessages(runtime, ids);
  return true;
}
