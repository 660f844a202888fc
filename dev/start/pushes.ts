import { makePushSettings } from '../push-simulator/settings.ts';
import { nextFreePort } from '../stack/port.ts';

type Env = { [name: string]: string | undefined };

/**
 * What `npm start` adds to the environment so that pushes work without Apple and Google: accounts at the simulator,
 * new ones at each start. Null where the caller named a service of their own.
 */
export async function simulatePushes(env: Env): Promise<Env | null> {
  if (env.APNS_KEY || env.APNS_URL || env.FCM_SERVICE_ACCOUNT || env.FCM_URL) return null;
  const apns = await nextFreePort(4200);
  const fcm = await nextFreePort(apns + 1);
  return makePushSettings({ apnsUrl: `http://127.0.0.1:${apns}`, fcmUrl: `http://127.0.0.1:${fcm}` });
}
