import type { Desk, Taken } from '../../dev/push-simulator/desk.ts';
import { until } from './rows.ts';
import { openSid } from './session.ts';
import type { World } from './world.ts';

/** A member who wants pushes, with these devices: by the API, as their app would do it. Returns the tokens. */
export async function wantPushes(
  world: World,
  { phone, number, types }: { phone: string; number: string; types: readonly string[] },
): Promise<string[]> {
  const sid = await openSid(world, phone);
  const { body } = await world.call('/member/set', { sid, group: number, sms: 2 });
  if (body.status !== 'OK') throw new Error(`sms=2 was refused: ${JSON.stringify(body)}`);
  return Promise.all(types.map((type, at) => addDevice(world, { sid, phone, type, token: `${type}-${phone}-${at}` })));
}

async function addDevice(
  world: World,
  { token, phone, ...device }: { sid: string; phone: string; type: string; token: string },
): Promise<string> {
  const { body } = await world.call('/device/register', { ...device, number: phone, token });
  if (body.status !== 'OK') throw new Error(`the device was refused: ${JSON.stringify(body)}`);
  return token;
}

export function pushesTo(desk: Desk, token: string | undefined): Taken[] {
  return desk.taken.filter((push) => push.token === token);
}

/** Waits until a device has had `count` pushes. */
export function pushed(desk: Desk, token: string | undefined, count = 1): Promise<Taken[]> {
  return until(`${count} pushes to ${token}`, async () => {
    const seen = pushesTo(desk, token);
    return seen.length >= count && seen;
  });
}
