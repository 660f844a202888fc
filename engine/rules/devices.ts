/** The kinds of devices that an app runs on, as our texts call them. */
const deviceTypes = { iphone: 'an iPhone', iphone_no_notify: 'an iPhone', android: 'an Android phone' } as const;

export type DeviceType = keyof typeof deviceTypes;

export function readDeviceType(text: string): DeviceType | null {
  return Object.hasOwn(deviceTypes, text) ? (text as DeviceType) : null;
}

/** How our texts call it. */
export function nameDevice(type: DeviceType): string {
  return deviceTypes[type];
}
