import { words } from './words.ts';

/** The kinds of devices that an app runs on, and by which service they can be alerted. */
const deviceTypes = {
  iphone: { alertedBy: 'apns' },
  iphone_no_notify: { alertedBy: null },
  android: { alertedBy: 'fcm' },
} as const satisfies Record<string, { alertedBy: PushService | null }>;

export type DeviceType = keyof typeof deviceTypes;
/** As the database, the API and the reference name them. */
export const deviceTypeNames = Object.keys(deviceTypes) as readonly DeviceType[];

/** Apple's and Google's. */
export type PushService = 'apns' | 'fcm';

export function readDeviceType(text: string): DeviceType | null {
  return deviceTypeNames.find((type) => type === text) ?? null;
}

/** How our texts call it. */
export function nameDevice(type: DeviceType): string {
  return words().devices[type];
}

/** Null where it gets no alerts. */
export function serviceOf(type: DeviceType): PushService | null {
  return deviceTypes[type].alertedBy;
}

/** The kinds of devices that these services can alert. */
export function alertedBy(services: readonly PushService[]): DeviceType[] {
  return deviceTypeNames.filter((type) => services.some((service) => service === serviceOf(type)));
}
