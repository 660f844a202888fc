import { apnsSettings, fcmSettings, type PushSettings } from '../platform/push-settings.ts';
import type { Runtime } from '../platform/runtime.ts';
import { alertedBy, type DeviceType, type PushService, serviceOf } from '../rules/devices.ts';
import { openApns } from './apns.ts';
import { openFcm } from './fcm.ts';
import type { Pusher } from './pusher.ts';

/** The service that alerts devices of this type, opened on first use; null where there is none, or none is set up. */
export function pusherFor(runtime: Runtime, type: DeviceType): Pusher | null {
  const service = serviceOf(type);
  return service === null ? null : runtime.use(openers[service]);
}

/** The types of devices that can be alerted with these settings. */
export function alertableTypes(config: PushSettings): DeviceType[] {
  const services: PushService[] = [];
  if (config.APNS_KEY !== '') services.push('apns');
  if (config.FCM_SERVICE_ACCOUNT !== '') services.push('fcm');
  return alertedBy(services);
}

const openers: Record<PushService, (runtime: Pick<Runtime, 'config'>) => Pusher | null> = {
  apns({ config }) {
    const settings = apnsSettings(config);
    return settings === null ? null : openApns(settings);
  },
  fcm({ config }) {
    const settings = fcmSettings(config);
    return settings === null ? null : openFcm(settings);
  },
};
