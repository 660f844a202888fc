import type { Runtime } from '../engine/platform/runtime.ts';
import type { PhoneSettings } from '../engine/rules/phone.ts';

/** How phone numbers of calls are read. */
export function phoneSettings({ config }: Runtime): PhoneSettings {
  return { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES };
}
