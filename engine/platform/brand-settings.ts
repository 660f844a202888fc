import { countSegments } from '../rules/segments.ts';
import type { Brand } from '../rules/texts.ts';

const names = ['BRAND', 'SUPPORT_CONTACT', 'TERMS_URL'] as const;
export type BrandSettings = Readonly<Record<(typeof names)[number], string>>;

/** Who texts, as our texts name it. */
export function brandOf(config: BrandSettings): Brand {
  return { name: config.BRAND, support: config.SUPPORT_CONTACT, terms: config.TERMS_URL };
}

/** What is wrong with them, for an operator who starts the program: one other character makes a text cost double. */
export function wrongBrandSettings(config: Partial<Record<string, unknown>>): string[] {
  return names
    .filter((name) => countSegments(String(config[name] ?? '')).encoding !== 'GSM-7')
    .map((name) => `${name} must be written in GSM-7 characters, which cost one place in a text`);
}
